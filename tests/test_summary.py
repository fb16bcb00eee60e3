"""Statistics: intervals by hand, pairing, gaps, the table."""

import csv
import math

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim.outcomes import outcomes, primary
from sim.summary import FIELDS, console_table, interval, number, summarise, write_summary


def runs(scenarios, **columns):
    """A table of runs: per scenario one value per replicate of each column."""
    n = len(next(iter(columns.values()))[0])
    data = {"experiment": ["x"] * n * len(scenarios), "scenario": np.repeat(scenarios, n).tolist(),
            "replicate": list(range(n)) * len(scenarios), "seed": list(range(n)) * len(scenarios),
            "nights": [365] * n * len(scenarios)}
    return pa.table(data | {name: np.concatenate(values).astype(float) for name, values in columns.items()})


def test_the_interval_is_students():
    values = np.array([3.0, 5.0, 4.0, 8.0])
    low, high = stats.t.interval(0.95, 3, values.mean(), stats.sem(values))
    assert interval(values) == pytest.approx((4, 5.0, low, high))


def test_one_value_has_no_interval_and_none_no_mean():
    n, mean, low, high = interval([2.0])
    assert (n, mean) == (1, 2.0) and math.isnan(low) and math.isnan(high)
    assert interval([math.nan])[0] == 0


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
    two = console_table(summarise(runs(["a", "b"], **{n: [[1.0, 2.0], [3.0, 4.5]] for n in primary()}), "a"))
    assert "paired difference from a" in two and "Outlay per person arrived" in two
    assert max(map(len, two.splitlines())) < 130
    one = console_table(summarise(runs(["a"], **{n: [[1.0]] for n in primary()}), "a"))
    assert "no interval" in one and "paired" not in one


def test_numbers_as_people_read_them():
    assert number(1234.5, 0) == "1 234" and number(2.5e7, 0, True) == "+25.0 M" and number(math.nan, 1) == "–"


def test_outcomes_are_what_a_run_yields(small_market):
    assert set(small_market.record().run) == set(outcomes())
    assert len(primary()) == 6
    for name in primary():
        assert outcomes()[name].smallest(100.0) > 0
