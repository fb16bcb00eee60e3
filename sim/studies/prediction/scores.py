"""Scores of predictive distributions given as ensembles of equally likely members.

The continuous ranked probability score is the integral of the Brier score over all thresholds,

    CRPS(F, y) = ∫ (F(x) − 1{x ≥ y})² dx = E|X − y| − ½ E|X − X′|

(Gneiting and Raftery 2007, doi:10.1198/016214506000001437, equations 20 and 21), in the unit of y; lower is better, and
for a point forecast it is the absolute error.  The mean of |X − X′| over an ensemble of m members counts each member
with itself and so is too small; the fair version divides by m (m − 1) and is what an infinite ensemble would get in the
mean (Ferro 2014, doi:10.1002/qj.2270).
"""

from typing import NamedTuple

import numpy as np

LEVELS = {"50": (0.25, 0.75), "95": (0.025, 0.975)}  # central intervals
QUANTILES = (0.025, 0.25, 0.5, 0.75, 0.975)


class Observation(NamedTuple):
    """What was reported of one month; `low` and `high` where it is an interval, else the value itself."""

    value: float
    low: float
    high: float

    @property
    def is_interval(self) -> bool:
        return self.low < self.high


def crps(members, value: float, fair: bool = True) -> float:
    """CRPS of an ensemble; NaN without members.  One member: the absolute error."""
    # Not by a library: properscoring has no fair version, and scoringrules 0.10 differs in the last digits.
    x = np.sort(np.asarray(members, float))
    m = len(x)
    if not m:
        return float("nan")
    pairs = 2 * float((2 * np.arange(1, m + 1) - m - 1) @ x)  # sum over all ordered pairs of |x_i − x_j|
    return float(np.abs(x - value).mean()) - pairs / (2 * m * (max(m - 1, 1) if fair else m))


def pit(members, value: float) -> float:
    """Probability integral transform: share of members below the value, those equal to it half."""
    x = np.asarray(members, float)
    return float(((x < value) + 0.5 * (x == value)).mean()) if len(x) else float("nan")


def covered(members, seen: Observation, level: str) -> bool:
    """Whether the central interval holds what was reported; an interval counts where the two meet."""
    low, high = np.quantile(members, LEVELS[level])
    return bool(low <= seen.high and seen.low <= high)


def held(members: int, level: str) -> float:
    """Share of months that `covered` counts in the mean if the ensemble is right: quantiles interpolated between m
    members hold (m − 1)/(m + 1) of their level, since member k of m lies at k/(m + 1) in the mean."""
    low, high = LEVELS[level]
    return (high - low) * (members - 1) / (members + 1)


def skill(score: float, baseline: float) -> float:
    """1 − score / baseline: 1 is perfect, 0 as good as the baseline, below 0 worse; NaN for a perfect baseline."""
    return 1 - score / baseline if baseline > 0 else float("nan")


def finite(members) -> np.ndarray:
    """Members that say anything; a month without a quote has no price."""
    x = np.asarray(members, float)
    return x[np.isfinite(x)]
