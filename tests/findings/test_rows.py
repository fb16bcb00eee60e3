"""Cells from rows of CSV texts, and how numbers are written."""

import math

import pytest

from sim.findings import Number
from sim.findings.rows import distinct, value_of, with_ends, with_half_width

ROW = {"mean": "1500000.0", "low": "900000.0", "high": "2100000.0", "empty": ""}
FIELDS = ("mean", "low", "high")


def test_an_empty_cell_is_no_number():
    assert math.isnan(value_of(ROW, "empty")) and value_of(ROW, "mean") == 1.5e6
    assert str(with_half_width({"mean": "", "low": "", "high": ""}, FIELDS, 2)) == "–"
    assert str(with_half_width({"mean": "3", "low": "", "high": ""}, FIELDS, 0)) == "3"  # one run has no interval


def test_a_half_width_is_in_the_unit_of_its_mean_and_ends_are_each_in_their_own():
    assert str(with_half_width(ROW, FIELDS, 0)) == "1.5 M ± 0.6 M"
    assert str(with_ends(ROW, FIELDS, 0, signed=True)) == "+1.5 M (+900 000 to +2.1 M)"


def test_infinite_ends_are_no_bounds():
    assert str(with_ends({"mean": "0.5", "low": "-inf", "high": "inf"}, FIELDS, 2)) == "0.50 (no bounds)"


@pytest.mark.parametrize("value, half, text", [(0.04e6, 0.5e6, "+0.04 M ± 0.50 M"), (-3e6, math.nan, "-3.00 M"),
                                               (math.nan, math.nan, "–")])
def test_a_column_in_millions_has_small_numbers_in_millions_too(value, half, text):
    assert str(Number(value, 0, half, signed=True, in_millions=True)) == text


def test_cells_of_a_column_keep_their_order():
    assert distinct([{"x": "b"}, {"x": "a"}, {"x": "b"}], "x") == ["b", "a"]
