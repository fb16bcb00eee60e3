"""The estimator of event studies: planted effects, weeks, windows, half-lives."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.statistics.events import NO_LOSS, OPEN, RETURNED, band, cumulative, half_life, weekly, window

NIGHTS, EVENT = np.arange(200), 56
NOISE = np.random.default_rng(1)


def planted(effect: float, length: int, replicates: int = 6) -> np.ndarray:
    """Differences of a series that moves by `effect` for `length` nights from the event on, with noise after it."""
    after = NIGHTS >= EVENT
    return effect * (after & (length > NIGHTS - EVENT)) + after * NOISE.normal(0, 0.5, (replicates, 1))


def test_a_planted_effect_is_recovered():
    weeks, means = weekly(planted(-8.0, 70), NIGHTS, EVENT)
    _, low, high = band(means)
    during, after = (weeks >= 0) & (weeks < 10), weeks >= 10
    assert weeks[0] == -8 and not means[:, weeks < 0].any()
    assert ((low <= -8) & (high >= -8))[during].all() and ((low <= 0) & (high >= 0))[after].all()
    assert abs(window(planted(-8.0, 70), NIGHTS, EVENT, EVENT + 70, True).mean() / 70 + 8) < 1
    assert np.isnan(window(planted(1.0, 7), NIGHTS, 300, 400, True)).all()


@given(st.integers(0, 30), st.integers(30, 90))
def test_sums_by_week_end_at_the_window(first, weeks):
    values = NOISE.random((3, first + 7 * weeks))
    nights = np.arange(values.shape[1])
    found, summed = cumulative(values, nights, first)
    assert len(found) == weeks and found[0] == 0
    assert np.allclose(summed[:, -1], window(values, nights, first, first + 7 * weeks, True))


def returning(life: float, end: int = 120, loss: float = 0.6, spread: float = 0.02) -> tuple[np.ndarray, np.ndarray]:
    """A series that loses a share from the event to `end` and comes back with a half-life, and the series without."""
    season = 100 * (1 + 0.5 * np.sin(NIGHTS / 40)) * (1 + NOISE.normal(0, 0.1, (8, 1)))
    gap = loss * np.where(NIGHTS < EVENT, 0.0, 0.5 ** (np.maximum(NIGHTS - end, 0) / life))
    return season * (1 - gap + NOISE.normal(0, spread, (8, len(NIGHTS)))), season


@pytest.mark.parametrize("life", [10.0, 25.0])
def test_a_planted_half_life_is_found_whatever_the_season(life):
    back = half_life(*returning(life), NIGHTS, EVENT, 120)
    assert back.state == RETURNED and back.loss == pytest.approx(0.6, abs=0.02)
    assert back.half_life == pytest.approx(life, abs=2.5) and back.low <= back.half_life <= back.high < life + 10


def test_what_does_not_come_back_or_was_not_lost_has_no_half_life():
    still = half_life(*returning(1e6), NIGHTS, EVENT, 120)
    assert still.state == OPEN and still.half_life == still.high == np.inf
    assert still.loss == pytest.approx(0.6, abs=0.02)
    assert half_life(*returning(10.0), NIGHTS, EVENT, 198).state == OPEN  # fewer than seven nights after the end
    for loss in (0.0, -0.3):
        values, without = returning(10.0, loss=loss)
        kept = half_life(values if loss else without, without, NIGHTS, EVENT, 120)
        assert kept.state == NO_LOSS and np.isnan(kept.half_life)
    one = half_life(*(x[:1] for x in returning(10.0)), NIGHTS, EVENT, 120)
    assert one.state == NO_LOSS  # a single run shows no loss


def test_a_short_measure_has_its_loss_from_its_own_nights():
    values, without = returning(5.0, end=EVENT + 7)
    assert half_life(values, without, NIGHTS, EVENT, EVENT + 7).loss == pytest.approx(0.6, abs=0.03)
