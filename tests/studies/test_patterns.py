"""The pattern scorecard: laws of scoring, what is declared, and results read from folders."""

import csv
import math
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import compared, play
from sim.__main__ import main
from sim.command.preflight import parse
from sim.findings import markdown, terminal
from sim.registry import series
from sim.registry.claims import load
from sim.registry.configuration import compose_all
from sim.registry.files import read_rows
from sim.registry.outcomes import outcomes
from sim.registry.parameters import ConfigurationError, flatten, registry
from sim.runs.plan import make_plan, write_plan
from sim.runs.work import work
from sim.statistics.student import achieved_half_width
from sim.studies import needs
from sim.studies.patterns.compare import TAKES, WAYS, Value, over
from sim.studies.patterns.declared import (
    KINDS,
    STATUSES,
    Arm,
    Pattern,
    arms,
    conflicts,
    patterns,
    registered,
    values,
    wanted,
)
from sim.studies.patterns.measures import MEASURES, WINDOWS, measured
from sim.studies.patterns.score import ABSENT, DISAGREE, FAIL, OPEN, PASS, counted, judge, score
from sim.studies.patterns.simulated import Run, Runs
from sim.studies.patterns.study import rounds
from sim.studies.patterns.tables import present

TINY = ["scale=0.05", "nights=28", "warmup=2", "replicates=2", "workers=1"]
each = pytest.mark.parametrize("pattern", patterns(), ids=lambda pattern: pattern.id)
numbers = st.floats(-1e3, 1e3).map(lambda x: round(x, 3))
pairs = st.lists(numbers, min_size=2, max_size=2).map(sorted)
kinds = st.sampled_from(KINDS)


def fact(low, high, kind="level", **more) -> Pattern:
    """A made-up pattern."""
    row = {"id": "x", "label": "x", "source": "F1", "status": "reported", "kind": kind, "measure": "price_mean",
           "arms": ("base",), "unit": "EUR", "interval": (low, high), "basis": "x"}
    return Pattern(**{**row, **more})


# scoring -----------------------------------------------------------------------------------------------------------
@given(st.lists(numbers, min_size=4, max_size=4).map(sorted), pairs, kinds)
def test_a_narrower_interval_never_turns_fail_into_pass_or_pass_into_fail(ends, bounds, kind):
    a, b, c, d = ends
    wide, narrow = (judge(Value(5, (x + y) / 2, x, y, np.zeros(5)), fact(*bounds, kind)) for x, y in ((a, d), (b, c)))
    assert wide in (narrow, OPEN)


@given(numbers, pairs, kinds)
def test_a_value_without_width_passes_or_fails(x, bounds, kind):
    verdict = judge(Value(5, x, x, x, np.full(5, x)), fact(*bounds, kind))
    assert verdict == (PASS if fact(*bounds, kind).holds(x) else FAIL)


@given(pairs, numbers, kinds)
def test_opening_a_bound_never_fails_what_passed(ends, bound, kind):
    value = Value(5, sum(ends) / 2, *ends, np.zeros(5))
    closed, opened = judge(value, fact(bound, 1e3, kind)), judge(value, fact(bound, None, kind))
    assert not (closed == PASS and opened != PASS) and not (closed == OPEN and opened == FAIL)


def test_nothing_and_too_little_are_no_verdict():
    assert judge(over([]), fact(0, 1)) == ABSENT
    assert judge(over([0.5]), fact(0, 1)) == OPEN
    assert judge(Value(5, 0.0, -math.inf, math.inf, np.zeros(5)), fact(0, None)) == OPEN


def test_a_bound_counts_as_inside_where_a_figure_was_reported_only():
    none = Value(5, 0.0, 0.0, 0.0, np.zeros(5))
    assert judge(Value(5, 2.0, 1.0, math.inf, np.zeros(5)), fact(0, None, "sign")) == PASS, "an open bound has no edge"
    assert [judge(none, fact(0, None, kind)) for kind in KINDS] == [PASS, FAIL, FAIL]


@given(numbers, pairs, kinds)
def test_where_another_source_excludes_it_what_fails_is_called_so_and_what_passes_passes(x, bounds, kind):
    value = Value(5, x, x, x, np.full(5, x))
    plain, disputed = judge(value, fact(*bounds, kind)), judge(value, fact(*bounds, kind, disagrees="another"))
    assert disputed == {PASS: PASS, FAIL: DISAGREE}[plain]


@given(st.lists(st.tuples(st.booleans(), st.booleans()), max_size=12))
def test_conflicts_are_counted_alike_from_both_sides(pairs):
    first, second = (np.array([pair[k] for pair in pairs], bool) for k in (0, 1))
    n, a, b, both = counted(first, second)
    assert counted(second, first) == (n, b, a, both) and both <= min(a, b)


# ways to compare ---------------------------------------------------------------------------------------------------
@given(st.lists(st.floats(1, 100), min_size=3, max_size=6), st.floats(-1, 1))
def test_ways_know_their_answers(x, exponent):
    x = np.array(x)
    assert WAYS["change"](np.array([x, x]), math.nan).value == 0
    assert WAYS["change"](np.array([x, 1.2 * x]), math.nan).value == pytest.approx(20)
    assert WAYS["elasticity"](np.array([x, x * 3**exponent]), 3.0).value == pytest.approx(exponent, abs=1e-9)
    assert WAYS["interaction"](np.array([x, x + 5, x, x + 7]), math.nan).value == pytest.approx(2)
    assert WAYS["bend"](np.array([x, x - 2, x - 4]), math.nan).value == pytest.approx(0, abs=1e-9)
    assert WAYS["bend"](np.array([x, x - 3, x - 4]), math.nan).value > 0
    assert WAYS["inner"](np.array([x, x + 1, x + 4, x + 2]), math.nan).value == pytest.approx(2)
    assert WAYS["inner"](np.array([x, x + 1, x + 2, x + 3]), math.nan).value == pytest.approx(-1)


@given(st.lists(st.tuples(st.floats(0, 5), st.floats(-50, 50)).map(lambda pair: np.round(pair, 3)), min_size=3,
                max_size=6))
def test_the_interval_of_a_change_holds_what_no_test_rejects(values):
    x, d = (np.array(column) for column in zip(*values))
    found = WAYS["change"](np.array([x, x + d]), math.nan)
    if not found.n or not np.ptp(x) or not np.ptp(d):
        return
    rounding = 1e-6 * abs(found.value)  # where d is proportional to x there is no width
    assert found.low - rounding <= found.value <= found.high + rounding
    if not math.isclose(abs(d.mean()), achieved_half_width(d), rel_tol=1e-6):
        assert (found.low <= 0 <= found.high) == (abs(d.mean()) < achieved_half_width(d)), "no change is one of them"
    for bound in (found.low, found.high):  # a paired t-test of d = θ x is at the edge there
        if math.isfinite(bound):
            off = d - bound / 100 * x
            assert abs(off.mean()) == pytest.approx(achieved_half_width(off), rel=1e-4, abs=1e-6)


def run_with(outcome=None, **columns) -> Run:
    """A run made up of a few columns."""
    parameters = values(arms()["base"]) | {"nights": len(next(iter(columns.values()), ()))}
    return Run(Path(), 1, parameters, outcome or {}, lambda name: columns.get(name))


def test_measures_know_their_answers():
    night = np.zeros(70)
    equal = {f"attempts_{c}": night + 1 for c in ("rs_hu", "rs_ba", "rs_ro")}
    assert measured("effective_corridors", run_with(**equal), (0, 70)) == pytest.approx(3)
    assert measured("effective_corridors", run_with(**(equal | {"attempts_rs_ba": night, "attempts_rs_ro": night})),
                    (0, 9)) == 1
    assert measured("restless_routes", run_with(**equal)) == 0
    assert measured("dispersion", run_with(clashes=night + 2)) == 0
    waves = np.repeat([0, 4] * 5, 7)
    assert measured("dispersion", run_with(clashes=waves)) > 10
    assert measured("clashes", run_with(clashes=night + 2), (10, 20)) == 20
    assert math.isnan(measured("clashes", run_with(clashes=night), (90, 99)))
    assert math.isnan(measured("dispersion", run_with()))


def test_an_operation_after_a_death_is_told_from_one_at_any_time():
    night = np.zeros(70)
    deaths, starts = night.copy(), night.copy()
    deaths[[10, 40]] = 1
    for lag, sign in ((2, 1), (-2, 0)):
        starts[:] = 0
        starts[[10 + lag, 40 + lag]] = 1
        found = measured("operation_after_death", run_with(deaths_clashes=night, fighters_killed=deaths,
                                                           operations=starts, operation=starts))
        assert found > 0.5 if sign else found <= 0


def test_deaths_while_an_operation_is_going_on_do_not_count():
    deaths, starts, going = np.zeros((3, 70))
    deaths[[10, 16]], starts[12], going[12:22] = 1, 1, 1
    found = measured("operation_after_death", run_with(deaths_clashes=deaths, fighters_killed=np.zeros(70),
                                                       operations=starts, operation=going))
    assert found == pytest.approx(1 - 7 / 54), "nights 6 to 12 have it ahead, of 63 less the nine that it goes on"


# what is declared --------------------------------------------------------------------------------------------------
@each
def test_a_pattern_is_whole(pattern):
    known = MEASURES if pattern.window is None else {**WINDOWS, **outcomes()}
    assert pattern.measure in known or pattern.measure in outcomes()
    fewest, most = TAKES[pattern.compare]
    assert fewest <= len(pattern.arms) <= most and set(pattern.arms) <= set(arms())
    assert pattern.kind in KINDS and pattern.status in STATUSES and pattern.low < pattern.high
    assert pattern.label and pattern.basis and pattern.unit


@each
def test_a_source_exists(pattern):
    ledger = {claim.id: claim for claim in load()}
    facts = re.findall(r"\bF\d+\b", pattern.source)
    for fact_id in facts:
        assert pattern.id in ledger[fact_id].patterns, f"{fact_id} in the ledger does not name {pattern.id}"
    tables = [Path(series.__file__).parent / name for name in ("sources.csv", "series.csv")]
    known = {line.split(",")[0] for path in tables for line in path.read_text(encoding="utf-8").splitlines()}
    if found := re.match(r"(?:sources|series)\.csv ((?:\w+(?:, )?)+)", pattern.source):
        assert set(found[1].strip().split(", ")) <= known
    elif not facts:
        assert re.search(r"\d{4}|et al\.", pattern.source)


@each
def test_every_term_switched_off_is_a_key_and_makes_a_difference(pattern):
    assert set(pattern.switched_off) <= set(registry())
    assert bool(pattern.switched_off) == any(values(on) != values(off) for on, off in
                                             zip(pattern.tested_in(False), pattern.tested_in(True)))


def test_every_pattern_of_the_ledger_is_tested_or_is_an_input():
    named = {name for claim in load() for name in claim.patterns}
    tested = {pattern.id for pattern in patterns()}
    elsewhere = set(registered()["inputs"])
    assert not tested & elsewhere and len(tested) == len(patterns())
    assert named <= tested | elsewhere and elsewhere <= named


def test_conflicts_are_symmetric_and_of_patterns_there_are():
    pairs = [frozenset(conflict.pair) for conflict in conflicts()]
    assert len(set(pairs)) == len(pairs) and all(len(pair) == 2 for pair in pairs)
    assert set().union(*pairs) <= {pattern.id for pattern in patterns()}
    assert all(conflict.reason and conflict.kind in ("definition", "evidence") for conflict in conflicts())


def test_a_pattern_that_disagrees_is_in_conflict_with_the_one_that_it_names():
    conflicting = {frozenset(conflict.pair) for conflict in conflicts()}
    named = [frozenset((pattern.id, pattern.disagrees.split(",")[0])) for pattern in patterns() if pattern.disagrees]
    assert len(named) == 4 and set(named) <= conflicting


def test_conflicts_by_definition_exclude_each_other():
    find = {pattern.id: pattern for pattern in patterns()}
    for conflict in conflicts():
        first, second = (find[name] for name in conflict.pair)
        if conflict.kind == "definition":
            assert max(first.low, second.low) > min(first.high, second.high)


def test_configurations_are_run_once_each():
    all_values = [sorted(flatten(values(arm)).items(), key=str) for arm in wanted().values()]
    assert all(a != b for k, a in enumerate(all_values) for b in all_values[:k])


# the experiment ----------------------------------------------------------------------------------------------------
def rows_with(*words) -> list[dict]:
    return next(rounds(*compose_all(["+experiment=patterns", *words])))


def test_the_experiment_runs_what_is_declared_and_draws_once():
    rows = rows_with("parameter_draws.count=3")
    assert [row.get("arm") for row in rows] == [*wanted(), None, None, None]
    assert {row.get("replicates") for row in rows[1:]} == {None, 1} and rows[0]["replicates"] == 24
    assert len({row["migrants.price_sensitivity"] for row in rows[-3:]}) == 3


def test_the_experiment_refuses_other_parameters():
    with pytest.raises(ConfigurationError, match=r"police\.patrols=40\.0: patterns are tested at the defaults"):
        rows_with("police.patrols=40")


# folders -----------------------------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def study(tmp_path_factory):
    """A tiny comparison of scenarios, without its figures."""
    return compared(tmp_path_factory.mktemp("study") / "study", "scenarios=[status_quo,fragmented]", *TINY)


@pytest.fixture(scope="module")
def sweep(tmp_path_factory):
    """A tiny sweep: the base, one arm, two draws of parameters."""
    folder = tmp_path_factory.mktemp("sweep")
    chosen = [row for row in rows_with("parameter_draws.count=2") if row.get("arm", "base") in ("base", "patient")]
    chosen[0].pop("replicates")
    plan = make_plan(parse(["+experiment=patterns", *TINY]), needs, chosen)
    work(folder, write_plan(plan, folder).name, 0, len(plan.points), "test", 1)
    return folder


@pytest.mark.long
def test_the_same_configuration_gives_the_same_whoever_ran_it(study, sweep):
    for pattern in (fact(0, 1, measure=name) for name in ("price_mean", "restless_routes", "all_attempts_peak")):
        found = [score(pattern, Runs([folder])).value for folder in (study, sweep)]
        assert found[0].n == found[1].n == 2 and np.array_equal(found[0].each, found[1].each)
    together = score(fact(0, 1), Runs([study, sweep, study]))
    assert together.value.n == 2, "the same run counts once"


def test_a_broken_pattern_fails_and_a_wide_one_passes(study):
    runs = Runs([study])
    assert score(fact(50_000, 60_000), runs).verdict == FAIL
    assert score(fact(-1e9, 1e9), runs).verdict == PASS
    assert score(fact(0, 1, arms=("crackdown",)), runs).verdict == ABSENT


@pytest.mark.long
def test_draws_are_kept_apart(sweep):
    runs = Runs([sweep])
    drawn = runs.draws(arms()["base"], list(wanted().values()))
    found = score(fact(-1e9, 1e9), runs, drawn)
    assert len(drawn) == 2 and found.draws.tolist() == [1.0, 1.0] and found.value.n == 2
    assert not Runs([sweep]).of(Arm("status_quo", {"police.patrols": 81.0}))


@pytest.mark.long
def test_draws_of_another_length_or_from_before_a_parameter_do_not_count(sweep):
    runs, taken = Runs([sweep]), list(wanted().values())
    longer, older = runs.draws(arms()["base"], taken)
    longer.parameters["nights"] += 1
    del older.parameters["rules.arms"]
    assert not runs.draws(arms()["base"], taken)


@pytest.mark.long
def test_the_command_writes_its_tables_and_figure(study, sweep, tmp_path, capsys):
    assert main(["patterns", str(study), str(sweep), "--to", str(tmp_path)]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "not in these results" in said and "Simulated under stated assumptions" in said
    with open(tmp_path / "patterns.csv", encoding="utf-8") as file:
        rows = {row["pattern"]: row for row in csv.DictReader(file)}
    assert len(rows) == len(patterns()) and rows["price_level"]["n"] == "2" and rows["price_level"]["draws"] == "2"
    assert (tmp_path / "figures" / "patterns.png").stat().st_size > 10_000
    lines = (tmp_path / "patterns_conflicts.csv").read_text(encoding="utf-8").splitlines()
    assert len(lines) == len(conflicts()) + 1


@pytest.mark.long
def test_findings_say_what_the_tables_say(study, tmp_path):
    assert main(["patterns", str(study), "--to", str(tmp_path)]) == 0
    tables = {name: read_rows(tmp_path / f"{name}.csv") for name in ("patterns", "patterns_conflicts")}
    findings = present(tables)
    absent = sum(row["verdict"] == ABSENT for row in tables["patterns"])
    assert f"{absent} not in these results" in findings.remarks[0]
    assert {row[0] for row in findings.tables["off"].rows} == {f"`{p.id}`" for p in patterns() if p.switched_off}
    first = findings.tables["scores"]._replace(rows=findings.tables["scores"].rows[:1])
    name = f"`{patterns()[0].id}`"
    assert f"<br>{name}" in markdown.render_table(first) and "\n`" not in terminal.render_table(first)


def refused(capsys, *words) -> str:
    """The one line that is said to bad input."""
    assert main(["patterns", *map(str, words)]) == 2
    said = capsys.readouterr()
    assert not said.out and len(said.err.strip().splitlines()) == 1
    return said.err


def test_bad_input_gets_one_line_and_nothing_is_written(study, tmp_path, capsys):
    assert "no such folder" in refused(capsys, tmp_path / "none")
    assert "no results there" in refused(capsys, tmp_path)
    (tmp_path / "plan-0.json").write_text("{", encoding="utf-8")
    assert "damaged" in refused(capsys, tmp_path)
    other = compared(tmp_path / "longer", "scenarios=[status_quo]", *TINY, "nights=30", "replicates=1")
    assert "cannot be scored together" in refused(capsys, study, other)
    assert not list(study.glob("patterns*")) and not (study / "figures").exists()


def test_help_is_quick():
    code = "import sys; from sim.__main__ import main\ntry: main(['patterns', '--help'])\nexcept SystemExit: pass\n"
    ended = subprocess.run([sys.executable, "-c", f"{code}sys.exit('numpy' in sys.modules)"], capture_output=True)
    assert ended.returncode == 0 and b"FOLDER" in ended.stdout


def test_a_run_of_the_model_is_read_as_it_was_recorded():
    record = play("status_quo").record()
    run = Run(Path(), 7, values(arms()["base"]) | {"scale": 0.1, "nights": 30}, record.run, record.nights.get)
    for name in outcomes().keys() - MEASURES.keys():
        assert measured(name, run) == pytest.approx(float(record.run[name]), nan_ok=True), name
    untold = {name for name in MEASURES if not math.isfinite(measured(name, run))}
    nights = record.nights
    expected = {"peak_to_mean", "crossings_despite"}  # one month, no hard border
    if not nights["clashes"][:28].any():
        expected.add("dispersion")
    if not (nights["deaths_clashes"] + nights["fighters_killed"])[:-7].any():
        expected.add("operation_after_death")
    assert untold == expected
    assert all(math.isfinite(measured(name, run, (5, 20))) for name in WINDOWS)
