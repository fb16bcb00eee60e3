"""Event studies: nightly series around a date, as differences between arms with the same seed.

d_w is the mean over week w (0: the first from the event on) of a series in one arm, less the same in the arm without
the event; one a replicate, so before the event it is exactly 0 and bands, 95 % t-intervals over replicates, are of
chance in the simulation alone.  Windows are sums of flows over nights, or means of levels.
"""

import math
from typing import NamedTuple

import numpy as np

from sim.statistics.intervals import over
from sim.statistics.paired import fieller

WEEK = 7
STEADY = 4  # weeks in a row whose bands hold 0 before a series counts as recovered


class Series(NamedTuple):
    """Something recorded every night."""

    name: str
    label: str
    unit: str  # of a night
    columns: tuple[str, ...]  # of `nights.parquet`; they are added
    flow: bool = True  # summed over a window; else a level, averaged
    digits: int = 0
    per: str = ""  # column that the sum is divided by

    @property
    def unit_of_window(self) -> str:
        """Of a sum over nights, or of a level's mean."""
        return self.unit.removesuffix(" / night")


# the estimator -----------------------------------------------------------------------------------------------------
def weekly(values, nights, event: int) -> tuple[np.ndarray, np.ndarray]:
    """Whole weeks relative to the event (0: the week that begins with it), and means over them along the last axis."""
    week = (np.asarray(nights) - event) // WEEK
    weeks, count = np.unique(week, return_counts=True)
    whole = weeks[count == WEEK]
    return whole, np.stack([values[..., week == w].mean(axis=-1) for w in whole], axis=-1)


def cumulative(values, nights, event: int) -> tuple[np.ndarray, np.ndarray]:
    """Whole weeks from the event on, and sums of a flow from the event to the end of each, along the last axis."""
    weeks, means = weekly(values, nights, event)
    return weeks[weeks >= 0], WEEK * means[..., weeks >= 0].cumsum(axis=-1)


def window(values, nights, first: int, last: int, flow: bool) -> np.ndarray:
    """Sum of a flow over nights first … last − 1, or mean of a level, along the last axis; NaN for no nights."""
    inside = (np.asarray(nights) >= first) & (np.asarray(nights) < last)
    if not inside.any():
        return np.full(values.shape[:-1], math.nan)
    return values[..., inside].sum(axis=-1) if flow else values[..., inside].mean(axis=-1)


def band(differences) -> np.ndarray:
    """Mean, low, high over replicates, the first axis: 3 × weeks."""
    return over(np.asarray(differences).T)


def recovery(weeks, bands, end: int) -> int | None:
    """Weeks from `end` (weeks since the event) until bands hold 0 for `STEADY` weeks in a row; None: not in the record.

    Bands are week by week: where there is no effect, five of one hundred exclude 0; while an effect of their width
    lasts, four in a row hardly ever hold 0 by chance.
    """
    _, low, high = bands
    holds = (low <= 0) & (high >= 0)
    after = np.flatnonzero(np.asarray(weeks) >= end)
    for k in after:
        if k + STEADY <= len(holds) and holds[k : k + STEADY].all():
            return int(weeks[k] - end)
    return None


def shares(lost, gained) -> np.ndarray:
    """What became of what was lost at one place: shares that appear at each of the others, and last the rest.

    lost (replicates,), gained (places, replicates) [the same unit]; returns (places + 1, 3) ratios of means with
    Fieller's 95 % intervals; they sum to 1.  NaN where nothing was lost on average.
    """
    lost, gained = np.asarray(lost, float), np.asarray(gained, float)
    if not lost.mean() > 0:
        return np.full((len(gained) + 1, 3), math.nan)
    parts = [*gained, lost - gained.sum(axis=0)]
    few = len(lost) < 2
    return np.array([(part.mean() / lost.mean(), *((math.nan, math.nan) if few else fieller(lost, part)))
                     for part in parts])


