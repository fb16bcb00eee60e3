"""Sensitivity indices of a stochastic model: elementary effects and variance shares, corrected for chance.

SALib draws the designs and computes indices of the mean over n seeds at each point.  That mean still varies by chance,

    Var(mean over n seeds) = V + C/n,    V = Var_x E[y | x],    C = E_x Var[y | x]     (law of total variance)

so that C is estimated within points and subtracted.  If every point has its own seeds, chance adds C/n to the variance
of which indices are shares, C/n to the numerator of total indices (Jansen) and nothing to that of first-order indices.
Values are (points, seeds), with NaN for missing runs.
"""

import warnings
from typing import NamedTuple

import numpy as np
from scipy.special import ndtri

from sim.registry.parameters import ConfigurationError

GRID = 4  # levels of Morris's grid
STEP = GRID / (2 * (GRID - 1))  # step of an elementary effect, as a share of the range of a parameter
RESAMPLES, LEVEL = 1000, 0.95  # bootstrap intervals: resamples and confidence level


def salib():
    """The package SALib; raises ConfigurationError if it is not installed."""
    try:
        import SALib.analyze.morris
        import SALib.analyze.sobol
        import SALib.sample.morris
        import SALib.sample.sobol
    except ImportError:
        raise ConfigurationError("screening and sensitivity analysis need SALib: pip install '.[analysis]'") from None
    return SALib


def problem(names, groups=None) -> dict:
    """The unit cube of the named parameters in the form that SALib requires; `groups` names the group of each."""
    cube = {"num_vars": len(names), "names": list(names), "bounds": [[0.0, 1.0]] * len(names)}
    return cube | ({"groups": list(groups)} if groups else {})


# designs -----------------------------------------------------------------------------------------------------------
def trajectories(names, count: int, seed: int) -> np.ndarray:
    """Morris's design (points, k): `count` trajectories of k + 1 points, in which each step changes one parameter."""
    return salib().sample.morris.sample(problem(names), count, num_levels=GRID, seed=seed)


def saltelli(names, base: int, seed: int, groups=None) -> np.ndarray:
    """Saltelli's design on a scrambled Sobol' sequence: `base` blocks of k + 2 points (g + 2 with g groups)."""
    return salib().sample.sobol.sample(problem(names, groups), base, calc_second_order=False, seed=seed)


# chance ------------------------------------------------------------------------------------------------------------
class Split(NamedTuple):
    """Variance of the outcome of one run over a design [outcome's unit squared]."""

    parameters: float  # V, variance of the expected outcome between points; the estimate may be negative
    chance: float  # C, variance between seeds of one point, mean over points; NaN for one seed
    seeds: int

    @property
    def share_of_chance(self) -> float:
        """C/(V + C), the share of chance in the variance of one run; between 0 and 1 except for sampling error."""
        total = self.parameters + self.chance
        return self.chance / total if total > 0 else np.nan


def split(values: np.ndarray, between: np.ndarray | None = None) -> Split:
    """V and C by the law of total variance, from values (points, seeds).

    between: values of the points from which V is estimated, which must be a random sample; None takes all points.
    """
    values = values[np.isfinite(values).all(axis=1)] if between is None else values
    between = values if between is None else between
    seeds = values.shape[1]
    chance = float(values.var(axis=1, ddof=1).mean()) if seeds > 1 and len(values) else np.nan
    spread = float(between.mean(axis=1).var(ddof=1)) if len(between) > 1 else np.nan
    return Split(spread - chance / seeds if seeds > 1 else spread, chance, seeds)


# indices -----------------------------------------------------------------------------------------------------------
class Screening(NamedTuple):
    """Morris's measures, with one entry per parameter [outcome's unit per range of the parameter]."""

    mu: np.ndarray  # mean elementary effect
    mu_star: np.ndarray  # mean absolute elementary effect
    half: np.ndarray  # half-width of the 95 % bootstrap interval of `mu_star`
    sigma: np.ndarray  # standard deviation of elementary effects, from interactions, curvature and chance
    floor: float  # largest μ* that chance alone would give; NaN if the variance of chance is unknown
    trajectories: int  # number of complete trajectories


def screen(names, cube: np.ndarray, values: np.ndarray, chance: float, seed: int) -> Screening | None:
    """Elementary effects of the mean over seeds; None for fewer than two complete trajectories.

    cube (points, k): the design; values (points, seeds); chance: C of one run [outcome's unit squared], NaN if unknown.
    Trajectories with a missing run are left out.  Floor: the effects of a parameter that only reshuffles chance are
    normal with variance 2(C/n)/Δ², in whose standard deviation μ* over r trajectories has mean √(2/π) and standard
    deviation √((1−2/π)/r); the floor is the quantile 1 − 1/k.  It is conservative, since the points of a trajectory
    share their seeds.
    """
    k = len(names)
    whole = np.isfinite(values).all(axis=1).reshape(-1, k + 1).all(axis=1)
    r = int(whole.sum())
    if r < 2:
        return None
    rows = np.repeat(whole, k + 1)
    measures = salib().analyze.morris.analyze(problem(names), cube[rows], values[rows].mean(axis=1), num_levels=GRID,
                                              num_resamples=RESAMPLES, conf_level=LEVEL, seed=seed)
    spread = np.sqrt(2 * chance / values.shape[1]) / STEP
    floor = spread * (np.sqrt(2 / np.pi) + ndtri(1 - 1 / max(k, 2)) * np.sqrt((1 - 2 / np.pi) / r))
    mu, mu_star, half, sigma = (np.asarray(measures[name], float)
                                for name in ("mu", "mu_star", "mu_star_conf", "sigma"))
    return Screening(mu, mu_star, half, sigma, float(floor), r)


class Shares(NamedTuple):
    """Sobol' indices of the expected outcome, with one entry per parameter or group.

    Estimates may be negative by sampling error.
    """

    first: np.ndarray  # share of V that is due to the parameter alone
    first_half: np.ndarray  # half-width of the 95 % bootstrap interval
    total: np.ndarray  # share of V that is due to the parameter and all its interactions
    total_half: np.ndarray  # half-width of the 95 % bootstrap interval
    variance: Split
    blocks: int  # number of complete blocks


def shares(names, values: np.ndarray, seed: int, groups=None) -> Shares | None:
    """Indices of the mean over seeds, corrected for chance; None if the variance does not exceed that of chance.

    values (points, seeds) of a design of `saltelli`.  Estimators: Saltelli et al. 2010 (first) and Jansen 1999 (total),
    doi:10.1016/j.cpc.2009.09.018, as in SALib.  Blocks with a missing run are left out.  With one seed no correction is
    possible, and indices include chance.
    """
    members = list(dict.fromkeys(groups)) if groups else list(names)
    step = len(members) + 2
    blocks = values.reshape(-1, step, values.shape[1])
    blocks = blocks[np.isfinite(blocks).all(axis=(1, 2))]
    if len(blocks) < 2 or not np.ptp(blocks.mean(axis=2)):
        return None
    ends = blocks[:, [0, -1]].reshape(-1, values.shape[1])  # A and B: a random sample of the cube
    variance = split(blocks.reshape(-1, values.shape[1]), ends)
    noise = variance.chance / variance.seeds if variance.seeds > 1 else 0.0
    spread = float(ends.mean(axis=1).var())
    if spread <= noise:
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # SALib warns of constant resamples
        indices = salib().analyze.sobol.analyze(problem(names, groups), blocks.mean(axis=2).ravel(),
                                                calc_second_order=False, num_resamples=RESAMPLES, conf_level=LEVEL,
                                                seed=seed)
    scale = spread / (spread - noise)
    return Shares(indices["S1"] * scale, indices["S1_conf"] * scale, (indices["ST"] - noise / spread) * scale,
                  indices["ST_conf"] * scale, variance, len(blocks))
