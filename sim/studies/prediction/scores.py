"""Scores of predictive distributions given as ensembles of equally likely members.

The continuous ranked probability score is the integral of the Brier score over all thresholds,

    CRPS(F, y) = ∫ (F(x) − 1{x ≥ y})² dx = E|X − y| − ½ E|X − X′|

(Gneiting and Raftery 2007, doi:10.1198/016214506000001437, equations 20 and 21), in the unit of y; lower is better, and
for a point forecast it is the absolute error.  The mean of |X − X′| over an ensemble of m members includes each member
paired with itself and is therefore too small; the fair version divides by m (m − 1), and its expectation is the score
of an infinite ensemble (Ferro 2014, doi:10.1002/qj.2270).
"""

from typing import NamedTuple

import numpy as np

LEVELS = {"50": (0.25, 0.75), "95": (0.025, 0.975)}  # central intervals
QUANTILES = (0.025, 0.25, 0.5, 0.75, 0.975)


class Observation(NamedTuple):
    """The reported value of one month, with the ends `low` and `high` of its interval (equal to the value for a
    point)."""

    value: float
    low: float
    high: float

    @property
    def is_interval(self) -> bool:
        """Whether an interval was reported."""
        return self.low < self.high


def crps(members, value: float, fair: bool = True) -> float:
    """CRPS of an ensemble [unit of the value]: NaN without members, the absolute error with one member."""
    # No library is used: properscoring has no fair version, and scoringrules 0.10 differs in the last digits.
    x = np.sort(np.asarray(members, float))
    m = len(x)
    if not m:
        return float("nan")
    pairs = 2 * float((2 * np.arange(1, m + 1) - m - 1) @ x)  # sum over all ordered pairs of |x_i − x_j|
    return float(np.abs(x - value).mean()) - pairs / (2 * m * (max(m - 1, 1) if fair else m))


def pit(members, value: float) -> float:
    """Probability integral transform: share of members below the value, with ties counted as one half."""
    x = np.asarray(members, float)
    return float(((x < value) + 0.5 * (x == value)).mean()) if len(x) else float("nan")


def covered(members, seen: Observation, level: str) -> bool:
    """Whether the central interval contains the reported value, or overlaps the reported interval."""
    low, high = np.quantile(members, LEVELS[level])
    return bool(low <= seen.high and seen.low <= high)


def held(members: int, level: str) -> float:
    """Expected share of covered months if the ensemble is calibrated.

    Quantiles interpolated between m members cover (m − 1)/(m + 1) of their level, since the expected probability below
    member k of m is k/(m + 1).
    """
    low, high = LEVELS[level]
    return (high - low) * (members - 1) / (members + 1)


def skill(score: float, baseline: float) -> float:
    """Skill score 1 − score / baseline: 1 is perfect, 0 equals the baseline, below 0 is worse; NaN for a baseline of
    0."""
    return 1 - score / baseline if baseline > 0 else float("nan")


def finite(members) -> np.ndarray:
    """The finite members of an ensemble; a month without a quote has no price."""
    x = np.asarray(members, float)
    return x[np.isfinite(x)]
