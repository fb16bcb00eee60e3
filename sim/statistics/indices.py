"""Sensitivity of a model that is itself random: elementary effects and variance shares, with chance set apart.

SALib draws the designs and computes indices of the mean over n seeds at each point.  That mean still varies by chance,

    Var(mean over n seeds) = V + C/n,    V = Var_x E[y | x],    C = E_x Var[y | x]     (law of total variance)

so C is estimated within points and taken out: with seeds of their own at every point, chance adds C/n to the variance
that indices are shares of, C/n to the numerator of total indices (Jansen) and nothing to that of first-order ones.
Values are points × seeds; NaN where a run is missing.
"""

import warnings
from typing import NamedTuple

import numpy as np
from scipy.special import ndtri

from sim.registry.parameters import ConfigurationError

GRID = 4  # levels of Morris's grid
STEP = GRID / (2 * (GRID - 1))  # of an elementary effect, as a share of a parameter's range
RESAMPLES, LEVEL = 1000, 0.95  # of bootstrap intervals


def salib():
    """The library; ConfigurationError where it is not installed."""
    try:
        import SALib.analyze.morris
        import SALib.analyze.sobol
        import SALib.sample.morris
        import SALib.sample.sobol
    except ImportError:
        raise ConfigurationError("screening and sensitivity analysis need SALib: pip install '.[analysis]'") from None
    return SALib


def problem(names, groups=None) -> dict:
    """The unit cube as SALib wants it described."""
    said = {"num_vars": len(names), "names": list(names), "bounds": [[0.0, 1.0]] * len(names)}
    return said | ({"groups": list(groups)} if groups else {})


# designs -----------------------------------------------------------------------------------------------------------
def trajectories(names, count: int, seed: int) -> np.ndarray:
    """Morris's design: `count` trajectories of k + 1 points, each a step of one parameter (points × k)."""
    return salib().sample.morris.sample(problem(names), count, num_levels=GRID, seed=seed)


def saltelli(names, base: int, seed: int, groups=None) -> np.ndarray:
    """Saltelli's design on a scrambled Sobol' sequence: `base` blocks of k + 2 points (g + 2 with groups)."""
    return salib().sample.sobol.sample(problem(names, groups), base, calc_second_order=False, seed=seed)


# chance ------------------------------------------------------------------------------------------------------------
class Split(NamedTuple):
    """Variance of one run over a design [outcome's unit squared]."""

    parameters: float  # V: of the expected outcome, between points; may come out below 0 where there is little
    chance: float  # C: between seeds of one point, mean over points; NaN from one seed
    seeds: int

    @property
    def share_of_chance(self) -> float:
        """C/(V + C) of a single run, 0…1 but for sampling error."""
        total = self.parameters + self.chance
        return self.chance / total if total > 0 else np.nan


def split(values: np.ndarray, between: np.ndarray | None = None) -> Split:
    """Law of total variance over points × seeds; V from the points `between` (all; they must be a random sample)."""
    values = values[np.isfinite(values).all(axis=1)] if between is None else values
    between = values if between is None else between
    seeds = values.shape[1]
    chance = float(values.var(axis=1, ddof=1).mean()) if seeds > 1 and len(values) else np.nan
    spread = float(between.mean(axis=1).var(ddof=1)) if len(between) > 1 else np.nan
    return Split(spread - chance / seeds if seeds > 1 else spread, chance, seeds)


# indices -----------------------------------------------------------------------------------------------------------
class Screening(NamedTuple):
    """Morris's measures, an entry a parameter [outcome's unit per range]."""

    mu: np.ndarray  # mean elementary effect
    mu_star: np.ndarray  # mean size of elementary effects
    half: np.ndarray  # half-width of its 95 % bootstrap interval
    sigma: np.ndarray  # their standard deviation: interactions, curvature and chance
    floor: float  # μ* that chance alone gives the largest of all parameters; NaN where chance is not known
    trajectories: int  # that were complete


def screen(names, cube: np.ndarray, values: np.ndarray, chance: float, seed: int) -> Screening | None:
    """Elementary effects of the mean over seeds; trajectories that miss a run are left out; None from fewer than two.

    chance: C, of one run [outcome's unit squared]; NaN where it is not known.  Floor: if a parameter only reshuffled
    chance, its effects would be normal with variance 2(C/n)/Δ², and μ* over r trajectories has mean √(2/π) and standard
    deviation √((1−2/π)/r) in that unit; taken at the quantile 1 − 1/k.  It errs on the high side, since the points of a
    trajectory share their seeds.
    """
    k = len(names)
    whole = np.isfinite(values).all(axis=1).reshape(-1, k + 1).all(axis=1)
    r = int(whole.sum())
    if r < 2:
        return None
    rows = np.repeat(whole, k + 1)
    found = salib().analyze.morris.analyze(problem(names), cube[rows], values[rows].mean(axis=1), num_levels=GRID,
                                           num_resamples=RESAMPLES, conf_level=LEVEL, seed=seed)
    spread = np.sqrt(2 * chance / values.shape[1]) / STEP
    floor = spread * (np.sqrt(2 / np.pi) + ndtri(1 - 1 / max(k, 2)) * np.sqrt((1 - 2 / np.pi) / r))
    mu, mu_star, half, sigma = (np.asarray(found[name], float) for name in ("mu", "mu_star", "mu_star_conf", "sigma"))
    return Screening(mu, mu_star, half, sigma, float(floor), r)


class Shares(NamedTuple):
    """Sobol' indices of the expected outcome, an entry a parameter or group; may fall below 0 by sampling error."""

    first: np.ndarray  # share of V owed to it alone
    first_half: np.ndarray  # half-width of the 95 % bootstrap interval
    total: np.ndarray  # with all its interactions
    total_half: np.ndarray
    variance: Split
    blocks: int  # base points whose runs were complete


def shares(names, values: np.ndarray, seed: int, groups=None) -> Shares | None:
    """Indices of the mean over seeds, corrected for its chance; None where nothing but chance varies.

    Estimators: Saltelli et al. 2010 (first), Jansen 1999 (total), doi:10.1016/j.cpc.2009.09.018, as in SALib.  Blocks
    that miss a run are left out.  From one seed nothing can be corrected.
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
        warnings.simplefilter("ignore")  # constant resamples
        found = salib().analyze.sobol.analyze(problem(names, groups), blocks.mean(axis=2).ravel(),
                                              calc_second_order=False, num_resamples=RESAMPLES, conf_level=LEVEL,
                                              seed=seed)
    larger = spread / (spread - noise)
    return Shares(found["S1"] * larger, found["S1_conf"] * larger, (found["ST"] - noise / spread) * larger,
                  found["ST_conf"] * larger, variance, len(blocks))
