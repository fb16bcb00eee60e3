"""Robustness of the signs of the main comparison to alternative rules.

In each world (`sim.studies.robustness.array`) two scenarios are simulated with the same seeds.  A claim keeps its sign
if the 95 % interval of its paired difference lies on the claimed side of 0, is reversed if it lies on the other side,
and is undecided otherwise.  Variances are moderated over worlds (`sim.statistics.moderated`).
"""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow.parquet as pq

from sim.findings.text import named
from sim.registry.parameters import ConfigurationError, registry
from sim.statistics.intervals import over, sign
from sim.statistics.moderated import moderated

PAIRS = (("fragmented", "centralised"), ("status_quo", "dossier"))
CLAIMS = {  # sign of centralised − fragmented at the defaults, docs/centralisation.md (a test compares)
    "price_mean": 1, "outlay_per_arrival": 1, "crossed_within_30": -1, "abductions_per_10k": -1, "bribes_per_gross": -1,
    "joint_surplus": 1, "clashes": 1,
}
WORDS = {1: "keeps", 0: "undecided", -1: "reverses"}


class Played(NamedTuple):
    """Two scenarios in every world of a sweep."""

    reference: str
    other: str
    keys: list[str]  # rules that vary
    rules: list[tuple]  # choices of these rules in each world
    runs: dict[str, np.ndarray]  # outcome: (2, worlds, replicates), reference first [its unit]

    def difference(self, name: str) -> np.ndarray:
        """Paired difference: mean, low, high × worlds [outcome's unit]."""
        return moderated(self.runs[name][1] - self.runs[name][0])

    def kept(self, name: str) -> np.ndarray:
        """1 where a world keeps the claim's sign, −1 where it reverses it, else 0."""
        return CLAIMS[name] * sign(self.difference(name))

    def label(self) -> str:
        return f"{self.other} minus {self.reference}"


def read(folder: Path) -> list[Played]:
    """Read every comparison of the sweep; ConfigurationError if there is none or a run is missing."""
    path = Path(folder) / "runs.parquet"
    runs = pq.read_table(path)
    names = runs.column_names
    scenario, replicate = runs["scenario"].to_pylist(), runs["replicate"].to_pylist()
    column = {name: runs[name].to_pylist() for name in CLAIMS}
    chosen = {name: [registry()[name].default if v is None else str(v) for v in runs[name].to_pylist()]
              for name in names if name.startswith("rules.")}  # a row of a design may leave a rule as it is
    keys = [name for name, choices in chosen.items() if len(set(choices)) > 1]
    rules = list(zip(*(chosen[key] for key in keys))) if keys else [()] * len(scenario)
    row = {place: k for k, place in enumerate(zip(scenario, rules, replicate))}
    worlds = sorted(set(rules), key=lambda world: [registry()[k].choices.index(v) for k, v in zip(keys, world)])
    comparisons = []
    for pair in PAIRS:
        if set(pair) <= set(scenario):
            wanted = [[[(s, world, k) for k in sorted(set(replicate))] for world in worlds] for s in pair]
            missing = [place for places in wanted for line in places for place in line if place not in row]
            if missing:
                raise ConfigurationError(f"{path}: {len(missing)} runs are missing, first {missing[0]}; give the "
                                         "sweep's command again")
            rows = np.array([[[row[place] for place in line] for line in places] for places in wanted])
            comparisons.append(Played(*pair, keys, worlds, {n: np.array(column[n], float)[rows] for n in CLAIMS}))
    if not comparisons:
        raise ConfigurationError(f"{path}: scenarios {' and '.join(PAIRS[0])}, or {' and '.join(PAIRS[1])}, are needed")
    return comparisons


# tables ----------------------------------------------------------------------------------------------------------
def rows(comparisons: list[Played]) -> dict[str, list[dict]]:
    """Rows of the tables of shares of worlds, worlds, and main effects of alternatives, for all comparisons."""
    return {name: [row for played in comparisons for row in table_rows(played)] for name, table_rows in (
        ("robustness", share_rows), ("robustness_worlds", world_rows), ("robustness_effects", effect_rows))}


def wilson(count: int, of: int) -> tuple[float, float]:
    """95 % score interval of a share (Wilson 1927)."""
    from statsmodels.stats.proportion import proportion_confint

    return tuple(float(x) for x in proportion_confint(count, of, method="wilson"))


def share_rows(played: Played) -> list[dict]:
    """Rows of `robustness.csv`, one for each claim: the number and share of worlds that keep its sign."""
    rows = []
    for name, claimed in CLAIMS.items():
        kept = played.kept(name)
        counts = {word: int((kept == value).sum()) for value, word in WORDS.items()}
        low, high = wilson(counts["keeps"], len(kept))
        rows.append({"comparison": played.label(), "outcome": name, "claim": "+" if claimed > 0 else "-",
                     "worlds": len(kept), "n": played.runs[name].shape[2], **counts,
                     "share": counts["keeps"] / len(kept), "share_low": low, "share_high": high})
    return rows


def world_rows(played: Played) -> list[dict]:
    """Rows of `robustness_worlds.csv`, one for each world and claim: rules, means, paired difference, verdict."""
    rows = []
    for name in CLAIMS:
        level, difference, kept = over(played.runs[name])[0], played.difference(name), played.kept(name)
        for k, world in enumerate(played.rules):
            row = {"comparison": played.label(), "world": k + 1, **dict(zip(played.keys, world)), "outcome": name,
                   "unit": named(name)[1], "reference": level[0, k], "other": level[1, k]}
            row |= dict(zip(("difference", "low", "high"), difference[:, k].tolist()))
            rows.append(row | {"verdict": WORDS[int(kept[k])]})
    return rows


def effect_rows(played: Played) -> list[dict]:
    """Rows of `robustness_effects.csv`, one for each claim and alternative: main effect on the difference and verdicts.

    Effects are least-squares coefficients of mean differences of worlds on one dummy for each alternative.  Intervals
    are Student's over worlds, so interactions of rules count as noise; with as many effects as worlds they are over
    replicates.
    """
    rows = []
    terms = [(key, choice) for key in played.keys for choice in registry()[key].choices[1:]
             if choice in {world[played.keys.index(key)] for world in played.rules}]
    dummies = np.array([[world[played.keys.index(key)] == choice for key, choice in terms] for world in played.rules],
                       float).reshape(len(played.rules), len(terms))
    for name in CLAIMS:
        kept, (effect, low, high) = played.kept(name), effects(played, name, dummies)
        for k, (key, choice) in enumerate([("", "defaults"), *terms]):
            here = dummies[:, k - 1] > 0 if k else ~dummies.any(axis=1)
            rows.append({"comparison": played.label(), "outcome": name, "unit": named(name)[1], "rule": key,
                         "alternative": choice, "effect": float(effect[k]), "low": float(low[k]),
                         "high": float(high[k]), "worlds": int(here.sum()),
                         **{word: int((kept[here] == value).sum()) for value, word in WORDS.items()}})
    return rows


def effects(played: Played, name: str, dummies: np.ndarray) -> np.ndarray:
    """Effects with intervals (mean, low, high), of the defaults, then of each dummy: (3, 1 + dummies) [outcome's
    unit]."""
    from statsmodels.api import OLS

    mean = played.difference(name)[0]
    known = np.isfinite(mean)
    design = np.column_stack([np.ones(known.sum()), dummies[known]])
    if known.sum() > design.shape[1]:
        fit = OLS(mean[known], design).fit()
        return np.vstack([fit.params, fit.conf_int().T])
    runs = (played.runs[name][1] - played.runs[name][0])[known]
    return moderated(np.linalg.pinv(design) @ runs)
