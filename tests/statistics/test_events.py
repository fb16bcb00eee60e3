"""The estimator of event studies: planted effects, weeks, windows, recovery, shares."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.statistics.events import STEADY, band, cumulative, recovery, shares, weekly, window

NIGHTS, EVENT = np.arange(200), 56
NOISE = np.random.default_rng(1)


def planted(effect: float, length: int, replicates: int = 6) -> np.ndarray:
    """Differences of a series that moves by `effect` for `length` nights from the event on, with noise after it."""
    after = NIGHTS >= EVENT
    return effect * (after & (length > NIGHTS - EVENT)) + after * NOISE.normal(0, 0.5, (replicates, 1))


def test_a_planted_effect_is_recovered():
    weeks, means = weekly(planted(-8.0, 70), NIGHTS, EVENT)
    mean, low, high = band(means)
    during, after = (weeks >= 0) & (weeks < 10), weeks >= 10
    assert weeks[0] == -8 and not means[:, weeks < 0].any()
    assert ((low <= -8) & (high >= -8))[during].all() and ((low <= 0) & (high >= 0))[after].all()
    assert recovery(weeks, (mean, low, high), 10) == 0
    assert abs(window(planted(-8.0, 70), NIGHTS, EVENT, EVENT + 70, True).mean() / 70 + 8) < 1
    assert np.isnan(window(planted(1.0, 7), NIGHTS, 300, 400, True)).all()


def test_recovery_waits_for_a_steady_band_and_may_not_come():
    weeks = np.arange(-2, 12)
    holds = np.array([1, 1, 0, 0, 0, 1, 1, 0, 1, 1, 1, 1, 1, 1], bool)
    bands = np.where(holds, 0.0, 2.0), np.where(holds, -1.0, 1.0), np.where(holds, 1.0, 3.0)
    assert recovery(weeks, bands, 2) == 4 and recovery(weeks, bands, 10) is None and STEADY == 4


@given(st.integers(0, 30), st.integers(30, 90))
def test_sums_by_week_end_at_the_window(first, weeks):
    values = NOISE.random((3, first + 7 * weeks))
    nights = np.arange(values.shape[1])
    found, summed = cumulative(values, nights, first)
    assert len(found) == weeks and found[0] == 0
    assert np.allclose(summed[:, -1], window(values, nights, first, first + 7 * weeks, True))


@given(st.lists(st.tuples(*[st.floats(-50, 50)] * 3), min_size=3, max_size=9))
def test_shares_of_what_was_lost_sum_to_one(draws):
    lost, *gained = np.array(draws).T + np.array([[100.0], [0], [0]])
    found = shares(lost, np.array(gained))
    assert found[:, 0].sum() == pytest.approx(1)
    assert found[0, 0] == pytest.approx(gained[0].mean() / lost.mean(), abs=1e-12)
    assert ((found[:, 1] <= found[:, 0] + 1e-9) & (found[:, 0] <= found[:, 2] + 1e-9)).all()


def test_nothing_lost_is_no_share():
    assert np.isnan(shares(np.array([-1.0, 0.5]), np.ones((2, 2)))).all()
