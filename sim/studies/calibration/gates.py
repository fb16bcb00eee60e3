"""Gates: whether a posterior may be believed, each a number with its limit.

1. Prior predictive: each target lies inside the range that 99 % of the prior's runs give.
2. Recovery: on runs whose parameters are known (folds the method has not seen), the correlation of posterior mean and
   truth is at least 0.8; else the parameter is *not identified*.  Contraction 1 − var(posterior)/var(prior) beside it.
3. Simulation-based calibration (Talts et al. 2018, arXiv:1804.06788): ranks of the truth are uniform.
4. Misspecification: what was reported lies within 99 % of what the model gives, alone (gate 1) and jointly, by the
   Mahalanobis distance of all summaries, each run measured from the others as the goal is from all of them.
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
    """What a method says of runs it has not seen; all runs × parameters."""

    truth: np.ndarray
    mean: np.ndarray
    sd: np.ndarray
    rank: np.ndarray  # share of the posterior below the truth

    def correlation(self) -> np.ndarray:
        """Of posterior mean and truth, by parameter."""
        return np.array([np.corrcoef(a, b)[0, 1] if a.std() > 0 else 0.0 for a, b in zip(self.mean.T, self.truth.T)])

    def uniformity(self) -> np.ndarray:
        """p-value of Kolmogorov and Smirnov that ranks are uniform, by parameter."""
        return np.array([kstest(rank, "uniform").pvalue for rank in self.rank.T])


def recover(units, found, method) -> Recovered:
    """Posteriors of every run from a bank without its fold; method(units, found, goals) gives a Sample a goal."""
    fold = folds(len(units))
    mean, sd, rank = (np.zeros_like(np.asarray(units, float)) for _ in range(3))
    for k in range(FOLDS):
        out = np.flatnonzero(fold == k)
        for row, sample in zip(out, method(units[fold != k], found[fold != k], found[out])):
            mean[row], sd[row] = sample.mean(), sample.sd()
            rank[row] = sample.weights @ (sample.units < units[row])
    return Recovered(np.asarray(units, float), mean, sd, rank)


def folds(runs: int) -> np.ndarray:
    """A fold for each run, at random: every eighth point of a Sobol sequence is a corner of the prior of its own."""
    return np.argsort(np.argsort(Draws(SEED).uniform("fold", 0, np.arange(runs)))) % FOLDS


def contraction(sample: Sample) -> np.ndarray:
    """1 − variance of the posterior over that of the prior, by parameter."""
    return 1 - (sample.sd() / PRIOR_SD) ** 2


def inside(found, goal) -> np.ndarray:
    """Share of runs below the goal, by summary: outside (0.005, 0.995) the model does not give it."""
    return (found < goal).mean(axis=0)


def jointly(found, goal) -> float:
    """Share of runs that lie nearer to the middle of the others than the goal to that of all, by Mahalanobis distance.

    Mean and covariance have seen every run and not the goal: with D² of a run from all n of them it would look nearer
    than it is.  From the others it is D² n² (n − 2) / (n − 1)³ / (1 − D² n / (n − 1)²) (Sherman and Morrison).
    NaN with fewer than two runs a summary, where the covariance says nothing.
    """
    n = len(found)
    if n < 2 * found.shape[1]:
        return float("nan")
    centre = found.mean(axis=0)
    root = np.linalg.pinv(np.cov(found.T) + 1e-9 * np.eye(found.shape[1]))
    squares = np.einsum("ij,jk,ik->i", found - centre, root, found - centre)
    away = squares * n**2 * (n - 2) / (n - 1) ** 3 / np.maximum(1 - squares * n / (n - 1) ** 2, 1e-12)
    goal_away = (goal - centre) @ root @ (goal - centre)
    return float((away < goal_away).mean())


def disagreement(one: Sample, other: Sample) -> np.ndarray:
    """Difference of posterior means over the larger posterior standard deviation, by parameter."""
    return (one.mean() - other.mean()) / np.maximum(np.maximum(one.sd(), other.sd()), 1e-9)
