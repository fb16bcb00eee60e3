"""Event studies: nightly series around a date, as differences between arms with the same seed.

d_w is the mean of a series over week w in one arm less that in the arm without the event; week 0 begins with the event.
Each replicate gives one difference, which is exactly 0 before the event.  Bands are 95 % t-intervals over replicates
and cover chance in the simulation alone.  Windows are sums of flows over nights, or means of levels.
"""

import math
from typing import NamedTuple

import numpy as np

from sim.statistics.intervals import over
from sim.statistics.student import fieller

WEEK = 7
STEADY = 4  # a series has recovered when the bands of so many consecutive weeks contain 0


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


def recovery(weeks, bands, end: int) -> int | None:
    """Weeks after week `end` until the bands of `STEADY` consecutive weeks contain 0; None if that never happens.

    Bands are pointwise: without any effect about 5 in 100 exclude 0.  Four consecutive weeks whose bands contain 0 are
    unlikely while an effect of the width of a band persists.
    """
    _, low, high = bands
    contain_0 = (low <= 0) & (high >= 0)
    after = np.flatnonzero(np.asarray(weeks) >= end)
    for k in after:
        if k + STEADY <= len(contain_0) and contain_0[k : k + STEADY].all():
            return int(weeks[k] - end)
    return None


def shares(lost, gained) -> np.ndarray:
    """Displacement: the shares of a loss at one place that appear as gains at other places, and the remainder.

    lost (replicates,) and gained (places, replicates) have the same unit.  Returns ratios of means with Fieller's 95 %
    intervals (places + 1, 3), the remainder last; they sum to 1.  All are NaN if the mean loss is not positive.
    """
    lost, gained = np.asarray(lost, float), np.asarray(gained, float)
    if not lost.mean() > 0:
        return np.full((len(gained) + 1, 3), math.nan)
    parts = [*gained, lost - gained.sum(axis=0)]
    no_interval = len(lost) < 2
    return np.array([(part.mean() / lost.mean(), *((math.nan, math.nan) if no_interval else fieller(lost, part)))
                     for part in parts])


