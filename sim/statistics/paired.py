"""Comparison of two scenarios replicate by replicate.

x_r is an outcome in replicate r of the reference and y_r the same outcome in the other scenario.  Both have the same
seed, so that the comparison rests on the differences d_r = y_r − x_r.  The interval is the main result; a p-value
serves Holm's adjustment and is never shown alone.  Verdicts:

    equivalent   two one-sided tests reject differences as large as the smallest effect of interest (Schuirmann 1987)
    different    otherwise, if Holm's p < 0.05 and the 95 % interval excludes 0
    undecided    otherwise

A difference can be significantly different from zero and yet significantly smaller than the smallest effect of
interest, which Lakens (2017, SPPS 8:355) treats as a separate case.  Here it counts as equivalent: the smallest effect
was fixed before any run, and more replicates make any difference of a simulation significant (White et al. 2014, Oikos
123:385).  `Comparison.differs` distinguishes the two kinds.

Intervals and tests are Student's; they cover chance in the simulation alone, under stated assumptions.
"""

from dataclasses import asdict, dataclass, field, replace
from math import copysign, inf, nan, sqrt

import numpy as np
from scipy.special import stdtrit

from sim.statistics.intervals import LEVEL
from sim.statistics.replicates import must_be_positive
from sim.statistics.student import achieved_half_width, at_least_two, fieller, one_sided, spread

ALPHA = 0.05


@dataclass(frozen=True)
class Comparison:
    """One outcome in two scenarios; `…_low` and `…_high` end 95 % intervals, and NaN marks what cannot be estimated."""

    n: int  # pairs used
    dropped: int  # pairs with a value missing
    reference: float  # mean of x [outcome's unit]
    other: float  # mean of y [outcome's unit]
    difference: float  # mean of y − x [outcome's unit]
    low: float
    high: float
    percent: float  # difference in per cent of |mean of x|, so that it has the sign of the difference
    percent_low: float  # Fieller's interval; −∞ to ∞ if the mean of x does not differ significantly from 0
    percent_high: float
    superiority: float  # P(y > x) + ½ P(y = x) within a pair
    superiority_low: float
    superiority_high: float
    standardised: float  # difference divided by the SD between runs of one scenario, √((s²_x + s²_y)/2)
    correlation: float  # of x and y over replicates
    saving: float  # independent runs that one paired run replaces
    saving_low: float
    saving_high: float
    smallest: float  # smallest effect of interest [outcome's unit]; NaN if none was fixed
    p_equivalence: float = field(repr=False)  # larger of the two one-sided tests
    p_value: float = field(repr=False)  # paired t-test, input of Holm's step
    p_holm: float = field(repr=False)  # adjusted over the family, see `family`

    @property
    def differs(self) -> bool:
        """Whether the difference is significant: Holm's p < 0.05 and 0 outside the interval."""
        return bool(self.p_holm < ALPHA and not self.low <= 0 <= self.high)

    @property
    def verdict(self) -> str:
        """different, equivalent or undecided, as the docstring of this module defines them."""
        if self.p_equivalence < ALPHA:
            return "equivalent"
        return "different" if self.differs else "undecided"

    def row(self) -> dict:
        """The comparison as a row of a table: every field except the unadjusted p-value, and the verdict."""
        return {name: v for name, v in asdict(self).items() if name != "p_value"} | {"verdict": self.verdict}


def compare(reference, other, smallest_effect: float | None, relative: bool = False) -> Comparison:
    """Paired comparison of x (`reference`) and y (`other`), each with one value per replicate in the same order.

    smallest_effect: in the outcome's unit or, if `relative`, a share of the mean of x (0.05 for 5 %); None if none was
    fixed, when only equal pairs are equivalent.  Raises ValueError for fewer than two complete pairs, lists of
    different lengths or an effect that is not positive.
    """
    must_be_positive(1.0 if smallest_effect is None else smallest_effect)
    x, y, dropped = pairs(reference, other)
    d, n, base = y - x, len(x), float(x.mean())
    mean, half, p = float(d.mean()), achieved_half_width(d), 2 * min(one_sided(d), one_sided(-d))
    below, above = fieller(x, d)
    return Comparison(
        n, dropped, base, float(y.mean()), mean, mean - half, mean + half,
        100 * mean / abs(base) if base else nan, 100 * below, 100 * above,
        *superiority(d), standardised(x, y), correlation(x, y), *saving(x, y),
        nan if smallest_effect is None else smallest_effect * (abs(base) if relative else 1.0),
        equivalence(x, d, smallest_effect, relative), p, p)


def family(comparisons: dict) -> dict:
    """The same comparisons with Holm's adjustment over all their p-values; tests of equivalence are not adjusted."""
    adjusted = holm([c.p_value for c in comparisons.values()])
    return {key: replace(c, p_holm=float(p)) for (key, c), p in zip(comparisons.items(), adjusted)}


def holm(p_values) -> np.ndarray:
    """Holm's (1979) adjusted p-values, max over j ≤ i of min(1, (m − j + 1) p_(j)); ValueError outside 0 to 1."""
    from statsmodels.stats.multitest import multipletests  # costs a second

    p_values = np.asarray(p_values, float)
    if not np.all((p_values >= 0) & (p_values <= 1)):
        raise ValueError("p-values must lie in 0..1")
    return multipletests(p_values, method="holm")[1] if len(p_values) else p_values


# estimates and tests ---------------------------------------------------------------------------------------------
def pairs(reference, other) -> tuple[np.ndarray, np.ndarray, int]:
    """x and y of the pairs in which both are finite, and the number of other pairs.

    Raises ValueError for lists of different lengths and for fewer than two complete pairs.
    """
    x, y = np.asarray(reference, float), np.asarray(other, float)
    if x.ndim != 1 or x.shape != y.shape:
        raise ValueError(f"pairs need two lists of the same length, not shapes {x.shape} and {y.shape}")
    both = np.isfinite(x) & np.isfinite(y)
    return at_least_two(x[both]), y[both], int((~both).sum())


def equivalence(x, d, smallest: float | None, relative: bool) -> float:
    """p-value of the two one-sided t-tests (Schuirmann 1987) for mean d > −Δ and mean d < Δ: the larger of the two.

    A relative bound δ·mean(x) is itself estimated; the test is therefore of d ± δx, which is exact for a ratio of
    means, and rejects if the 90 % Fieller interval lies within ±δ (Berger & Hsu 1996, Stat. Sci. 11:283).  NaN without
    a bound.
    """
    if not d.any():
        return 0.0  # equal in every replicate, which happens if no rule reads the parameter that differs
    if smallest is None:
        return nan
    bound = smallest * (np.sign(x.mean()) * x if relative else 1.0)
    return max(one_sided(bound + d), one_sided(bound - d))


def superiority(d) -> tuple[float, float, float]:
    """P(d > 0) + ½ P(d = 0) and Wilson's score interval, with ties counted half (Newcombe 1998, Stat. Med. 17:857).

    Half counts vary less than a binomial count, so that the interval is conservative if there are ties.
    """
    from statsmodels.stats.proportion import proportion_confint

    wins = float((d > 0).sum() + 0.5 * (d == 0).sum())
    low, high = proportion_confint(wins, len(d), alpha=1 - LEVEL, method="wilson")
    return wins / len(d), float(low), float(high)


def standardised(x, y) -> float:
    """Difference divided by the SD between runs of one scenario, d_av (Cumming 2012; Lakens 2013, Front. Psych. 4:863).

    The divisor is not the SD of the differences, because common seeds reduce that one and are no part of the effect.
    """
    mean, sd = float(y.mean() - x.mean()), sqrt((spread(x) ** 2 + spread(y) ** 2) / 2)
    return mean / sd if sd else copysign(inf, mean) if mean else 0.0


def correlation(x, y) -> float:
    """Pearson's correlation over replicates; NaN if either outcome does not vary."""
    return float(np.corrcoef(x, y)[0, 1]) if spread(x) and spread(y) else nan


def saving(x, y) -> tuple[float, float, float]:
    """Number of independent runs that give the same error as one paired run, (var x + var y)/var(y − x), and interval.

    With S = x + y and D = y − x it is (F + 1)/2 where F = var S/var D, and F has an exact interval for normal pairs
    (Pitman 1939, Morgan 1939, Biometrika 31): F (K ± √(K² − 1)), K = 1 + 2 (1 − r²_SD) t²/(n − 2).
    """
    n, total, difference = len(x), x + y, y - x
    if not spread(total):
        return (0.5 if spread(difference) else nan,) * 3
    if spread(difference) <= 1e-100 * spread(total):  # zero, or so small that its square vanishes
        return inf, inf, inf
    f = (spread(total) / spread(difference)) ** 2
    if n < 3:
        return (f + 1) / 2, nan, nan
    k = 1 + 2 * (1 - correlation(total, difference) ** 2) * float(stdtrit(n - 2, 0.5 + LEVEL / 2)) ** 2 / (n - 2)
    widen = k + sqrt(max(k**2 - 1, 0.0))
    return (f + 1) / 2, (f / widen + 1) / 2, (f * widen + 1) / 2
