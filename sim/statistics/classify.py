"""Cross-validated classification of two kinds of worlds, in which no fold separates a pair of worlds.

A group is a pair of worlds, one of each kind, with the same parameters and seed.  Folds are drawn over groups.  The
score of a world is the mean, over repeats, of the probability of the first kind according to classifiers that were
fitted without its group.  Let w_i be the weight of group i, and W_ij = 1 if the world of the first kind in group i has
a higher score than the world of the second kind in group j (½ if equal).  Then

    AUC = Σ_ij w_i w_j W_ij / (Σ w)²

is the probability that a world of the first kind has a higher score than one of the second (Mann and Whitney 1947), and
resampling groups resamples w.  Intervals cover the sampling of groups, given the fitted classifiers.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from sim.statistics.features import series_of
from sim.world.draws import Draws

FOLDS, REPEATS = 5, 5
SHUFFLES = 10  # permutations of labels, for the baseline
RESAMPLES = 1000  # bootstrap samples of groups, for intervals
PENALTY = 0.1  # inverse strength of the ridge penalty of the logistic regression, on standardised features
TREES, LEAF = 100, 3  # random forest: number of trees, and fewest worlds in a leaf
CLASSIFIERS = ("logistic regression", "random forest")
CHANCE, CLEAR = 0.5, 0.7  # AUC by chance; AUC from which kinds count as distinguishable
SEED = 1  # seed of folds, trees, permutations and bootstrap samples


class Worlds(NamedTuple):
    """Pairs of worlds of two kinds; row i of both arrays is the same group."""

    names: list[str]  # names of the columns, "series.part"
    first: np.ndarray  # (groups, columns): features of worlds of the first kind, which high scores indicate
    second: np.ndarray  # (groups, columns): features of worlds of the second kind


@dataclass(frozen=True)
class Classification:
    """The performance of one classifier."""

    first: np.ndarray  # (groups,) score of each world of the first kind
    second: np.ndarray  # (groups,) score of each world of the second kind
    auc: float  # area under the receiver operating characteristic
    low: float  # ends of its 95 % bootstrap interval
    high: float
    brier: float  # mean squared error of the probabilities; a constant ½ gives 0.25
    shuffled: np.ndarray  # (shuffles,) AUC under permuted labels
    importance: dict[str, tuple[float, float, float]]  # by series: fall of the AUC when it is permuted, with interval

    @property
    def verdict(self) -> str:
        """`cannot tell`, `hardly tells` or `can tell` the kinds apart.

        The first holds if the interval includes `CHANCE` or permuted labels do as well, the last from `CLEAR` on.
        """
        if self.low <= CHANCE or (len(self.shuffled) and self.auc <= self.shuffled.max()):
            return "cannot tell"
        return "can tell" if self.auc >= CLEAR else "hardly tells"


def classifier(kind: str, seed: int):
    """A new pipeline: medians replace missing features, features are standardised, and the classifier follows."""
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    estimator = (LogisticRegression(C=PENALTY, max_iter=1000) if kind == CLASSIFIERS[0] else
                 RandomForestClassifier(TREES, min_samples_leaf=LEAF, random_state=seed, n_jobs=1))
    return make_pipeline(SimpleImputer(strategy="median", keep_empty_features=True), StandardScaler(), estimator)


def assess(worlds: Worlds, kind: str, shuffles: int = SHUFFLES, importance: bool = True,
           repeats: int = REPEATS) -> Classification:
    """Cross-validate one classifier on pairs of worlds.

    kind: one of `CLASSIFIERS`; shuffles: permutations of labels for the baseline; importance: whether to compute the
    importance of each series.
    """
    x, y, groups = stacked(worlds)
    columns = series_of(worlds.names) if importance else {}
    scores, permuted = cross_validated(x, y, groups, kind, repeats, columns)
    n = len(worlds.first)
    above = wins(scores[:n], scores[n:])
    weights = resamples(n)
    low, high = np.quantile(areas(above, weights), (0.025, 0.975))
    flips = Draws(SEED).uniform("flipped pair", 0, np.arange(shuffles * n)).reshape(shuffles, n) < 0.5
    baseline = [area(x, np.concatenate([~flip, flip]).astype(int), groups, kind, SEED + k)
                for k, flip in enumerate(flips)]
    return Classification(scores[:n], scores[n:], float(above.mean()), float(low), float(high),
                          float(np.mean((scores - y) ** 2)), np.array(baseline),
                          {name: fall(above, wins(s[:n], s[n:]), weights) for name, s in permuted.items()})


def stacked(worlds: Worlds):
    """Features of all worlds, those of the first kind on top; their labels 1 and 0; their groups."""
    n = len(worlds.first)
    return (np.vstack([worlds.first, worlds.second]), np.repeat([1, 0], n), np.tile(np.arange(n), 2))


def folds(y, groups, seed: int):
    """Pairs of row numbers, for fitting and for testing; no group is in both."""
    from sklearn.model_selection import StratifiedGroupKFold

    splitter = StratifiedGroupKFold(min(FOLDS, len(np.unique(groups))), shuffle=True, random_state=seed)
    return splitter.split(np.zeros(len(y)), y, groups)


def cross_validated(x, y, groups, kind, repeats, columns_of):
    """Mean out-of-fold scores (rows,), and the same with each series permuted among the tested rows, by series."""
    scores, permuted = np.zeros(len(y)), {name: np.zeros(len(y)) for name in columns_of}
    for repeat in range(repeats):
        for fold, (fit, test) in enumerate(folds(y, groups, SEED + repeat)):
            model = classifier(kind, SEED + repeat).fit(x[fit], y[fit])
            scores[test] += model.predict_proba(x[test])[:, 1] / repeats
            order = np.argsort(Draws(SEED).uniform("permuted", repeat, test, fold))
            for name, columns in columns_of.items():
                mixed = x[test].copy()
                mixed[:, columns] = x[test][order][:, columns]
                permuted[name][test] += model.predict_proba(mixed)[:, 1] / repeats
    return scores, permuted


def area(x, y, groups, kind, seed) -> float:
    """AUC of a single cross-validation with the given labels."""
    scores = np.zeros(len(y))
    for fit, test in folds(y, groups, seed):
        scores[test] = classifier(kind, seed).fit(x[fit], y[fit]).predict_proba(x[test])[:, 1]
    return float(wins(scores[y == 1], scores[y == 0]).mean())


def wins(first, second) -> np.ndarray:
    """The matrix W (groups, groups) of the scores of the first kind against those of the second."""
    return (first[:, None] > second[None, :]) + 0.5 * (first[:, None] == second[None, :])


def resamples(n: int) -> np.ndarray:
    """Number of times that each of n groups is drawn in each bootstrap sample (resamples, n)."""
    drawn = (Draws(SEED).uniform("resampled group", 0, np.arange(RESAMPLES * n)) * n).astype(int).reshape(RESAMPLES, n)
    return np.stack([np.bincount(row, minlength=n) for row in drawn]).astype(float)


def areas(above, weights) -> np.ndarray:
    """AUC in each bootstrap sample (resamples,), given W and weights (resamples, groups)."""
    return ((weights @ above) * weights).sum(axis=1) / weights.sum(axis=1) ** 2


def fall(above, permuted, weights) -> tuple[float, float, float]:
    """Fall of the AUC by permuting a series, with the ends of its interval."""
    low, high = np.quantile(areas(above, weights) - areas(permuted, weights), (0.025, 0.975))
    return float(above.mean() - permuted.mean()), float(low), float(high)


def curve(result: Classification, at: np.ndarray) -> np.ndarray:
    """Receiver operating characteristic: share of the first kind above a threshold, by the share `at` of the second.

    Returns the curve and the ends of its pointwise 95 % bootstrap interval (3, len(at)).
    """
    weights = np.vstack([np.ones(len(result.first)), resamples(len(result.first))])
    thresholds = np.unique(np.concatenate([result.first, result.second]))[::-1]
    right = weights @ (result.first[:, None] >= thresholds) / weights.sum(axis=1, keepdims=True)
    wrong = weights @ (result.second[:, None] >= thresholds) / weights.sum(axis=1, keepdims=True)
    lines = np.stack([np.interp(at, np.r_[0, w, 1], np.r_[0, r, 1]) for w, r in zip(wrong, right)])
    return np.stack([lines[0], *np.quantile(lines[1:], (0.025, 0.975), axis=0)])
