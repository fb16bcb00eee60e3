"""Moderated t-intervals of many small samples (Smyth 2004, Stat. Appl. Genet. Mol. Biol. 3:3).

A few replicates determine the variance of a sample poorly.  Its estimate is therefore shrunk towards the common
variance of all samples, the more so the more alike their variances are.
"""

import numpy as np
from scipy.special import digamma, polygamma, stdtrit

from sim.statistics.intervals import LEVEL

ROUNDING = 1e-9  # standard deviations below this share of the largest value are rounding errors


def moderated(values: np.ndarray) -> np.ndarray:
    """Mean and ends of the moderated 95 % t-interval (3, worlds) of values (worlds, replicates).

    Values that are not finite are left out; a world with fewer than two values has NaN.
    """
    counts = np.isfinite(values).sum(axis=1)
    enough = counts > 1
    out = np.full((3, len(values)), np.nan)
    if not enough.any():
        return out
    known, n = values[enough], counts[enough]
    mean, spread = np.nanmean(known, axis=1), np.nanvar(known, axis=1, ddof=1)
    spread[spread < (ROUNDING * np.nanmax(np.abs(known))) ** 2] = 0.0  # else the logarithm below would amplify rounding
    weight, common = prior_spread(spread, n - 1)
    total = weight + n - 1
    if np.isinf(weight):
        variance, quantile = np.full(len(n), common), stdtrit(1e6, 0.5 + LEVEL / 2)
    else:
        variance, quantile = (weight * common + (n - 1) * spread) / total, stdtrit(total, 0.5 + LEVEL / 2)
    half = quantile * np.sqrt(variance / n)
    half[~np.nan_to_num(known).any(axis=1)] = 0.0  # zero in every replicate: the difference is known exactly
    out[:, enough] = mean, mean - half, mean + half
    return out


def prior_spread(variances, freedom) -> tuple[float, float]:
    """Degrees of freedom and variance of the prior, by moments of log s² (Smyth 2004, section 6.2).

    variances (n,), freedom (n,): variance and degrees of freedom of each sample.  Infinite degrees of freedom mean that
    the variances differ no more than by chance; 0 means that fewer than three are positive.
    """
    some = variances > 0
    if some.sum() < 3:
        return 0.0, 0.0
    d = np.asarray(freedom, float)[some]
    e = np.log(variances[some]) - digamma(d / 2) + np.log(d / 2)
    excess = e.var(ddof=1) - polygamma(1, d / 2).mean()
    if excess <= 0:  # the variances differ no more than by chance
        return np.inf, float(np.exp(e.mean()))
    half = inverse_trigamma(excess)
    return 2 * half, float(np.exp(e.mean() + digamma(half) - np.log(half)))


def inverse_trigamma(value: float) -> float:
    """The y with ψ′(y) = value, by bisection of log y."""
    low, high = 1e-6, 1e8
    for _ in range(200):
        middle = np.sqrt(low * high)
        low, high = (middle, high) if polygamma(1, middle) > value else (low, middle)
    return float(middle)
