"""The experiment `takeover`: its ends are known worlds, nothing happens before its date, and its estimates."""


import numpy as np
import pytest

from conftest import analysed, play, read_csv
from sim.command.preflight import parse
from sim.registry.parameters import ConfigurationError
from sim.runs.plan import make_plan
from sim.studies import analyse, findings_of, needs
from sim.studies.takeover.study import KEYS, SERIES, VIOLENCE, Arm, transition

EQUAL = ("organisation.structure=truce", "gangs.large_share=0", "organisation.affine=all",
         "organisation.other_affinity=1", "organisation.takeover_from=2023-01-15")  # night 14


def end(control: float, takeover: float = 0.0, defection: float = 0.0):
    """The record of a small run of one arm."""
    return play("takeover", *EQUAL, f"organisation.control={control}", f"organisation.takeover={takeover}",
                f"organisation.defection={defection}").record()


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A tiny real study: the ends and one fast path, two replicates."""
    arms = [(0.0, "truce", 0.0, 0.0), (0.0, "truce", 0.2, 0.01), (1.0, "truce", 0.0, 0.0)]
    names = ("control", "structure", "takeover", "defection")
    design = ",".join("{" + ",".join(f"organisation.{n}:{v}" for n, v in zip(names, arm)) + "}" for arm in arms)
    return analysed(tmp_path_factory.mktemp("takeover"), "takeover", "+experiment=takeover", "scale=0.1", "nights=70",
                    "warmup=10", "replicates=2", "gangs.entry=0",  # newcomers are independent
                    "organisation.takeover_from=2023-01-15", f"design=[{design}]")


def rows(folder, name="takeover.csv"):
    return read_csv(folder / name)


# the arms ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("control, words", [(0.0, ["fragmented"]),
                                            (1.0, ["centralised", "organisation.structure=truce"])])
def test_the_ends_are_known_worlds_to_the_byte(control, words):
    found, known = end(control), play(*words).record()
    assert repr(found.run) == repr(known.run)
    assert all(found.nights[name].tobytes() == known.nights[name].tobytes() for name in known.nights)


def test_before_its_date_a_takeover_is_rival_groups_to_the_last_bit():
    rivals, fast = end(0.0), end(0.0, 1.0)
    assert fast.run["takeovers"] > 0
    for name, column in rivals.nights.items():
        assert column[:14].tobytes() == fast.nights[name][:14].tobytes(), name
    assert not fast.nights["controlled"][:14].any() and fast.nights["controlled"][-1] > 0


@pytest.mark.long
def test_where_more_is_asked_than_membership_brings_and_no_money_makes_up_for_it_nobody_joins():
    asked = play("takeover", *EQUAL, "organisation.structure=merger", "organisation.takeover=1",
                 "organisation.backing=0").record()
    assert asked.run["takeovers"] == 0


def test_the_experiment_has_both_ends_three_speeds_and_terms():
    plan = make_plan(parse(["+experiment=takeover"]), needs)
    arms = [Arm(*(p.values[key] for key in KEYS)) for p in plan.points]
    assert len(set(arms)) == len(arms) == 8 and plan.nights
    assert {arm.name for arm in arms} > {"rival groups", "one organisation from the start"}
    assert len({arm.takeover for arm in arms if arm.structure == "truce" and arm.takeover}) == 3
    assert {arm.defection for arm in arms if arm.structure == "merger"} == {0.0, 0.002, 0.02}
    alone = make_plan(parse(plan.command(plan.points[3]).split()[3:]), needs)  # what is printed where a point fails
    assert [p.identity for p in alone.points] == [plan.points[3].identity]


# the estimates -----------------------------------------------------------------------------------------------------
def test_a_planted_transition_is_recovered():
    """Three weeks of +7 a week, then −1 a week; in the long run −2 a week."""
    weeks = np.arange(40)
    a_week = np.where(weeks < 3, 7.0, -1.0)
    summed = a_week.cumsum() + np.array([[-0.5], [0.5], [0.0]])
    whole = np.full((3, 40), -2.0).cumsum(axis=1)
    found = transition(weeks, summed, whole, 280)
    assert found.week == 2 and found.cost.mean() == pytest.approx(21) and found.even == 23
    assert found.year == pytest.approx([-104.0] * 3) and found.verdict == "less"
    assert transition(weeks, 10 * summed, whole, 280).verdict == "more"
    assert transition(weeks, summed, -whole, 280).verdict == "no long-run fall"


def test_a_path_that_never_costs_anything_is_even_at_once():
    summed = np.full((2, 20), -1.0).cumsum(axis=1)
    found = transition(np.arange(20), summed, summed, 140)
    assert not found.cost.any() and found.even == 0


@pytest.mark.long
def test_every_arm_and_series_is_told(folder):
    told = rows(folder)
    assert {(r["arm"], r["series"]) for r in told} == {(a, s.name) for a in (
        "rival groups", "takeover 0.2, nothing asked", "one organisation from the start") for s in SERIES}
    by = {(r["arm"], r["series"]): r for r in told}
    assert {float(r["difference"]) for r in told if r["arm"] == "rival groups"} == {0.0}
    assert float(by["rival groups", "controlled"]["mean"]) == 0
    assert 0 < float(by["takeover 0.2, nothing asked", "controlled"]["mean"]) <= 1
    assert float(by["one organisation from the start", "controlled"]["mean"]) == 1
    deaths = sum(float(by["rival groups", f"deaths_{who}"]["mean"]) for who in
                 ("authorities", "groups", "clashes", "environment"))
    assert float(by["rival groups", "deaths"]["mean"]) == pytest.approx(deaths)


@pytest.mark.long
def test_the_path_starts_at_nothing_and_every_violence_is_weighed(folder):
    path = [r for r in rows(folder, "takeover_path.csv") if r["arm"].startswith("takeover")]
    assert {float(r["controlled"]) for r in path if int(r["week"]) < 0} == {0.0}
    assert float(path[-1]["controlled"]) > 0.3
    assert [r["series"] for r in rows(folder, "takeover_transition.csv")] == list(VIOLENCE)
    for name in ("takeover.png", "takeover.pdf", "takeover_terms.png", "captions.md"):
        assert (folder / "figures" / name).stat().st_size > 500


@pytest.mark.long
def test_tables_hold_the_numbers_of_the_csv_files(folder):
    tables, path = findings_of("takeover", folder).tables, "takeover 0.2, nothing asked"
    by = {r["series"]: r for r in rows(folder) if r["arm"] == path}
    for name, field in (("levels", "mean"), ("differences", "difference")):
        place = tables[name].head.index(path)
        cells = [line[place] for line in tables[name].rows]
        assert [cell.value for cell in cells] == [float(by[series.name][field]) for series in SERIES]
    assert tables["differences"].head == ("", *tables["levels"].head[2:])
    weeks = {(r["arm"], f"week {r['week']}"): float(r["controlled"]) for r in rows(folder, "takeover_path.csv")}
    assert tables["path"].head == ("arm", "week 0") and len(tables["path"].rows) == 3
    assert all(line[1].value == weeks[line[0], "week 0"] for line in tables["path"].rows)
    costs = [(line[1], line[2].value, line[-1]) for line in tables["transition"].rows]
    assert costs == [(r["arm"], float(r["cost"]), r["verdict"]) for r in rows(folder, "takeover_transition.csv")]


@pytest.mark.long
def test_a_study_without_an_end_or_a_start_is_one_line(folder, tmp_path):
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    table = pq.read_table(folder / "nights.parquet")
    pq.write_table(table.filter(pc.equal(table["organisation.control"], 0.0)), tmp_path / "nights.parquet")
    plan = next(folder.glob("plan-*.json"))
    (tmp_path / plan.name).write_bytes(plan.read_bytes())
    with pytest.raises(ConfigurationError, match=r"is needed at .*control 0 and 1"):
        analyse("takeover", tmp_path)
    pq.write_table(table, tmp_path / "nights.parquet")
    (tmp_path / plan.name).write_text(plan.read_text().replace('"2023-01-15"', "null"))
    with pytest.raises(ConfigurationError, match="no start to count weeks from"):
        analyse("takeover", tmp_path)
