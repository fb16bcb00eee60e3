"""Statistics of the arms of a pattern: values x_0r, x_1r, … by arm and replicate, with the same seeds in all arms.

Each statistic has a value with its 95 % interval over replicates, and a value for each single replicate.
"""

import math
from typing import NamedTuple

import numpy as np
from scipy.special import stdtrit

from sim.statistics.intervals import LEVEL, interval
from sim.statistics.student import fieller


class Value(NamedTuple):
    """A value with its interval [the pattern's unit]; ends are NaN if the interval is undefined."""

    n: int
    value: float
    low: float
    high: float
    each: np.ndarray  # values by replicate


def over(each) -> Value:
    """The mean over replicates with its t-interval."""
    each = np.asarray(each, float)
    return Value(*interval(each), each)


def level(arms: np.ndarray, by: float) -> Value:
    """The level x_0."""
    return over(arms[0])


def change(arms: np.ndarray, by: float) -> Value:
    """The relative change 100 (x_1 − x_0)/x_0 of means with Fieller's interval [%], for x_0 ≥ 0.

    The value of a single replicate is relative to the mean of x_0.
    """
    both = np.isfinite(arms).all(axis=0)
    x, d = arms[0][both], (arms[1] - arms[0])[both]
    base = x.mean() if len(x) else math.nan
    if not base > 0:
        return Value(int(both.sum()), math.nan, math.nan, math.nan, np.full(arms.shape[1], math.nan))
    ends = (math.nan, math.nan) if len(x) < 2 else fieller(x, d)
    if math.isinf(ends[0]):
        ends = ray(x, d)
    return Value(len(x), 100 * d.mean() / base, *(100 * end for end in ends), 100 * (arms[1] - arms[0]) / base)


def ray(x: np.ndarray, d: np.ndarray) -> tuple[float, float]:
    """Fieller's set if mean x is small relative to its error but mean d is significantly not 0, for x that cannot be
    negative.

    The set is then all θ outside two roots of opposite sign; the restriction x ≥ 0 leaves the ray with the sign of mean
    d.  The set is unbounded if mean d is not significantly different from 0.
    """
    spread = np.cov(x, d) * stdtrit(len(x) - 1, 0.5 + LEVEL / 2) ** 2 / len(x)
    a, b, c = x.mean() ** 2 - spread[0, 0], x.mean() * d.mean() - spread[0, 1], d.mean() ** 2 - spread[1, 1]
    if c <= 0 or a >= 0:
        return -math.inf, math.inf
    roots = sorted((b + sign * math.sqrt(b**2 - a * c)) / a for sign in (-1, 1))
    return (roots[1], math.inf) if d.mean() > 0 else (-math.inf, roots[0])


def elasticity(arms: np.ndarray, by: float) -> Value:
    """The elasticity ln(x_1/x_0)/ln `by`, with `by` the factor between the settings of the arms."""
    with np.errstate(divide="ignore", invalid="ignore"):
        each = np.log(arms[1] / arms[0]) / math.log(by)
    return over(np.where(np.isfinite(each), each, math.nan))


def interaction(arms: np.ndarray, by: float) -> Value:
    """The difference in differences (x_3 − x_2) − (x_1 − x_0)."""
    return over((arms[3] - arms[2]) - (arms[1] - arms[0]))


def inner(arms: np.ndarray, by: float) -> Value:
    """The excess of the highest inner arm (by mean) over the higher of the first and last arm; negative if it is
    lower."""
    means = np.nanmean(arms[1:-1], axis=1) if np.isfinite(arms[1:-1]).any() else np.zeros(len(arms) - 2)
    return over(arms[1:-1][int(np.argmax(means))] - np.maximum(arms[0], arms[-1]))


def bend(arms: np.ndarray, by: float) -> Value:
    """The excess fall of the first step over the second, ((x_0 − x_1) − (x_1 − x_2)) relative to mean x_0 [%]."""
    base = np.nanmean(arms[0]) if np.isfinite(arms[0]).any() else math.nan
    return over(100 * (arms[0] - 2 * arms[1] + arms[2]) / base if base else np.full(arms.shape[1], math.nan))


WAYS = {"level": level, "change": change, "elasticity": elasticity, "interaction": interaction, "inner": inner,
        "bend": bend}
TAKES = {"level": (1, 1), "change": (2, 2), "elasticity": (2, 2), "interaction": (4, 4), "inner": (3, 99),
         "bend": (3, 3)}  # fewest and most arms
