"""Two scenarios compared replicate by replicate, and how many replicates a comparison needs.

x_r is an outcome in replicate r of the reference, y_r in the other scenario; both have the same seed, so all is said of
the differences d_r = y_r − x_r.  An interval comes first; a p-value is kept for Holm's step and never shown alone.
Verdicts:

    equivalent   two one-sided tests reject differences as large as the smallest effect of interest (Schuirmann 1987)
    different    else, if Holm's p < 0.05 and the 95 % interval excludes 0
    undecided    else

A difference can be surely not zero and yet surely smaller than what matters, a case of its own in Lakens (2017, SPPS
8:355).  Here it is equivalent: the smallest effect was fixed before any run, and a simulation makes any difference
significant by running longer (White et al. 2014, Oikos 123:385).  `differs` tells the two kinds apart.

Intervals and tests are Student's: of chance in the simulation alone, under stated assumptions.
"""

from dataclasses import asdict, dataclass, field, replace
from math import copysign, inf, nan, sqrt

import numpy as np
from scipy.special import stdtr, stdtrit
from scipy.stats import chi2, ncf

from sim.statistics.intervals import LEVEL

ALPHA = 0.05


@dataclass(frozen=True)
class Comparison:
    """One outcome in two scenarios. `…_low`, `…_high` are ends of 95 % intervals; NaN: nothing can be said."""

    n: int  # pairs used
    dropped: int  # pairs with a value missing
    reference: float  # mean of x [outcome's unit]
    other: float  # mean of y [outcome's unit]
    difference: float  # mean of y − x [outcome's unit]
    low: float
    high: float
    percent: float  # of |mean of x|, so that its sign is that of the difference [%]
    percent_low: float  # Fieller's interval; −∞ to ∞ where the mean of x is not surely different from 0
    percent_high: float
    superiority: float  # P(y > x) + ½ P(y = x) within a pair
    superiority_low: float
    superiority_high: float
    standardised: float  # difference per SD between runs of one scenario, √((s²_x + s²_y)/2)
    correlation: float  # of x and y over replicates
    saving: float  # independent runs needed for one paired run
    saving_low: float
    saving_high: float
    smallest: float  # smallest effect of interest [outcome's unit]; NaN: none was fixed
    p_equivalence: float = field(repr=False)  # larger of the two one-sided tests
    p_value: float = field(repr=False)  # paired t-test, input of Holm's step
    p_holm: float = field(repr=False)  # adjusted over the family, see `family`

    @property
    def differs(self) -> bool:
        """Not zero: Holm's p < 0.05 and 0 outside the interval."""
        return bool(self.p_holm < ALPHA and not self.low <= 0 <= self.high)

    @property
    def verdict(self) -> str:
        """different, equivalent or undecided, as the head of the file says."""
        if self.p_equivalence < ALPHA:
            return "equivalent"
        return "different" if self.differs else "undecided"

    def row(self) -> dict:
        """For a table: every field but the bare p-value, and the verdict."""
        return {name: v for name, v in asdict(self).items() if name != "p_value"} | {"verdict": self.verdict}


def compare(reference, other, smallest_effect: float | None, relative: bool = False) -> Comparison:
    """Paired comparison of x (`reference`) and y (`other`), one value per replicate each, in the same order.

    `smallest_effect` is in the outcome's unit, or with `relative` a share of the reference's mean (0.05 for 5 %); None
    where none was fixed (then never equivalent, unless every pair is equal).
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
    """The same comparisons judged together: Holm over all their p-values. Tests of equivalence are not adjusted."""
    adjusted = holm([c.p_value for c in comparisons.values()])
    return {key: replace(c, p_holm=float(p)) for (key, c), p in zip(comparisons.items(), adjusted)}


def holm(p_values) -> np.ndarray:
    """Holm's (1979) adjusted p-values: max over j ≤ i of min(1, (m − j + 1) p_(j))."""
    from statsmodels.stats.multitest import multipletests  # costs a second

    p_values = np.asarray(p_values, float)
    if not np.all((p_values >= 0) & (p_values <= 1)):
        raise ValueError("p-values must lie in 0..1")
    return multipletests(p_values, method="holm")[1] if len(p_values) else p_values


# the pieces -------------------------------------------------------------------------------------------------------
def pairs(reference, other) -> tuple[np.ndarray, np.ndarray, int]:
    """x and y where both are numbers, and how many pairs were dropped."""
    x, y = np.asarray(reference, float), np.asarray(other, float)
    if x.ndim != 1 or x.shape != y.shape:
        raise ValueError(f"pairs need two lists of the same length, not shapes {x.shape} and {y.shape}")
    both = np.isfinite(x) & np.isfinite(y)
    return at_least_two(x[both]), y[both], int((~both).sum())


def at_least_two(values) -> np.ndarray:
    """Those that are numbers, if they are enough to tell a spread from."""
    values = np.asarray(values, float)
    values = values[np.isfinite(values)]
    if len(values) < 2:
        raise ValueError(f"at least 2 complete pairs of replicates are needed, there are {len(values)}")
    return values


def must_be_positive(smallest_effect: float) -> None:
    """A smallest effect of 0 would make nothing equivalent and ask for endless replicates."""
    if not smallest_effect > 0:
        raise ValueError(f"the smallest effect of interest must be positive, not {smallest_effect}")


def spread(values) -> float:
    """Standard deviation; exactly 0 where all values are the same (their mean may be rounded)."""
    return float(values.std(ddof=1)) if np.ptp(values) else 0.0


def achieved_half_width(differences, level: float = LEVEL) -> float:
    """Half-width of the t-interval of the mean, t s/√n [unit of the differences]."""
    d = at_least_two(differences)
    return half_width(len(d), spread(d), level)


def half_width(n: int, sd: float, level: float = LEVEL) -> float:
    """The same from n and s."""
    return float(stdtrit(n - 1, 0.5 + level / 2)) * sd / sqrt(n)


def one_sided(values) -> float:
    """p of the t-test against a mean above 0; where nothing varies the sign of the mean settles it."""
    mean, error = float(values.mean()), spread(values) / sqrt(len(values))
    t = mean / error if error else copysign(inf, mean) if mean else 0.0
    return float(stdtr(len(values) - 1, -t))


def equivalence(x, d, smallest: float | None, relative: bool) -> float:
    """p of two one-sided t-tests (Schuirmann 1987): mean d > −Δ and mean d < Δ, the larger of the two.

    A relative bound δ·mean(x) is itself estimated, so d ± δx is tested, not d ± a number: exact for a ratio of means.
    It rejects where the 90 % Fieller interval lies within ±δ (Berger & Hsu 1996, Stat. Sci. 11:283).
    """
    if not d.any():
        return 0.0  # equal in every replicate: a rule that nothing reads, there is nothing to infer
    if smallest is None:
        return nan
    bound = smallest * (np.sign(x.mean()) * x if relative else 1.0)
    return max(one_sided(bound + d), one_sided(bound - d))


def fieller(x, d, level: float = LEVEL) -> tuple[float, float]:
    """Interval of mean(d)/|mean(x)| (Fieller 1954): all θ with (d̄ − θ x̄)² ≤ t² (s_dd − 2θ s_xd + θ² s_xx)/n.

    Exact for normal pairs, also where the delta method fails (x̄ small beside its error); without bounds where x̄ is not
    different from 0.
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


def superiority(d) -> tuple[float, float, float]:
    """P(d > 0) + ½ P(d = 0) with Wilson's score interval, ties counted half (Newcombe 1998, Stat. Med. 17:857).

    Half counts vary less than a binomial, so the interval errs on the wide side where there are ties.
    """
    from statsmodels.stats.proportion import proportion_confint

    wins = float((d > 0).sum() + 0.5 * (d == 0).sum())
    low, high = proportion_confint(wins, len(d), alpha=1 - LEVEL, method="wilson")
    return wins / len(d), float(low), float(high)


def standardised(x, y) -> float:
    """Difference per SD between runs of one scenario: d_av (Cumming 2012; Lakens 2013, Front. Psychol. 4:863).

    Not divided by the SD of the differences: that shrinks with common seeds, which are no part of the effect.
    """
    mean, sd = float(y.mean() - x.mean()), sqrt((spread(x) ** 2 + spread(y) ** 2) / 2)
    return mean / sd if sd else copysign(inf, mean) if mean else 0.0


def correlation(x, y) -> float:
    """Pearson's correlation over replicates; NaN where one of them does not vary."""
    return float(np.corrcoef(x, y)[0, 1]) if spread(x) and spread(y) else nan


def saving(x, y) -> tuple[float, float, float]:
    """(var x + var y)/var(y − x): how many times more independent runs would give the same error; 1 without gain.

    With S = x + y and D = y − x it is (F + 1)/2, F = var S/var D, and F has an exact interval for normal pairs (Pitman
    1939, Morgan 1939, Biometrika 31): F (K ± √(K² − 1)), K = 1 + 2 (1 − r²_SD) t²/(n − 2).
    """
    n, total, gap = len(x), x + y, y - x
    if not spread(total):
        return (0.5 if spread(gap) else nan,) * 3
    if spread(gap) <= 1e-100 * spread(total):  # none, or too little to be squared
        return inf, inf, inf
    f = (spread(total) / spread(gap)) ** 2
    if n < 3:
        return (f + 1) / 2, nan, nan
    k = 1 + 2 * (1 - correlation(total, gap) ** 2) * float(stdtrit(n - 2, 0.5 + LEVEL / 2)) ** 2 / (n - 2)
    widen = k + sqrt(max(k**2 - 1, 0.0))
    return (f + 1) / 2, (f / widen + 1) / 2, (f * widen + 1) / 2


# how many replicates ----------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Plan:
    """Replicates for a paired comparison and what they buy, if the spread is the pilot's upper limit."""

    n: int
    half_width: float  # of the 95 % interval at n [outcome's unit]
    power: float  # to see the smallest effect at n
    spread: float  # upper limit of the SD of differences [outcome's unit]
    reached: bool  # False: the cap was met first


def replicates_for_power(pilot_differences, smallest_effect: float, power: float = 0.95, alpha: float = 0.01,
                         cap: int = 512) -> Plan:
    """Fewest pairs (2..cap) with which a two-sided paired t-test at `alpha` sees `smallest_effect` with `power`.

    Small pilots mostly understate the SD; planned with its upper 80 % limit, 80 % of pilots give the power asked for
    (Browne 1995, Stat. Med. 14:1933).
    """
    must_be_positive(smallest_effect)
    if cap < 2:
        raise ValueError(f"a cap of at least 2 pairs is needed, not {cap}")
    sd = upper_limit(pilot_differences)
    reach = paired_power(np.arange(2, cap + 1), smallest_effect, sd, alpha)
    n = 2 + int((reach >= power).argmax()) if reach[-1] >= power else cap
    return Plan(n, half_width(n, sd), float(reach[n - 2]), sd, bool(reach[-1] >= power))


def upper_limit(differences, level: float = 0.8) -> float:
    """One-sided upper confidence limit of a normal SD: s √((n−1)/χ²_{1−level}(n−1))."""
    d = at_least_two(differences)
    return spread(d) * sqrt((len(d) - 1) / chi2.ppf(1 - level, len(d) - 1))


def paired_power(n, effect: float, sd: float, alpha: float) -> np.ndarray:
    """Power of the two-sided paired t-test with n pairs: P(|T| > t), T noncentral t with shift effect √n/sd.

    Taken as P(T² > t²), T² noncentral F: the same number, but SciPy's noncentral t is NaN in the far tail.
    """
    if not sd:
        return np.ones(np.shape(n))
    shift, limit = effect * np.sqrt(n) / sd, stdtrit(n - 1, 1 - alpha / 2)
    return ncf.sf(limit**2, 1, n - 1, shift**2)
