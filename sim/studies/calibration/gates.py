"""Gates: diagnostics of the reliability of a posterior, each a number with its limit.

1. Prior predictive: each target lies inside the central 99 % of the prior's runs.
2. Recovery: on held-out runs with known parameters, the correlation of posterior mean and true value is at least 0.8;
   else the parameter is *not identified*.  The contraction 1 − var(posterior)/var(prior) is reported too.
3. Simulation-based calibration (Talts et al. 2018, arXiv:1804.06788): ranks of the truth are uniform.
4. Misspecification: the reported summaries lie within the central 99 % of the model's, singly (gate 1) and jointly, by
   the Mahalanobis distance of all summaries (of each run from the other runs, of the goal from all runs).
5. Agreement: the two methods' posterior means differ by less than one posterior standard deviation.
"""

from typing import NamedTuple

import numpy as np
from scipy.stats import kstest

from sim.runs.parameter_draws import SEED
from sim.studies.calibration.approximate import Sample
from sim.world.draws import Draws

FOLDS, RECOVERED, LEVEL, INSIDE, AGREED = 8, 0.8, 0.05, 0.99, 1.0
PRIOR_SD = float(np.sqrt(1 / 12))  # of a quantile


class Recovered(NamedTuple):
    """Posteriors of held-out runs by one method; all arrays are runs × parameters."""

    truth: np.ndarray
    mean: np.ndarray
    sd: np.ndarray
    rank: np.ndarray  # posterior probability below the true value

    def correlation(self) -> np.ndarray:
        """Correlation of posterior mean and true value, by parameter."""
        return np.array([np.corrcoef(a, b)[0, 1] if a.std() > 0 else 0.0 for a, b in zip(self.mean.T, self.truth.T)])

    def uniformity(self) -> np.ndarray:
        """p-value of the Kolmogorov–Smirnov test of uniform ranks, by parameter."""
        return np.array([kstest(rank, "uniform").pvalue for rank in self.rank.T])


def recover(units, simulated, method) -> Recovered:
    """Compute the posterior of every run from a bank without its fold.

    method: (units, summaries, goals) -> one Sample for each goal.
    """
    fold = folds(len(units))
    mean, sd, rank = (np.zeros_like(np.asarray(units, float)) for _ in range(3))
    for k in range(FOLDS):
        out = np.flatnonzero(fold == k)
        for row, sample in zip(out, method(units[fold != k], simulated[fold != k], simulated[out])):
            mean[row], sd[row] = sample.mean(), sample.sd()
            rank[row] = sample.weights @ (sample.units < units[row])
    return Recovered(np.asarray(units, float), mean, sd, rank)


def folds(runs: int) -> np.ndarray:
    """A random fold for each run; every eighth point of a Sobol' sequence would cover only a corner of the prior."""
    return np.argsort(np.argsort(Draws(SEED).uniform("fold", 0, np.arange(runs)))) % FOLDS


def contraction(sample: Sample) -> np.ndarray:
    """Contraction by parameter: 1 − variance of the posterior over that of the prior."""
    return 1 - (sample.sd() / PRIOR_SD) ** 2


def inside(simulated, goal) -> np.ndarray:
    """Share of runs below the goal, by summary."""
    return (simulated < goal).mean(axis=0)


def jointly(simulated, goal) -> float:
    """Share of runs with a smaller Mahalanobis distance from the mean of the other runs than the goal has from all
    runs.

    Mean and covariance include every run but not the goal, so the squared distance D² of a run from all n runs is too
    small.  From the other runs it is D² n² (n − 2) / (n − 1)³ / (1 − D² n / (n − 1)²) (Sherman and Morrison).
    The result is NaN with fewer than two runs for each summary, which leaves the covariance undetermined.
    """
    n = len(simulated)
    if n < 2 * simulated.shape[1]:
        return float("nan")
    centre = simulated.mean(axis=0)
    root = np.linalg.pinv(np.cov(simulated.T) + 1e-9 * np.eye(simulated.shape[1]))
    squares = np.einsum("ij,jk,ik->i", simulated - centre, root, simulated - centre)
    away = squares * n**2 * (n - 2) / (n - 1) ** 3 / np.maximum(1 - squares * n / (n - 1) ** 2, 1e-12)
    goal_away = (goal - centre) @ root @ (goal - centre)
    return float((away < goal_away).mean())


def disagreement(first: Sample, second: Sample) -> np.ndarray:
    """Difference of posterior means over the larger posterior standard deviation, by parameter."""
    return (first.mean() - second.mean()) / np.maximum(np.maximum(first.sd(), second.sd()), 1e-9)
