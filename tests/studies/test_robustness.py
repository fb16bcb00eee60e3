"""The experiment `robustness`: the array is orthogonal, verdicts and effects are what they are said to be."""

import math
from itertools import combinations, product
from pathlib import Path

import numpy as np
import pytest

from conftest import analysed, read_csv
from sim.command.preflight import parse
from sim.night import ALTERNATIVES
from sim.registry.parameters import ConfigurationError, registry
from sim.runs.plan import make_plan
from sim.statistics.intervals import over
from sim.statistics.moderated import moderated, prior_spread
from sim.studies import analyse, findings_of, needs
from sim.studies.robustness.array import one_at_a_time, worlds
from sim.studies.robustness.study import CLAIMS, WORDS, Played, effect_rows, share_rows

ARRAY = worlds()
REFERENCE = Path(__file__).parents[2] / "results" / "reference"


def test_the_array_holds_every_rule_with_alternatives_and_starts_at_the_defaults():
    rules = {f"rules.{key}" for key, choices in ALTERNATIVES.items() if len(choices) > 1}
    assert set(ARRAY[0]) == rules and len(ARRAY) == 72
    assert ARRAY[0] == {key: registry()[key].default for key in ARRAY[0]}


@pytest.mark.parametrize("first, second", list(combinations(ARRAY[0], 2)))
def test_any_two_rules_meet_in_all_their_pairs_equally_often(first, second):
    pairs = [(world[first], world[second]) for world in ARRAY]
    every = set(product(registry()[first].choices, registry()[second].choices))
    assert set(pairs) == every and {pairs.count(pair) for pair in every} == {72 // len(every)}


def test_the_experiment_plays_the_array():
    plan = make_plan(parse(["+experiment=robustness"]), needs)
    played = [{key: str(value) for key, value in point.values.items()} for point in plan.points[::2]]
    assert played == ARRAY and {point.scenario for point in plan.points} == {"fragmented", "centralised"}


def test_the_experiment_of_single_alternatives_plays_each_once():
    points = make_plan(parse(["+experiment=robustness_single"]), needs).points
    assert [{key: str(value) for key, value in point.changes.items()} for point in points[::2]] == one_at_a_time()


def test_the_claims_are_those_of_the_main_comparison():
    rows = {(r["outcome"], r["scenario"]): r for r in read_csv(REFERENCE / "centralisation" / "summary.csv")}
    for name, sign in CLAIMS.items():
        row = rows[name, "centralised"]
        ends = [float(row["difference_low"]), float(row["difference_high"])]
        assert min(sign * end for end in ends) > 0, name


# intervals ---------------------------------------------------------------------------------------------------------
def test_moderated_intervals_hold_the_truth_as_often_as_they_say():
    draw = np.random.default_rng(2)
    spread = np.sqrt(1 / draw.gamma(2.0, 1.0, (400, 72, 1)))  # worlds differ in their spread
    values = draw.normal(0, 1, (400, 72, 3)) * spread
    ends = np.array([moderated(v)[1:] for v in values])
    held = ((ends[:, 0] <= 0) & (ends[:, 1] >= 0)).mean()
    assert 0.93 < held < 0.97


def test_spreads_that_do_not_differ_are_pooled_and_without_neighbours_nothing_is_lent():
    same = np.random.default_rng(3).normal(0, 2, (3000, 4))
    weight, variance = prior_spread(same.var(axis=1, ddof=1), np.full(3000, 3))
    assert weight > 50 and variance == pytest.approx(4, rel=0.1)
    two = np.array([[1.0, 2.0, 4.0], [0.0, 3.0, 5.0]])
    assert moderated(two) == pytest.approx(over(two))


def test_no_difference_at_all_is_undecided_and_gaps_are_left_out():
    values = np.array([[0.0, 0.0], [1.0, np.nan], [3.0, 3.5], [3.0, 4.0], [2.0, 4.0]])
    mean, low, high = moderated(values)
    assert mean[0] == low[0] == high[0] == 0
    assert math.isnan(mean[1]) and np.isfinite(low[2:]).all()


# effects -----------------------------------------------------------------------------------------------------------
def made(effect, noise=0.0):
    """A whole array in which alternatives shift the difference of every claim by `effect(world)`."""
    keys = list(ARRAY[0])
    draw, shift = np.random.default_rng(1), np.array([effect(world) for world in ARRAY])
    other = 10.0 + shift[:, None] + draw.normal(0, noise or 1e-9, (72, 4))
    runs = {name: np.array([np.full((72, 4), 10.0), other]) for name in CLAIMS}
    return Played("fragmented", "centralised", keys, [tuple(w.values()) for w in ARRAY], runs)


@pytest.mark.long
def test_main_effects_are_found_free_of_one_another():
    size = {("rules.price", "imitate"): -3.0, ("rules.stages", "3"): -1.0, ("rules.payment", "per_attempt"): 0.5}
    played = made(lambda world: 2.0 + sum(size.get(item, 0.0) for item in world.items()))
    for row in effect_rows(played):
        expected = 2.0 if not row["rule"] else size.get((row["rule"], row["alternative"]), 0.0)
        assert row["effect"] == pytest.approx(expected, abs=1e-6)


def test_claims_are_counted_as_kept_reversed_and_undecided():
    played = made(lambda w: {"1": 5.0, "3": -5.0}[w["rules.stages"]] * (w["rules.price"] != "learn"), noise=0.1)
    for row in share_rows(played):
        assert row["keeps"] == row["reverses"] == 27 and row["undecided"] == 18
        assert row["share_low"] < row["share"] == 27 / 72 < row["share_high"]


# the whole ---------------------------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A tiny real sweep of four worlds, analysed."""
    points = ",".join(f"{{rules.stages:{stages},rules.payment:{payment}}}"
                      for stages in (1, 3) for payment in ("on_success", "per_attempt"))
    return analysed(tmp_path_factory.mktemp("robustness"), "robustness", "+experiment=robustness", "replicates=2",
                    "nights=32", f"design=[{points}]")


@pytest.mark.long
def test_tables_and_figure_of_a_sweep(folder):
    rows = read_csv(folder / "robustness_worlds.csv")
    assert len(rows) == 4 * len(CLAIMS) and {r["verdict"] for r in rows} <= set(WORDS.values())
    shares = read_csv(folder / "robustness.csv")
    assert [row["outcome"] for row in shares] == list(CLAIMS)
    for row in shares:
        assert sum(int(row[word]) for word in WORDS.values()) == int(row["worlds"]) == 4
    for name in ("robustness.pdf", "robustness.png", "captions.md"):
        assert (folder / "figures" / name).stat().st_size > 500
    assert "centralised minus fragmented" in (folder / "said.txt").read_text(encoding="utf-8")


@pytest.mark.long
def test_a_table_with_a_gap_is_refused_in_one_line(folder, tmp_path):
    import pyarrow.parquet as pq

    table = pq.read_table(folder / "runs.parquet")
    pq.write_table(table.slice(1), tmp_path / "runs.parquet")
    with pytest.raises(ConfigurationError, match="1 runs are missing") as refused:
        analyse("robustness", tmp_path)
    assert "\n" not in str(refused.value)


def test_few_worlds_have_a_row_each_and_many_are_counted_by_price_and_stages():
    single, array = (findings_of("robustness", REFERENCE / name) for name in ("robustness_single", "robustness"))
    assert len(single.tables["differences"].rows) == int(single.values["worlds"]) > 10
    cells = array.tables["cells"]
    assert sum(int(row[1]) for row in cells.rows) == int(array.values["worlds"]) == len(ARRAY)
    for row in cells.rows:
        assert all(sum(map(int, cell.split(" / "))) == int(row[1]) for cell in row[2:])


@pytest.mark.long
def test_a_verdict_marks_a_difference_that_is_not_kept(folder):
    rows = read_csv(folder / "robustness_worlds.csv")
    marks = {"keeps": "", "undecided": "?", "reverses": "**×**"}
    for k, line in enumerate(findings_of("robustness", folder).tables["differences"].rows):
        here = [row for row in rows if row["world"] == str(k + 1)]
        assert [cell.verdict for cell in line[1:]] == [marks[row["verdict"]] for row in here]


def test_rounding_is_no_spread():
    """Worlds that are equal but for rounding lend the others no small spread."""
    values = np.random.Generator(np.random.PCG64(1)).normal(5.0, 1.0, (6, 3))
    exact, rounded = (np.vstack([values, np.full((1, 3), 1.0) + noise]) for noise in (0.0, [0.0, 2e-16, -2e-16]))
    assert np.allclose(moderated(exact)[:, :6], moderated(rounded)[:, :6], rtol=1e-12)
