"""The number of replicates that a paired comparison needs, planned from the differences in a pilot."""

from dataclasses import dataclass
from math import sqrt

import numpy as np
from scipy.special import stdtrit
from scipy.stats import chi2, ncf

from sim.statistics.student import at_least_two, half_width, spread


@dataclass(frozen=True)
class Plan:
    """A number of replicates and its precision, if the standard deviation is the upper limit from the pilot."""

    n: int  # pairs of replicates
    half_width: float  # of the 95 % interval at n [outcome's unit]
    power: float  # probability of detecting the smallest effect with n pairs
    spread: float  # upper confidence limit of the standard deviation of differences [outcome's unit]
    reached: bool  # False if n is the cap, which does not suffice


def must_be_positive(smallest_effect: float) -> None:
    """Raise ValueError unless the smallest effect of interest is positive.

    An effect of 0 would make nothing equivalent and need infinitely many replicates.
    """
    if not smallest_effect > 0:
        raise ValueError(f"the smallest effect of interest must be positive, not {smallest_effect}")


def replicates_for_power(pilot_differences, smallest_effect: float, power: float = 0.95, alpha: float = 0.01,
                         cap: int = 512) -> Plan:
    """The fewest pairs (2 to `cap`) with which a two-sided paired t-test at `alpha` detects an effect with `power`.

    pilot_differences: differences of pairs, at least two [outcome's unit]; smallest_effect in the same unit.  Small
    pilots mostly understate the standard deviation; with its upper 80 % limit, 80 % of pilots lead to the intended
    power (Browne 1995, Stat. Med. 14:1933).  Raises ValueError for too few differences, an effect that is not positive
    or a cap below 2.
    """
    must_be_positive(smallest_effect)
    if cap < 2:
        raise ValueError(f"a cap of at least 2 pairs is needed, not {cap}")
    sd = upper_limit(pilot_differences)
    powers = paired_power(np.arange(2, cap + 1), smallest_effect, sd, alpha)
    n = 2 + int((powers >= power).argmax()) if powers[-1] >= power else cap
    return Plan(n, half_width(n, sd), float(powers[n - 2]), sd, bool(powers[-1] >= power))


def upper_limit(differences, level: float = 0.8) -> float:
    """One-sided upper confidence limit of the standard deviation of a normal sample: s √((n−1)/χ²_{1−level}(n−1))."""
    d = at_least_two(differences)
    return spread(d) * sqrt((len(d) - 1) / chi2.ppf(1 - level, len(d) - 1))


def paired_power(n, effect: float, sd: float, alpha: float) -> np.ndarray:
    """Power of the two-sided paired t-test with n pairs: P(|T| > t), T noncentral t with shift effect √n/sd.

    It is computed as P(T² > t²) with T² noncentral F, because SciPy's noncentral t is NaN in the far tail.
    """
    if not sd:
        return np.ones(np.shape(n))
    shift, limit = effect * np.sqrt(n) / sd, stdtrit(n - 1, 1 - alpha / 2)
    return ncf.sf(limit**2, 1, n - 1, shift**2)
