"""Student's t for samples of replicates: half-widths, a one-sided test, and Fieller's interval of a ratio of means."""

from math import copysign, inf, nan, sqrt

import numpy as np
from scipy.special import stdtr, stdtrit

from sim.statistics.intervals import LEVEL


def at_least_two(values) -> np.ndarray:
    """The finite values (n,); raises ValueError for fewer than two, which have no standard deviation."""
    values = np.asarray(values, float)
    values = values[np.isfinite(values)]
    if len(values) < 2:
        raise ValueError(f"at least 2 complete pairs of replicates are needed, there are {len(values)}")
    return values


def spread(values) -> float:
    """Standard deviation of a sample; exactly 0 if all values are equal, although their mean may be rounded."""
    return float(values.std(ddof=1)) if np.ptp(values) else 0.0


def half_width(n: int, sd: float, level: float = LEVEL) -> float:
    """Half-width of the t-interval of a mean, t s/√n, for n values with standard deviation `sd` [unit of `sd`]."""
    return float(stdtrit(n - 1, 0.5 + level / 2)) * sd / sqrt(n)


def achieved_half_width(values, level: float = LEVEL) -> float:
    """Half-width of the t-interval of the mean of a sample [unit of the values]; raises ValueError for fewer than 2."""
    sample = at_least_two(values)
    return half_width(len(sample), spread(sample), level)


def one_sided(values) -> float:
    """p-value of the t-test against a mean above 0; for equal values it is 0, 1 or ½ by the sign of their mean."""
    mean, error = float(values.mean()), spread(values) / sqrt(len(values))
    t = mean / error if error else copysign(inf, mean) if mean else 0.0
    return float(stdtr(len(values) - 1, -t))


def fieller(x, d, level: float = LEVEL) -> tuple[float, float]:
    """Interval of mean(d)/|mean(x)| (Fieller 1954): all θ with (d̄ − θ x̄)² ≤ t² (s_dd − 2θ s_xd + θ² s_xx)/n.

    It is exact for normal pairs, also where the delta method fails because x̄ is small compared with its error; it has
    no bounds (−∞, ∞) where x̄ does not differ from 0.
    """
    base, mean = x.mean(), d.mean()
    if not base:
        return nan, nan
    if not d.any():
        return 0.0, 0.0
    (s_xx, s_xd), (_, s_dd) = np.cov(x, d) * stdtrit(len(x) - 1, 0.5 + level / 2) ** 2 / len(x)
    a, b, c = base**2 - s_xx, base * mean - s_xd, mean**2 - s_dd
    if a <= 0:
        return -inf, inf
    middle, half = np.sign(base) * b / a, sqrt(max(b**2 - a * c, 0.0)) / a
    return float(middle - half), float(middle + half)
