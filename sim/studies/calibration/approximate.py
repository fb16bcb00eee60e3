"""Approximate Bayesian computation on a bank of simulations: acceptance, regression, and generations that add to it.

Summaries are first reduced to one number for each parameter, its linear estimate over the bank (Fearnhead and Prangle
2012, doi:10.1111/j.1467-9868.2011.01010.x).  Draws are weighted by Epanechnikov's kernel of the distance of these
estimates, and adjusted along a local linear regression to the reported summaries (Beaumont, Zhang and Balding 2002,
doi:10.1093/genetics/162.4.2025).  Regressions are on logit quantiles of the prior, so parameters stay in their ranges.
Further generations are drawn from a weighted kernel density of the last posterior, with importance weights prior over
proposal (population Monte Carlo: Beaumont et al. 2009, doi:10.1093/biomet/asp052).  The kernel density is SciPy's.
Libraries such as pyabc call the simulator themselves and store runs elsewhere; here a generation is a plan of the
sweep's store, so it runs on any launcher and can be resumed.
"""

from typing import NamedTuple

import numpy as np
from scipy.special import expit, logit
from scipy.stats import gaussian_kde

KEEP = 1.0  # share of the bank that is accepted; the kernel weights it
A_PARAMETER = 3  # fewest accepted draws for each parameter
SMALL = 1e-2  # ridge penalty of the last regression, in units of the predictors' variance
FOLDS = 8  # folds of the bank for out-of-fold estimates
LEAST = 0.1  # smallest assumed share of residual degrees of freedom
EDGE = 1e-4  # distance of quantiles from 0 and 1


class Sample(NamedTuple):
    """Weighted draws: quantiles of the prior (draws × parameters) and weights that sum to 1."""

    units: np.ndarray
    weights: np.ndarray

    def drawn(self, number: int, uniforms: np.ndarray) -> np.ndarray:
        """Resample to `number` draws of equal weight (systematic resampling, which uses one uniform)."""
        edges, levels = np.cumsum(self.weights), (np.arange(number) + uniforms[0]) / number
        return self.units[np.minimum(np.searchsorted(edges, levels), len(edges) - 1)]

    def mean(self) -> np.ndarray:
        """Weighted mean of each parameter's quantile."""
        return self.weights @ self.units

    def sd(self) -> np.ndarray:
        """Weighted standard deviation of each parameter's quantile."""
        return np.sqrt(self.weights @ (self.units - self.mean()) ** 2)


def spread(simulated: np.ndarray) -> np.ndarray:
    """Robust standard deviation of each summary (median absolute deviation × 1.4826)."""
    deviation = 1.4826 * np.median(np.abs(simulated - np.median(simulated, axis=0)), axis=0)
    return np.where(deviation > 0, deviation, np.maximum(simulated.std(axis=0), 1e-9))


def distances(simulated: np.ndarray, goal: np.ndarray, unit: np.ndarray) -> np.ndarray:
    """Root mean square difference of each run's summaries from the goal, in units `unit`."""
    return np.sqrt((((simulated - goal) / unit) ** 2).mean(axis=1))


def estimator(units, simulated, weights):
    """Return a function from summaries to linear estimates of the parameters (logit quantiles), fitted to a bank."""
    centre, unit = weights @ simulated, spread(simulated)
    penalty = simulated.shape[1] / ess(weights)  # vanishes as the bank grows
    slope = ridge((simulated - centre) / unit, to_line(units), weights, penalty)
    return lambda values: (np.asarray(values, float) - centre) / unit @ slope


def unseen(units, simulated, weights) -> np.ndarray:
    """Out-of-fold estimates of the bank's own runs; in-sample estimates would be more precise than the goal's."""
    fold, estimated = np.arange(len(units)) % FOLDS, np.zeros_like(units)
    for k in range(FOLDS):
        rest, here = fold != k, fold == k
        estimated[here] = estimator(units[rest], simulated[rest], weights[rest] / weights[rest].sum())(simulated[here])
    return estimated


def posterior(units, simulated, goal, importance=None, keep: float = KEEP) -> Sample:
    """Return draws that agree with `goal`, adjusted by regression; units, simulated: the bank's quantiles and
    summaries."""
    units, simulated = np.asarray(units, float), np.asarray(simulated, float)
    prior = np.ones(len(units)) if importance is None else np.asarray(importance, float)
    prior = prior / prior.sum()
    goal = estimator(units, simulated, prior)(goal)
    simulated = unseen(units, simulated, prior)
    away = distances(simulated, goal, spread(simulated))
    count = min(max(round(keep * len(units)), A_PARAMETER * simulated.shape[1]), len(units))
    near = np.argsort(away, kind="stable")[:count]
    width = away[near].max() * (1 + 1e-9) + 1e-12
    weights = (1 - (away[near] / width) ** 2) * prior[near]
    weights = weights / weights.sum()
    return Sample(moved(units[near], simulated[near], goal, weights), weights)


def to_line(units) -> np.ndarray:
    """Quantiles as logits."""
    return logit(np.clip(units, EDGE, 1 - EDGE))


def ridge(x, y, weights, penalty: float) -> np.ndarray:
    """Slopes of a weighted ridge regression on centred predictors of about unit variance."""
    gram = x.T @ (weights[:, None] * x) + penalty * np.eye(x.shape[1])
    return np.linalg.solve(gram, x.T @ (weights[:, None] * (y - weights @ y)))


def moved(units, simulated, goal, weights) -> np.ndarray:
    """Adjust each draw to the goal along a weighted regression of its logit quantiles on the estimates.

    Residuals are widened by the degrees of freedom of the regression, as in a linear model.
    """
    centre = weights @ simulated
    unit = np.sqrt(weights @ (simulated - centre) ** 2)
    unit = np.where(unit > 0, unit, 1.0)
    x, y = (simulated - centre) / unit, to_line(units)
    slope, middle = ridge(x, y, weights, SMALL), weights @ y
    left = y - middle - x @ slope
    taken = np.trace(np.linalg.solve(x.T @ (weights[:, None] * x) + SMALL * np.eye(x.shape[1]),
                                     x.T @ (weights[:, None] * x))) + 1
    wider = np.sqrt(1 / max(1 - taken / ess(weights), LEAST))
    return expit(middle + (goal - centre) / unit @ slope + wider * left)


def proposals(sample: Sample, number: int, draws, generation: int) -> np.ndarray:
    """Draw new quantiles from the kernel density of a sample (draws × parameters), inside (0, 1)."""
    kernel, dimensions = density(sample), sample.units.shape[1]
    root, accepted, tries = np.linalg.cholesky(kernel.covariance), np.zeros((0, dimensions)), 0
    while len(accepted) < number:
        ids = np.arange(number) + tries * number
        ancestor = np.minimum(np.searchsorted(np.cumsum(sample.weights), draws.uniform("ancestor", generation, ids)),
                              len(sample.units) - 1)
        step = np.stack([draws.normal("perturbation", generation, ids, k) for k in range(dimensions)], axis=1)
        new = sample.units[ancestor] + step @ root.T
        accepted, tries = np.concatenate([accepted, new[((new > 0) & (new < 1)).all(axis=1)]]), tries + 1
    return accepted[:number]


def density(sample: Sample):
    """Gaussian kernel density of a weighted sample, with Silverman's bandwidth."""
    return gaussian_kde(sample.units.T, bw_method="silverman", weights=sample.weights)


def importance(units, banks) -> np.ndarray:
    """Importance weights: prior density over that of the mixture from which the bank was drawn, up to a factor.

    These are deterministic mixture weights.  banks: (number of draws, density or None for the prior) of each
    generation; densities are on unit quantiles, where the prior density is 1.  A kernel's density is not renormalised
    although `proposals` redraws values outside (0, 1), so weights are slightly too large where the kernel's density is
    high.
    """
    total = sum(number for number, _ in banks)
    mixture = sum(number / total * (1.0 if kernel is None else kernel(units.T)) for number, kernel in banks)
    return 1.0 / np.maximum(mixture, 1e-12)


def ess(weights) -> float:
    """Effective number of equally weighted draws (Kish)."""
    weights = np.asarray(weights, float)
    return float(weights.sum() ** 2 / (weights**2).sum())
