"""Runs given that an organisation is whole: which they are, and paired differences over them alone."""

import math

import numpy as np
import pytest
from test_summary import of, runs

from sim.statistics.given_whole import COLUMNS, has_organisation, stays_whole
from sim.statistics.intervals import interval
from sim.statistics.summary import summarise

BASE = np.array([10.0, 12.0, 11.0, 13.0, 9.0])
SINGLE = np.array([20.0, 25.0, 19.0, 30.0, 11.0])
NONE = np.zeros(5)


def summary(whole, breaks, base_whole=NONE):
    """Rows of two scenarios; the organisation of `b` is whole on these shares of nights and breaks so often."""
    return summarise(runs(["a", "b"], price_mean=[BASE, SINGLE], organisation_whole=[base_whole, whole],
                          organisation_breaks=[NONE, breaks]), "a")


def test_a_run_stays_whole_if_it_is_whole_on_every_night():
    assert stays_whole([1.0, 0.9973, 0.0]).tolist() == [True, False, False]
    assert has_organisation([0.0, 0.2], [0, 0]) and not has_organisation([0.0, 0.0], [0, 0])


def test_the_difference_is_that_of_the_pairs_given_whole():
    line = of(summary([1, 1, 0.4, 1, 0], [0, 0, 1, 0, 0]), "price_mean")
    assert (line["runs_whole"], line["runs_broken"], line["pairs_whole"]) == (3, 1, 3)
    _, mean, low, high = interval((SINGLE - BASE)[[0, 1, 3]])
    assert (line["difference_whole"], line["difference_whole_low"], line["difference_whole_high"]) == (mean, low, high)
    assert line["difference"] == pytest.approx((SINGLE - BASE).mean()) and line["difference"] != mean


def test_fewer_than_three_pairs_have_no_interval():
    line = of(summary([1, 1, 0.4, 0.5, 0], [0, 0, 1, 1, 0]), "price_mean")
    assert line["pairs_whole"] == 2 and line["difference_whole"] == (SINGLE - BASE)[:2].mean()
    assert math.isnan(line["difference_whole_low"]) and math.isnan(line["difference_whole_high"])
    none = of(summary([0.9, 0.1, 0.4, 0.5, 0], [1, 1, 1, 1, 0]), "price_mean")
    assert none["pairs_whole"] == 0 and math.isnan(none["difference_whole"])


def test_organisations_of_both_scenarios_must_be_whole():
    line = of(summary([1, 1, 1, 1, 0], [0, 0, 0, 0, 0], base_whole=np.array([0.5, 1, 1, 1, 1.0])), "price_mean")
    assert (line["runs_whole"], line["pairs_whole"]) == (4, 3)
    assert line["difference_whole"] == pytest.approx((SINGLE - BASE)[1:4].mean())


def test_without_an_organisation_the_columns_are_empty():
    rows = summary(NONE, NONE)
    assert not any(row[name] for row in rows for name in COLUMNS)
    rows = summarise(runs(["a", "b"], price_mean=[BASE, SINGLE]), "a")
    assert not any(row[name] for row in rows for name in COLUMNS)
