"""Runs that share their past: dated events act from their date on, and going on from a saved past changes no byte."""

import pyarrow.parquet as pq
import pytest

from conftest import play, same
from sim.command.preflight import parse
from sim.market import Market
from sim.runs import past, work
from sim.runs.nights import part_of
from sim.runs.plan import make_plan, write_plan
from sim.runs.run import simulate
from sim.runs.store import Journals
from sim.studies import needs
from sim.world.draws import replicate_seed

SMALL = ["scale=0.05", "nights=40", "warmup=5", "seed=3"]
PRESENCE = "police.calendar=[{{kind:presence,from:'2023-02-01',nights:{nights},corridors:[rs_hu]}}]"
TWO = "design=[{arm:a},{arm:b,police.calendar:[{kind:presence,from:'2023-02-01'}]}]"
# What begins on night 31 (1 February 2023), as overrides of the status quo.
EVENTS = (
    PRESENCE.format(nights=4),
    "police.calendar=[{kind:operation,from:'2023-02-01',nights:3}]",
    "police.calendar=[{kind:patrols,from:'2023-02-01',strength:0.5}]",
    "police.calendar=[{kind:joint_work,from:'2023-02-01',nights:9}]",
    "police.calendar=[{kind:visas,from:'2023-02-01',nationality:A,strength:0.1}]",
    "police.calendar=[{kind:camps,from:'2023-02-01',nights:5}]",
    "police.operations=[{date:'2023-02-01'}]",
    "police.crackdown_from=2023-02-01 police.crackdown_nights=9",
    "police.joint_work_from=2023-02-01",
    "police.release_date=2023-02-01",
    "camps.closures=[{camp:C01,date:'2023-02-01'}]",
    "migrants.shocks=[{date:'2023-02-01',nights:7,factor:0.2}]",
)


def plan_of(*words):
    return make_plan(parse(["scenario=status_quo", *SMALL, *words]), needs)


def sweep(folder, arms, *words):
    """A plan of some arms, each given by overrides, played into a folder."""
    rows = ",".join("{" + ",".join([f"arm:a{k}", *arm]) + "}" for k, arm in enumerate(arms))
    plan = plan_of(f"design=[{rows}]", "replicates=2", *words)
    work.work(folder, write_plan(plan, folder).name, 0, len(plan.points), "launch", 1)
    return plan


ARMS = [(), ("police.calendar:[{kind:presence,from:'2023-02-01',nights:4}]",),
        ("police.calendar:[{kind:operation,from:'2023-02-03',nights:3,corridors:[rs_hu]}]",)]


@pytest.mark.parametrize("event", EVENTS)
def test_what_is_dated_does_nothing_before_its_date(event):
    usual, changed = (play("status_quo", *SMALL, *words.split()).record() for words in ("", event))
    for name, column in usual.nights.items():
        assert column[:31].tobytes() == changed.nights[name][:31].tobytes(), name


@pytest.mark.parametrize("event", EVENTS)
def test_runs_that_differ_in_a_dated_event_share_the_nights_before_it(event):
    point = plan_of("police.patrols=80").points[0]
    found = past.pasts([point, point._replace(values=values_of(event), identity="other")])
    assert {p.until for p in found.values()} == {31} and len(found) == 2 and len(set(found.values())) == 1


def values_of(event: str) -> dict:
    """Values by key of overrides without dots in nested records."""
    return {override.key_or_group: override.value() for override in parse(event.split())}


def test_points_that_differ_in_what_lasts_share_no_past():
    grid = plan_of("police.patrols=40,80", PRESENCE.format(nights=4)).points
    assert past.pasts(grid) == {}
    both = plan_of("police.patrols=40,80", TWO)
    found = past.pasts(both.points)
    assert len(found) == 4 and len({p.identity for p in found.values()}) == 2


def test_how_long_a_past_is_depends_on_the_warm_up_of_its_own_points():
    found = past.pasts(plan_of("warmup=1,40", TWO.replace("2023-02-01", "2023-01-25")).points)
    assert {p.until for p in found.values()} == {24} and len(found) == 2  # after a warm-up of 40 nights alone


def test_a_short_past_is_not_worth_saving():
    arms = "design=[{arm:a},{arm:b,police.calendar:[{kind:presence,from:'2023-01-02'}]}]"
    assert past.pasts(plan_of(arms).points) == {}


def outcomes(run) -> dict[str, str]:
    """All digits of every outcome of a run."""
    return {name: float(value).hex() for name, value in run.items() if name not in ("seed", "nights")}


def test_runs_that_share_a_past_are_those_played_from_the_start(tmp_path, monkeypatch):
    stepped, step = [], Market.step
    monkeypatch.setattr(Market, "step", lambda market: (stepped.append(market.night), step(market))[1])
    plan = sweep(tmp_path, ARMS, "analysis=crackdown")
    assert len(stepped) == 2 * (45 + 2 * 9)  # a seed's first run from night −5, two further ones from night 31
    monkeypatch.undo()
    runs = Journals(tmp_path, plan.tables).refresh().runs
    for point, k in plan.runs:
        alone = simulate(point.parameters, replicate_seed(3, k))
        assert outcomes(runs[point.identity, k]) == outcomes(alone.run)
        kept = pq.read_table(part_of(tmp_path, point.identity, k))
        for name in ("people", "attempts", "price_mean", "presence_rs_hu"):
            assert kept[name].to_numpy().tobytes() == alone.nights[name].astype(kept[name].to_numpy().dtype).tobytes()


@pytest.mark.long
def test_a_takeover_shares_the_nights_before_the_first_approach(tmp_path):
    arms = [("organisation.takeover:0.0",), ("organisation.takeover:0.5",),
            ("organisation.takeover:0.5", "organisation.structure:truce")]
    plan = sweep(tmp_path, arms, "scenarios=[takeover]", "reference=null", "organisation.takeover_from=2023-02-01")
    assert {p.until for p in past.pasts(plan.points).values()} == {31}
    runs = Journals(tmp_path).refresh().runs
    for point, k in plan.runs:
        alone = simulate(point.parameters, replicate_seed(3, k))
        assert outcomes(runs[point.identity, k]) == outcomes(alone.run)


def test_a_damaged_past_is_played_again(tmp_path):
    point = plan_of(TWO).points[1]
    kept = past.Kept(tmp_path, past.Past("x" * 64, 31), 0)
    whole = simulate(point.parameters, 5, past=kept)
    assert kept.file.exists()
    same(whole, simulate(point.parameters, 5, past=kept))
    content = kept.file.read_bytes()
    for damaged in (content[:5000], content[:3000] + b"garbage" + content[3007:], b""):
        kept.file.write_bytes(damaged)
        same(whole, simulate(point.parameters, 5, past=kept))
