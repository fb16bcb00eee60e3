"""Can two kinds of worlds be told apart?  Cross-validated classifiers, with pairs of worlds never split over folds.

Worlds come in groups of one of each kind (same parameters, same seed).  Folds are drawn over groups; each world's score
is the mean, over repeats, of the probability given to it by classifiers that never saw its group.  With w_i the weight
of group i and W_ij = 1 where the score of the first kind's world of group i is above that of the second kind's of group
j (½ where equal),

    AUC = Σ_ij w_i w_j W_ij / (Σ w)²

is the chance that a world of the first kind scores higher than one of the second (Mann and Whitney 1947), and
resampling groups resamples w.  Intervals are of the groups at hand, given the fits.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from sim.statistics.features import series_of
from sim.world.draws import Draws

FOLDS, REPEATS = 5, 5
SHUFFLES = 10  # of labels, for the baseline
RESAMPLES = 1000  # of groups, for intervals
PENALTY = 0.1  # inverse strength of the ridge penalty of the logistic regression, on standardised numbers
TREES, LEAF = 100, 3  # of the forest: trees, and fewest worlds in a leaf
CLASSIFIERS = ("logistic regression", "random forest")
CHANCE, CLEAR = 0.5, 0.7  # an AUC of chance; the AUC from which kinds are said to be told apart
SEED = 1  # of folds, trees, shuffles and resamples


class Worlds(NamedTuple):
    """Pairs of worlds of two kinds; row i of both arrays is the same group."""

    names: list[str]  # of the columns, "series.part"
    first: np.ndarray  # (groups, columns): the kind that a high score stands for
    second: np.ndarray


@dataclass(frozen=True)
class Told:
    """How well one classifier tells the kinds."""

    first: np.ndarray  # score of each world of the first kind
    second: np.ndarray
    auc: float
    low: float
    high: float
    brier: float  # mean squared error of the probabilities; 0.25 is always saying one half
    shuffled: np.ndarray  # AUC under shuffled labels, one a shuffle
    importance: dict[str, tuple[float, float, float]]  # series: fall of the AUC when it is permuted, with interval

    @property
    def verdict(self) -> str:
        """Words chosen by the numbers."""
        if self.low <= CHANCE or (len(self.shuffled) and self.auc <= self.shuffled.max()):
            return "cannot tell"
        return "can tell" if self.auc >= CLEAR else "hardly tells"


def classifier(kind: str, seed: int):
    """A fresh pipeline: medians for what is missing, standard scores, the classifier."""
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    last = (LogisticRegression(C=PENALTY, max_iter=1000) if kind == CLASSIFIERS[0] else
            RandomForestClassifier(TREES, min_samples_leaf=LEAF, random_state=seed, n_jobs=1))
    return make_pipeline(SimpleImputer(strategy="median", keep_empty_features=True), StandardScaler(), last)


def tell(worlds: Worlds, kind: str, shuffles: int = SHUFFLES, importance: bool = True, repeats: int = REPEATS) -> Told:
    """Cross-validate one classifier on pairs of worlds."""
    x, y, groups = stacked(worlds)
    places = series_of(worlds.names) if importance else {}
    scores, permuted = cross_validated(x, y, groups, kind, repeats, places)
    n = len(worlds.first)
    above = wins(scores[:n], scores[n:])
    weights = resamples(n)
    low, high = np.quantile(areas(above, weights), (0.025, 0.975))
    flips = Draws(SEED).uniform("flipped pair", 0, np.arange(shuffles * n)).reshape(shuffles, n) < 0.5
    baseline = [area(x, np.concatenate([~flip, flip]).astype(int), groups, kind, SEED + k)
                for k, flip in enumerate(flips)]
    return Told(scores[:n], scores[n:], float(above.mean()), float(low), float(high),
                float(np.mean((scores - y) ** 2)), np.array(baseline),
                {name: fall(above, wins(s[:n], s[n:]), weights) for name, s in permuted.items()})


def stacked(worlds: Worlds):
    """Rows of the first kind, then of the second; labels 1 and 0; groups."""
    n = len(worlds.first)
    return (np.vstack([worlds.first, worlds.second]), np.repeat([1, 0], n), np.tile(np.arange(n), 2))


def folds(y, groups, seed: int):
    """Rows to fit on and to test on; no group is in both."""
    from sklearn.model_selection import StratifiedGroupKFold

    splitter = StratifiedGroupKFold(min(FOLDS, len(np.unique(groups))), shuffle=True, random_state=seed)
    return splitter.split(np.zeros(len(y)), y, groups)


def cross_validated(x, y, groups, kind, repeats, places):
    """Mean out-of-fold scores (rows,), and the same with each series permuted among the rows tested."""
    scores, permuted = np.zeros(len(y)), {name: np.zeros(len(y)) for name in places}
    for repeat in range(repeats):
        for fold, (fit, test) in enumerate(folds(y, groups, SEED + repeat)):
            model = classifier(kind, SEED + repeat).fit(x[fit], y[fit])
            scores[test] += model.predict_proba(x[test])[:, 1] / repeats
            order = np.argsort(Draws(SEED).uniform("permuted", repeat, test, fold))
            for name, columns in places.items():
                mixed = x[test].copy()
                mixed[:, columns] = x[test][order][:, columns]
                permuted[name][test] += model.predict_proba(mixed)[:, 1] / repeats
    return scores, permuted


def area(x, y, groups, kind, seed) -> float:
    """AUC of one cross-validation."""
    scores = np.zeros(len(y))
    for fit, test in folds(y, groups, seed):
        scores[test] = classifier(kind, seed).fit(x[fit], y[fit]).predict_proba(x[test])[:, 1]
    return float(wins(scores[y == 1], scores[y == 0]).mean())


def wins(first, second) -> np.ndarray:
    """W (groups, groups)."""
    return (first[:, None] > second[None, :]) + 0.5 * (first[:, None] == second[None, :])


def resamples(n: int) -> np.ndarray:
    """How often each group is drawn in each resample (resamples, n)."""
    drawn = (Draws(SEED).uniform("resampled group", 0, np.arange(RESAMPLES * n)) * n).astype(int).reshape(RESAMPLES, n)
    return np.stack([np.bincount(row, minlength=n) for row in drawn]).astype(float)


def areas(above, weights) -> np.ndarray:
    """AUC in each resample."""
    return ((weights @ above) * weights).sum(axis=1) / weights.sum(axis=1) ** 2


def fall(above, permuted, weights) -> tuple[float, float, float]:
    """Fall of the AUC and its interval."""
    low, high = np.quantile(areas(above, weights) - areas(permuted, weights), (0.025, 0.975))
    return float(above.mean() - permuted.mean()), float(low), float(high)


def curve(told: Told, at: np.ndarray) -> np.ndarray:
    """Receiver operating characteristic: share of the first kind above a threshold, at shares `at` of the second.

    Mean, low, high × len(at), the interval over resampled groups.
    """
    weights = np.vstack([np.ones(len(told.first)), resamples(len(told.first))])
    thresholds = np.unique(np.concatenate([told.first, told.second]))[::-1]
    right = weights @ (told.first[:, None] >= thresholds) / weights.sum(axis=1, keepdims=True)
    wrong = weights @ (told.second[:, None] >= thresholds) / weights.sum(axis=1, keepdims=True)
    lines = np.stack([np.interp(at, np.r_[0, w, 1], np.r_[0, r, 1]) for w, r in zip(wrong, right)])
    return np.stack([lines[0], *np.quantile(lines[1:], (0.025, 0.975), axis=0)])
