"""The interval that all statistics use: Student's t over replicates."""

import math

import numpy as np
from scipy.special import stdtrit

LEVEL = 0.95


def interval(values) -> tuple[int, float, float, float]:
    """Number of finite values, their mean and the ends of its 95 % t-interval.

    The ends are NaN for one value; the mean is NaN as well for none.
    """
    values = np.asarray(values, float)
    values = values[np.isfinite(values)]
    n = len(values)
    if not n:
        return 0, math.nan, math.nan, math.nan
    mean = float(values.mean())
    if n == 1:
        return 1, mean, math.nan, math.nan
    half = float(stdtrit(n - 1, 0.5 + LEVEL / 2) * values.std(ddof=1) / math.sqrt(n))
    return n, mean, mean - half, mean + half


def over(values: np.ndarray) -> np.ndarray:
    """Mean and ends of the 95 % t-interval over the last axis, the replicates; (3, …)."""
    flat = values.reshape(-1, values.shape[-1])
    return np.array([interval(row)[1:] for row in flat]).T.reshape(3, *values.shape[:-1])


def sign(difference: np.ndarray) -> np.ndarray:
    """Sign of each difference: +1 or −1 where its interval excludes 0, else 0; `difference` (3, …) as from `over`."""
    _, low, high = difference
    return np.where(low > 0, 1, np.where(high < 0, -1, 0))
