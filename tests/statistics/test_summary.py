"""Statistics: intervals by hand, pairing, gaps, the table."""

import csv
import io
import math

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from sim.findings import terminal
from sim.findings.text import number
from sim.registry.files import as_csv
from sim.registry.outcomes import outcomes, primary
from sim.statistics.intervals import interval
from sim.statistics.paired import compare, family
from sim.statistics.replicates import replicates_for_power
from sim.statistics.summary import FIELDS, PAIRED, summarise, write_summary
from sim.studies.comparison import BRIEF, present
from sim.studies.premises import NOT_COMPUTED


def runs(scenarios, **columns):
    """A table of runs: per scenario one value per replicate of each column."""
    n = len(next(iter(columns.values()))[0])
    data = {"experiment": ["x"] * n * len(scenarios), "scenario": np.repeat(scenarios, n).tolist(),
            "replicate": list(range(n)) * len(scenarios), "seed": list(range(n)) * len(scenarios),
            "nights": [365] * n * len(scenarios)}
    return pa.table(data | {name: np.concatenate(values).astype(float) for name, values in columns.items()})


def found(rows):
    """What a comparison found, from its rows as they stand in summary.csv."""
    return present({"summary": list(csv.DictReader(io.StringIO(as_csv(rows))))})


def console(rows):
    """What a terminal shows of it."""
    return terminal.render(found(rows), BRIEF)


def test_the_interval_is_students():
    values = np.array([3.0, 5.0, 4.0, 8.0])
    low, high = stats.t.interval(0.95, 3, values.mean(), stats.sem(values))
    assert interval(values) == pytest.approx((4, 5.0, low, high))


def test_one_value_has_no_interval_and_none_no_mean():
    n, mean, low, high = interval([2.0])
    assert (n, mean) == (1, 2.0) and math.isnan(low) and math.isnan(high)
    assert interval([math.nan])[0] == 0


@settings(deadline=None)
@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=20), st.floats(-1e3, 1e3))
def test_pairing_removes_what_replicates_share(luck, effect):
    base = np.array(luck)
    rows = summarise(runs(["a", "b"], price_mean=[base, base + effect]), "a")
    b = next(r for r in rows if r["scenario"] == "b")
    assert b["difference"] == pytest.approx(effect, abs=1e-6)
    assert b["difference_high"] - b["difference_low"] == pytest.approx(0, abs=1e-4)
    assert next(r for r in rows if r["scenario"] == "a")["difference"] == ""


def test_a_missing_value_costs_its_pair_only():
    rows = summarise(runs(["a", "b"], price_mean=[[1.0, 2.0, 3.0], [2.0, math.nan, 5.0]]), "a")
    b = next(r for r in rows if r["scenario"] == "b")
    assert b["n"] == 2 and b["difference"] == pytest.approx(1.5)


def test_the_file_has_the_columns_of_the_contract(tmp_path):
    rows = summarise(runs(["a", "b"], **{name: [[1.0, 2.0], [3.0, 4.0]] for name in primary()}), "a")
    write_summary(rows, tmp_path / "summary.csv")
    with open(tmp_path / "summary.csv", encoding="utf-8") as file:
        read = list(csv.DictReader(file))
    assert tuple(read[0]) == FIELDS and len(read) == 12
    assert not list(tmp_path.glob(".*"))


def test_the_table_on_the_terminal():
    two = console(summarise(runs(["a", "b"], **{n: [[1.0, 2.0], [3.0, 4.5]] for n in primary()}), "a"))
    assert "Paired differences from a" in two and "Outlay per arrival in Serbia" in two
    assert max(map(len, two.splitlines())) < 130
    one = console(summarise(runs(["a"], **{n: [[1.0]] for n in primary()}), "a"))
    assert "no interval" in one and "aired" not in one


def paired_runs(n=12, seed=1):
    """Two scenarios: outlay surely higher, crossings the same but for noise, deaths in noise, a secondary higher."""
    draw = np.random.default_rng(seed)
    luck = draw.standard_normal((5, n))
    columns = {"outlay_per_arrival": [1000 + 50 * luck[0], 1200 + 50 * luck[0] + 9 * luck[1]],
               "crossed_within_30": [0.6 + 0.05 * luck[2], 0.601 + 0.05 * luck[2] + 0.002 * luck[1]],
               "deaths_per_10k": [5 + luck[3], 5 + luck[4]], "price_mean": [900 + luck[1], 950 + luck[2]]}
    return runs(["a", "b"], **columns), columns


def of(rows, outcome, scenario="b"):
    return next(r for r in rows if (r["outcome"], r["scenario"]) == (outcome, scenario))


def test_columns_are_those_of_the_paired_comparison():
    table, columns = paired_runs()
    rows = summarise(table, "a")
    bounds = {"outlay_per_arrival": (0.05, True), "crossed_within_30": (0.02, False), "deaths_per_10k": (0.1, True)}
    judged = family({name: compare(*columns[name], *bound) for name, bound in bounds.items()})
    for name, c in judged.items():
        line = of(rows, name)
        assert (line["difference_low"], line["difference_high"]) == (c.low, c.high)
        assert (line["relative_low"], line["relative_high"]) == (c.percent_low / 100, c.percent_high / 100)
        for field in ("p_holm", "p_equivalence", "verdict", "superiority", "correlation", "saving", "saving_low"):
            assert line[field] == getattr(c, field), field
        assert line["smallest_effect"] == pytest.approx(c.smallest) and line["pairs"] == 12
    assert [of(rows, name)["verdict"] for name in judged] == ["different", "equivalent", "undecided"]
    assert not any(of(rows, "outlay_per_arrival", "a")[field] for field in PAIRED)


def test_a_secondary_outcome_has_an_interval_and_no_verdict():
    line = of(summarise(paired_runs()[0], "a"), "price_mean")
    assert line["difference_low"] > 0 and line["superiority"] == 1.0
    assert (line["verdict"], line["p_holm"], line["replicates_needed"]) == ("", "", "")
    assert math.isnan(line["smallest_effect"])


def test_replicates_needed_are_those_of_the_plan():
    table, columns = paired_runs()
    line = of(summarise(table, "a"), "deaths_per_10k")
    x, y = columns["deaths_per_10k"]
    plan = replicates_for_power(y - x, 0.1 * x.mean())
    assert line["replicates_needed"] == (plan.n if plan.reached else math.inf)


def test_one_pair_has_a_difference_and_no_verdict(tmp_path):
    rows = summarise(runs(["a", "b"], **{n: [[1.0], [3.0]] for n in primary()}), "a")
    line = of(rows, "outlay_per_arrival")
    assert (line["difference"], line["relative_difference"], line["pairs"], line["verdict"]) == (2, 2, 1, "")
    write_summary(rows, tmp_path / "summary.csv")
    assert "nan" not in (tmp_path / "summary.csv").read_text()
    assert found(rows).remarks == (NOT_COMPUTED,) and "precision" not in found(rows).tables


def test_an_outcome_without_values_leaves_the_others_their_verdicts():
    columns = {n: [[1.0, 2.0, 3.0], [3.0, 4.5, 5.0]] for n in primary()}
    columns["deaths_per_10k"] = [[math.nan] * 3, [math.nan] * 3]
    rows = summarise(runs(["a", "b"], **columns), "a")
    assert of(rows, "deaths_per_10k")["verdict"] == "" and of(rows, "deaths_per_10k")["pairs"] == 0
    assert of(rows, "outlay_per_arrival")["verdict"] and console(rows)


def test_the_terminal_says_verdicts_saving_and_precision():
    table, _ = paired_runs()
    shown = console(summarise(table, "a"))
    outlay = next(line for line in shown.splitlines() if line.startswith("Outlay") and "different" in line)
    assert outlay.split()[-1] == "different" and "±" in outlay
    price = [line for line in shown.splitlines() if line.startswith("Mean crossing price")][-1]
    assert not {"different", "equivalent", "undecided"} & set(price.split())
    said = " ".join(shown.split())
    assert "cut the runs needed by a median factor of" in said and "among them primary outcomes of b: deaths." in said
    assert "Not yet precise enough: deaths needs about " in said and "replicates (b; 12 were run)" in said


def test_tables_and_quotations_hold_the_numbers_of_the_rows():
    rows = summarise(paired_runs()[0], "a")
    what, line = found(rows), of(rows, "outlay_per_arrival")
    digits = outcomes()["outlay_per_arrival"].digits
    first = {name: table.rows[0] for name, table in what.tables.items()}
    assert set(first) == {"answer", "means", "differences", "relative", "precision"}
    assert first["answer"][1].value == of(rows, "price_mean", "a")["mean"]
    assert first["means"][2].value == line["mean"] and first["differences"][1].value == line["difference"]
    assert first["differences"][1].half_width == line["difference_high"] - line["difference"]
    assert first["relative"][1].low == 100 * line["relative_low"]
    scenario, superiority = first["precision"][1:3]
    assert scenario == "b" and superiority.value == line["superiority"] and math.isnan(superiority.half_width)
    assert (superiority.low, superiority.high) == (line["superiority_low"], line["superiority_high"])
    assert what.values["outlay_per_arrival_b"] == number(line["mean"], digits) and what.values["n"] == "12"
    assert what.values["outlay_per_arrival_b_interval"].startswith(f"{number(line['mean'], digits)} (")


def test_a_half_width_beside_millions_is_in_millions():
    columns = {n: [[8e6, 9e6, 9.5e6], [1.8e7, 1.81e7, 1.9e7]] for n in ("joint_surplus",)}
    line = next(t for t in console(summarise(runs(["a", "b"], **columns), "a")).splitlines()[4:]
                if t.startswith("Joint"))
    assert line.count(" M") == 2


def test_numbers_as_people_read_them():
    assert number(1234.5, 0) == "1 234" and number(2.5e7, 0, True) == "+25.0 M" and number(math.nan, 1) == "–"


def test_outcomes_are_what_a_run_yields(small_market):
    assert set(small_market.record().run) == set(outcomes())
    assert len(primary()) == 6
    for name in primary():
        assert outcomes()[name].smallest(100.0) > 0
