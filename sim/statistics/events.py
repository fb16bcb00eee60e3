"""Event studies: nightly series around a date, as differences between arms with the same seed.

d_w is the mean of a series over week w in one arm less that in the arm without the event; week 0 begins with the event.
Each replicate gives one difference, which is exactly 0 before the event.  Bands are 95 % t-intervals over replicates
and cover chance in the simulation alone.  Windows are sums of flows over nights, or means of levels.
"""

import math
from typing import NamedTuple

import numpy as np

from sim.statistics.intervals import interval, over

WEEK = 7
BEFORE_END = 28  # nights before the end of a measure over which its loss is taken
NO_LOSS, RETURNED, OPEN = "no loss", "returned", "not in the record"


class Series(NamedTuple):
    """A quantity that is recorded every night."""

    name: str
    label: str
    unit: str  # unit of the value of one night
    columns: tuple[str, ...]  # columns of `nights.parquet` whose sum it is
    flow: bool = True  # whether a window sums it; a level is averaged
    digits: int = 0
    per: str = ""  # column by which the sum is divided, if any

    @property
    def unit_of_window(self) -> str:
        """Unit of a sum over nights, or of the mean of a level."""
        return self.unit.removesuffix(" / night")


# the estimator -----------------------------------------------------------------------------------------------------
def weekly(values, nights, event: int) -> tuple[np.ndarray, np.ndarray]:
    """Whole weeks relative to the event, and the mean of the values over each along the last axis.

    values (…, nights) on the given nights; week 0 begins on night `event`.
    """
    week = (np.asarray(nights) - event) // WEEK
    weeks, count = np.unique(week, return_counts=True)
    whole = weeks[count == WEEK]
    return whole, np.stack([values[..., week == w].mean(axis=-1) for w in whole], axis=-1)


def cumulative(values, nights, event: int) -> tuple[np.ndarray, np.ndarray]:
    """Whole weeks since the event, and sums of a flow from the event to the end of each, along the last axis."""
    weeks, means = weekly(values, nights, event)
    return weeks[weeks >= 0], WEEK * means[..., weeks >= 0].cumsum(axis=-1)


def window(values, nights, first: int, last: int, flow: bool) -> np.ndarray:
    """Sum of a flow, or mean of a level, over nights first … last − 1 along the last axis; NaN if there are none."""
    inside = (np.asarray(nights) >= first) & (np.asarray(nights) < last)
    if not inside.any():
        return np.full(values.shape[:-1], math.nan)
    return values[..., inside].sum(axis=-1) if flow else values[..., inside].mean(axis=-1)


def band(differences) -> np.ndarray:
    """Mean and ends of its 95 % interval (3, weeks) of differences (replicates, weeks)."""
    return over(np.asarray(differences).T)


class Return(NamedTuple):
    """How what a measure took away came back after its end."""

    loss: float  # share of the level without the measure that was missing in the last nights of the measure
    state: str  # `NO_LOSS`, `RETURNED` (half came back) or `OPEN` (half did not come back in the record)
    half_life: float = math.nan  # nights from the end until half is back; infinite if that is not in the record
    low: float = math.nan  # ends of its 95 % interval, nights
    high: float = math.nan


def half_life(values, without, nights, event: int, end: int) -> Return:
    """Nights from the end of a measure until half of the loss at its end is back.

    values and without (replicates, nights): a series with the measure, which holds on nights event … end − 1, and
    without it.  The loss is taken over the last `BEFORE_END` nights of the measure, and there is none unless its 95 %
    interval lies above 0.  With x(t) = values − (1 − loss/2) · without, over the seven nights around t, the half-life
    is the first t at which the mean of x is 0 or more; its interval goes from the first t at which the interval of x
    reaches 0 to the first at which it lies above 0.  The loss itself is taken as known.
    """
    nights = np.asarray(nights)
    last = (nights >= max(event, end - BEFORE_END)) & (nights < end)
    base = float(without[..., last].mean())
    _, lost, low, _ = interval((without - values)[..., last].mean(axis=-1))
    loss = lost / base if base else math.nan
    if not low > 0:
        return Return(loss, NO_LOSS)
    above = (values - (1 - loss / 2) * without)[..., nights >= end]
    if above.shape[-1] < WEEK:
        return Return(loss, OPEN, math.inf, math.inf, math.inf)
    sums = np.cumsum(np.pad(above, ((0, 0), (1, 0))), axis=-1)
    mean, lowest, highest = band((sums[:, WEEK:] - sums[:, :-WEEK]) / WEEK)
    times = [first_night(reached) for reached in (mean >= 0, highest >= 0, lowest > 0)]
    return Return(loss, RETURNED if math.isfinite(times[0]) else OPEN, *times)


def first_night(reached) -> float:
    """Middle of the first week for which a condition holds, in nights from the start of the first; infinite if none."""
    return WEEK / 2 + int(np.argmax(reached)) if np.any(reached) else math.inf
