"""Approximate Bayesian computation on a bank of simulations: acceptance, regression, and generations that add to it.

Summaries are first reduced to one number a parameter, its linear estimate over the bank (Fearnhead and Prangle 2012,
doi:10.1111/j.1467-9868.2011.01010.x).  Draws are weighted by Epanechnikov's kernel of their distance on these, and
moved along a local linear regression to what was reported (Beaumont, Zhang and Balding 2002,
doi:10.1093/genetics/162.4.2025).  Regressions are of logit quantiles of the prior, so nothing leaves its range.
Further generations draw where the last one agreed, from a weighted kernel density, and carry weights prior over
proposal (population Monte Carlo: Beaumont et al. 2009, doi:10.1093/biomet/asp052).  The kernel is SciPy's.  Libraries
that own the loop (pyabc) call the simulator one by one and keep runs elsewhere; here a generation is a plan of the
sweep's store, so that it runs on any launcher and can be resumed.
"""

from typing import NamedTuple

import numpy as np
from scipy.special import expit, logit
from scipy.stats import gaussian_kde

KEEP = 1.0  # share of the bank kept; the kernel weighs it
A_PARAMETER = 3  # draws kept at least, for each parameter
SMALL = 1e-2  # penalty of the last regression, in units of the predictors' variance
FOLDS = 8  # of the bank, for estimates
LEAST = 0.1  # share of the degrees of freedom taken to be left
EDGE = 1e-4  # quantiles are kept this far from 0 and 1


class Sample(NamedTuple):
    """Weighted draws: quantiles of the prior (draws × parameters) and weights that sum to 1."""

    units: np.ndarray
    weights: np.ndarray

    def drawn(self, number: int, uniforms: np.ndarray) -> np.ndarray:
        """Systematic resampling to equal weights; one uniform is used."""
        edges, levels = np.cumsum(self.weights), (np.arange(number) + uniforms[0]) / number
        return self.units[np.minimum(np.searchsorted(edges, levels), len(edges) - 1)]

    def mean(self) -> np.ndarray:
        return self.weights @ self.units

    def sd(self) -> np.ndarray:
        return np.sqrt(self.weights @ (self.units - self.mean()) ** 2)


def spread(found: np.ndarray) -> np.ndarray:
    """Robust standard deviation of each summary (median absolute deviation × 1.4826), 1 where nothing varies."""
    deviation = 1.4826 * np.median(np.abs(found - np.median(found, axis=0)), axis=0)
    return np.where(deviation > 0, deviation, np.maximum(found.std(axis=0), 1e-9))


def distances(found: np.ndarray, goal: np.ndarray, unit: np.ndarray) -> np.ndarray:
    """Root mean square difference of each run's summaries from the goal."""
    return np.sqrt((((found - goal) / unit) ** 2).mean(axis=1))


def estimator(units, found, weights):
    """A function from summaries to linear estimates of the parameters (logit quantiles), fitted to a bank."""
    centre, unit = weights @ found, spread(found)
    slope = ridge((found - centre) / unit, to_line(units), weights, found.shape[1] / ess(weights))  # fades as it grows
    return lambda values: (np.asarray(values, float) - centre) / unit @ slope


def unseen(units, found, weights) -> np.ndarray:
    """Estimates of the bank's own runs, each from the other folds: those of a fit that had seen them would look surer
    than the goal's."""
    fold, estimated = np.arange(len(units)) % FOLDS, np.zeros_like(units)
    for k in range(FOLDS):
        rest, here = fold != k, fold == k
        estimated[here] = estimator(units[rest], found[rest], weights[rest] / weights[rest].sum())(found[here])
    return estimated


def posterior(units, found, goal, importance=None, keep: float = KEEP) -> Sample:
    """Draws that agree with `goal`, moved by regression; units, found: bank of quantiles and summaries."""
    units, found = np.asarray(units, float), np.asarray(found, float)
    prior = np.ones(len(units)) if importance is None else np.asarray(importance, float)
    prior = prior / prior.sum()
    goal = estimator(units, found, prior)(goal)
    found = unseen(units, found, prior)
    away = distances(found, goal, spread(found))
    count = min(max(round(keep * len(units)), A_PARAMETER * found.shape[1]), len(units))
    near = np.argsort(away, kind="stable")[:count]
    width = away[near].max() * (1 + 1e-9) + 1e-12
    weights = (1 - (away[near] / width) ** 2) * prior[near]
    weights = weights / weights.sum()
    return Sample(moved(units[near], found[near], goal, weights), weights)


def to_line(units) -> np.ndarray:
    """Quantiles as logits."""
    return logit(np.clip(units, EDGE, 1 - EDGE))


def ridge(x, y, weights, penalty: float) -> np.ndarray:
    """Slopes of a weighted ridge regression on centred predictors of about unit variance."""
    gram = x.T @ (weights[:, None] * x) + penalty * np.eye(x.shape[1])
    return np.linalg.solve(gram, x.T @ (weights[:, None] * (y - weights @ y)))


def moved(units, found, goal, weights) -> np.ndarray:
    """Each draw along a weighted regression of its logit quantiles on the estimates, to the goal.

    What is left over is widened by the degrees of freedom that the regression took, as in a linear model.
    """
    centre = weights @ found
    unit = np.sqrt(weights @ (found - centre) ** 2)
    unit = np.where(unit > 0, unit, 1.0)
    x, y = (found - centre) / unit, to_line(units)
    slope, middle = ridge(x, y, weights, SMALL), weights @ y
    left = y - middle - x @ slope
    taken = np.trace(np.linalg.solve(x.T @ (weights[:, None] * x) + SMALL * np.eye(x.shape[1]),
                                     x.T @ (weights[:, None] * x))) + 1
    wider = np.sqrt(1 / max(1 - taken / ess(weights), LEAST))
    return expit(middle + (goal - centre) / unit @ slope + wider * left)


def proposals(sample: Sample, number: int, draws, generation: int) -> np.ndarray:
    """New quantiles from the kernel density of a sample (draws × parameters), inside (0, 1)."""
    kernel, dimensions = density(sample), sample.units.shape[1]
    root, found, tries = np.linalg.cholesky(kernel.covariance), np.zeros((0, dimensions)), 0
    while len(found) < number:
        ids = np.arange(number) + tries * number
        ancestor = np.minimum(np.searchsorted(np.cumsum(sample.weights), draws.uniform("ancestor", generation, ids)),
                              len(sample.units) - 1)
        step = np.stack([draws.normal("perturbation", generation, ids, k) for k in range(dimensions)], axis=1)
        new = sample.units[ancestor] + step @ root.T
        found, tries = np.concatenate([found, new[((new > 0) & (new < 1)).all(axis=1)]]), tries + 1
    return found[:number]


def density(sample: Sample):
    """Gaussian kernel density of a weighted sample, its covariance times the square of Silverman's factor."""
    return gaussian_kde(sample.units.T, bw_method="silverman", weights=sample.weights)


def importance(units, banks) -> np.ndarray:
    """Prior density over that of the mixture the bank was drawn from, up to a factor (deterministic mixture weights).

    banks: (number of draws, density or None for the prior) of each generation; densities on unit quantiles, prior 1.
    A kernel's density is taken as it is; `proposals` draws again what falls outside (0, 1), so it was higher inside,
    and weights where it is high are too large.
    """
    total = sum(number for number, _ in banks)
    mixture = sum(number / total * (1.0 if kernel is None else kernel(units.T)) for number, kernel in banks)
    return 1.0 / np.maximum(mixture, 1e-12)


def ess(weights) -> float:
    """Effective number of equally weighted draws (Kish)."""
    weights = np.asarray(weights, float)
    return float(weights.sum() ** 2 / (weights**2).sum())
