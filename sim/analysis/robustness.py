"""Do the signs of the main comparison survive other rules?  An orthogonal array over the alternatives of rules.

A world is one choice of every rule that has alternatives.  All combinations would be 1728; the array has 72 in which
any two rules meet in all their pairs equally often: the crossed product of L8 (one rule of four choices, four of two)
and L9 (three of three), both linear (Bose and Bush 1952, Ann. Math. Stat. 23:508; Taguchi's inner and outer array).
Main effects are thus estimated free of one another, but effects of two rules together may hide in a third's.

In each world two scenarios are played with the same seeds.  A claim keeps its sign where the 95 % interval of its
paired difference lies on its side of 0, is reversed where it lies on the other side, and is undecided in the rest.
With few seeds a world's own spread is poorly known, so it is drawn towards that of all worlds by as much as their
spreads are alike (moderated t of Smyth 2004, Stat. Appl. Genet. Mol. Biol. 3:3).
"""

import csv
from itertools import product
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow.parquet as pq
from scipy.special import digamma, polygamma, stdtrit

from sim.analysis.grid import NOTE, heading, named, over, sign, write_figures, write_rows
from sim.analysis.intervals import LEVEL
from sim.parameters import ConfigurationError, registry
from sim.summary import number, table

PAIRS = (("fragmented", "centralised"), ("status_quo", "dossier"))
CLAIMS = {  # sign of centralised − fragmented at the defaults, docs/centralisation.md (a test compares)
    "price_mean": 1, "outlay_per_arrival": 1, "crossed_within_30": -1, "deaths_per_10k": -1,
    "abductions_per_10k": -1, "bribes_per_gross": -1, "joint_surplus": 1, "clashes": -1,
}
FOUR, THREES = "rules.price", ("rules.choice", "rules.payment", "rules.bribes")
TWOS = ("rules.stages", "rules.turf", "rules.decoys", "rules.arms")
ROUNDING = 1e-9  # spreads below this share of the largest value are rounding
WORDS = {1: "keeps", 0: "undecided", -1: "reverses"}


# the array --------------------------------------------------------------------------------------------------------
def l8() -> np.ndarray:
    """8 runs, a column of four levels and four of two: a, b, c in GF(2); columns 2a + b, c, a + c, b + c, a + b + c."""
    a, b, c = np.array(list(product((0, 1), repeat=3))).T
    return np.column_stack([2 * a + b, c, a ^ c, b ^ c, a ^ b ^ c])


def l9() -> np.ndarray:
    """9 runs, four columns of three levels: x, y in GF(3); columns x, y, x + y, x + 2y."""
    x, y = np.array(list(product((0, 1, 2), repeat=2))).T
    return np.column_stack([x, y, (x + y) % 3, (x + 2 * y) % 3])


def worlds() -> list[dict]:
    """The 72 rows of the array as rules; the first is the default of each."""
    keys = (FOUR, *TWOS, *THREES)
    rows = [np.r_[first, second[: len(THREES)]] for first, second in product(l8(), l9())]
    return [{key: registry()[key].choices[level] for key, level in zip(keys, row)} for row in rows]


def one_at_a_time() -> list[dict]:
    """The default of every rule, then each alternative alone: 14 rows, each naming one rule."""
    return [{FOUR: registry()[FOUR].default},
            *({key: choice} for key in (FOUR, *TWOS, *THREES) for choice in registry()[key].choices[1:])]


# what came of it --------------------------------------------------------------------------------------------------
class Played(NamedTuple):
    """Two scenarios in every world of a sweep."""

    reference: str
    other: str
    keys: list[str]  # rules that vary
    rules: list[tuple]  # a world each
    runs: dict[str, np.ndarray]  # outcome: (2, worlds, replicates), reference first [its unit]

    def difference(self, name: str) -> np.ndarray:
        """Paired difference: mean, low, high × worlds [outcome's unit]."""
        return moderated(self.runs[name][1] - self.runs[name][0])

    def kept(self, name: str) -> np.ndarray:
        """1 where a world keeps the claim's sign, −1 where it reverses it, else 0."""
        return CLAIMS[name] * sign(self.difference(name))

    def label(self) -> str:
        return f"{self.other} minus {self.reference}"


def analyse(folder: Path) -> str:
    """Three tables and a figure beside the runs; returns what to print."""
    from sim.figures.robustness import caption, draw

    folder, found = Path(folder), read(Path(folder) / "runs.parquet")
    write_rows([row for played in found for row in share_rows(played)], folder / "robustness.csv")
    write_rows([row for played in found for row in world_rows(played)], folder / "robustness_worlds.csv")
    write_rows([row for played in found for row in effect_rows(played)], folder / "robustness_effects.csv")
    write_figures({"robustness" if k == 0 else f"robustness_{played.other}":
                   (lambda p=played: draw(p), caption(played)) for k, played in enumerate(found)}, folder)
    return "\n\n".join([*(text(played) for played in found), NOTE])


def read(path: Path) -> list[Played]:
    """Every comparison the sweep holds; ConfigurationError, one line, where there is none or a run is missing."""
    runs = pq.read_table(path)
    names = runs.column_names
    scenario, replicate = runs["scenario"].to_pylist(), runs["replicate"].to_pylist()
    column = {name: runs[name].to_pylist() for name in CLAIMS}
    chosen = {name: [registry()[name].default if v is None else str(v) for v in runs[name].to_pylist()]
              for name in names if name.startswith("rules.")}  # a row of a design may leave a rule as it is
    keys = [name for name, choices in chosen.items() if len(set(choices)) > 1]
    rules = list(zip(*(chosen[key] for key in keys))) if keys else [()] * len(scenario)
    row = {place: k for k, place in enumerate(zip(scenario, rules, replicate))}
    every = sorted(set(rules), key=lambda world: [registry()[k].choices.index(v) for k, v in zip(keys, world)])
    found = []
    for pair in PAIRS:
        if set(pair) <= set(scenario):
            wanted = [[[(s, world, k) for k in sorted(set(replicate))] for world in every] for s in pair]
            missing = [place for places in wanted for line in places for place in line if place not in row]
            if missing:
                raise ConfigurationError(f"{path}: {len(missing)} runs are missing, first {missing[0]}; give the "
                                         "sweep's command again")
            rows = np.array([[[row[place] for place in line] for line in places] for places in wanted])
            found.append(Played(*pair, keys, every, {n: np.array(column[n], float)[rows] for n in CLAIMS}))
    if not found:
        raise ConfigurationError(f"{path}: scenarios {' and '.join(PAIRS[0])}, or {' and '.join(PAIRS[1])}, are needed")
    return found


def moderated(values: np.ndarray) -> np.ndarray:
    """Mean and ends of the 95 % interval over the last axis of (worlds, replicates), spreads moderated; (3, worlds).

    Worlds without a number in some replicate keep the rest; NaN where fewer than two are left.
    """
    counts = np.isfinite(values).sum(axis=1)
    enough = counts > 1
    out = np.full((3, len(values)), np.nan)
    if not enough.any():
        return out
    known, n = values[enough], counts[enough]
    mean, spread = np.nanmean(known, axis=1), np.nanvar(known, axis=1, ddof=1)
    spread[spread < (ROUNDING * np.nanmax(np.abs(known))) ** 2] = 0.0  # else the logarithm below reads rounding
    weight, common = prior_spread(spread, n - 1)
    total = weight + n - 1
    if np.isinf(weight):
        variance, quantile = np.full(len(n), common), stdtrit(1e6, 0.5 + LEVEL / 2)
    else:
        variance, quantile = (weight * common + (n - 1) * spread) / total, stdtrit(total, 0.5 + LEVEL / 2)
    half = quantile * np.sqrt(variance / n)
    half[~np.nan_to_num(known).any(axis=1)] = 0.0  # equal in every replicate: nothing to infer
    out[:, enough] = mean, mean - half, mean + half
    return out


def prior_spread(variances, freedom) -> tuple[float, float]:
    """Degrees of freedom and variance that worlds lend one another: moments of log s² (Smyth 2004, section 6.2)."""
    some = variances > 0
    if some.sum() < 3:
        return 0.0, 0.0
    d = np.asarray(freedom, float)[some]
    e = np.log(variances[some]) - digamma(d / 2) + np.log(d / 2)
    excess = e.var(ddof=1) - polygamma(1, d / 2).mean()
    if excess <= 0:  # no more different than chance makes them
        return np.inf, float(np.exp(e.mean()))
    half = inverse_trigamma(excess)
    return 2 * half, float(np.exp(e.mean() + digamma(half) - np.log(half)))


def inverse_trigamma(value: float) -> float:
    """y with ψ′(y) = value, by bisection in log y."""
    low, high = 1e-6, 1e8
    for _ in range(200):
        middle = np.sqrt(low * high)
        low, high = (middle, high) if polygamma(1, middle) > value else (low, middle)
    return float(middle)


def wilson(count: int, of: int) -> tuple[float, float]:
    """95 % score interval of a share (Wilson 1927)."""
    from statsmodels.stats.proportion import proportion_confint

    return tuple(float(x) for x in proportion_confint(count, of, method="wilson"))


def share_rows(played: Played) -> list[dict]:
    """A line a claim: in how many worlds it keeps its sign."""
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
    """A line a world and claim: rules, means, paired difference, verdict."""
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
    """A line a claim and alternative: its main effect on the difference, and how the claim fares with it.

    Least squares on the mean differences of worlds with a dummy an alternative; intervals are Student's over worlds, so
    that joint effects of rules count as noise.  Where there are as many effects as worlds, they are over replicates.
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
    """Effects and ends of their intervals: of the defaults, then of each dummy (3, 1 + dummies) [outcome's unit]."""
    from statsmodels.api import OLS

    mean = played.difference(name)[0]
    known = np.isfinite(mean)
    design = np.column_stack([np.ones(known.sum()), dummies[known]])
    if known.sum() > design.shape[1]:
        fit = OLS(mean[known], design).fit()
        return np.vstack([fit.params, fit.conf_int().T])
    runs = (played.runs[name][1] - played.runs[name][0])[known]
    return moderated(np.linalg.pinv(design) @ runs)


# what is said -----------------------------------------------------------------------------------------------------
def text(played: Played) -> str:
    """Shares of worlds, and the alternatives in which a claim is reversed most."""
    body = [[f"{heading(r['outcome'])}: {r['claim']}", f"{r['keeps']} of {r['worlds']}",
             f"{100 * r['share']:.0f} % ({100 * r['share_low']:.0f} to {100 * r['share_high']:.0f})",
             str(r["undecided"]), str(r["reverses"])] for r in share_rows(played)]
    return table([f"{played.label()}: claim", "keeps its sign", "share", "undecided", "reversed"], body)


def grades(reference: Path) -> dict[str, dict]:
    """How each claim of centralised against fragmented fares in the reference run: counts of worlds by outcome.

    {outcome: {"keeps": …, "undecided": …, "reverses": …, "worlds": …}}, of the array, else of single alternatives;
    empty where there is no reference run.
    """
    files = [Path(reference) / name for name in ("robustness.csv", "robustness_single.csv")]
    file = next((file for file in files if file.exists()), None)
    if file is None:
        return {}
    with open(file, encoding="utf-8") as opened:
        return {row["outcome"]: {word: int(row[word]) for word in (*WORDS.values(), "worlds")}
                for row in csv.DictReader(opened) if row["comparison"] == "centralised minus fragmented"}


def documented(reference: Path) -> dict[str, str]:
    """The tables of docs/robustness.md from the reference runs: of single alternatives (`single_…`), of the array."""
    said = {}
    for name, mark in (("robustness_single", "single_"), ("robustness", "")):
        if (Path(reference) / f"{name}.csv").exists():
            said |= {f"{mark}{key}": text for key, text in tables(reference, name).items()}
    return said


def tables(reference: Path, name: str) -> dict[str, str]:
    """Shares of worlds, effects of alternatives, and how claims fare with each, of one reference run."""
    from sim.documentation import markdown_table, reference_rows

    shares, rows = (reference_rows(f"{name}{end}.csv", reference) for end in ("", "_effects"))
    body = [[heading(r["outcome"]), {"+": "rises", "-": "falls"}[r["claim"]], *(r[word] for word in WORDS.values()),
             "{:.0f} % ({:.0f} to {:.0f})".format(*(100 * float(r[f"share{end}"]) for end in ("", "_low", "_high")))]
            for r in shares]
    found = {(r["outcome"], r["rule"], r["alternative"]): r for r in rows}
    alternatives = list(dict.fromkeys((r["rule"], r["alternative"]) for r in rows))
    effect, fate = [], []
    for rule, choice in alternatives:
        called = f"`{rule}={choice}`" if rule else "*the defaults*"
        here = [found[name, rule, choice] for name in CLAIMS]
        effect.append([called, *map(effect_cell, here)])
        fate.append([called, here[0]["worlds"], *("{keeps} / {undecided} / {reverses}".format(**r) for r in here)])
    labels = [heading(name) for name in CLAIMS]
    return {"table": markdown_table(["outcome", "claim", "keeps its sign", "undecided", "reversed",
                                     "share that keeps it (Wilson)"], body),
            "effects": markdown_table(["alternative", *labels], effect),
            "fates": markdown_table(["alternative", "worlds", *labels], fate),
            "differences": markdown_table(["rules", *labels],
                                          differences(reference_rows(f"{name}_worlds.csv", reference))),
            "cells": markdown_table([f"`{FOUR}`, `{TWOS[0]}`", "worlds", *labels],
                                    cells(reference_rows(f"{name}_worlds.csv", reference))),
            "worlds": shares[0]["worlds"], "n": shares[0]["n"]}


def cells(rows: list[dict]) -> list[list[str]]:
    """A line a rule of price and number of stages: in how many worlds each claim is kept / undecided / reversed."""
    counts = {}
    for row in rows:
        place = tuple(row.get(key) or registry()[key].default for key in (FOUR, TWOS[0]))
        count = counts.setdefault(place, {name: dict.fromkeys(WORDS.values(), 0) for name in CLAIMS})
        count[row["outcome"]][row["verdict"]] += 1
    return [[", ".join(place), str(sum(count[next(iter(CLAIMS))].values())),
             *("{keeps} / {undecided} / {reverses}".format(**count[name]) for name in CLAIMS)]
            for place, count in counts.items()]


def differences(rows: list[dict]) -> list[list[str]]:
    """A line a world, named by what is not at its default: differences with intervals and, unless kept, the verdict."""
    lines = {}
    for row in rows:
        apart = [f"`{key}={v}`" for key, v in row.items() if key.startswith("rules.") and v != registry()[key].default]
        line = lines.setdefault(row["world"], [", ".join(apart) or "*the defaults*"])
        digits, ends = named(row["outcome"])[2], [float(row[key]) for key in ("low", "high")]
        said = f"{number(float(row['difference']), digits, True)} " \
               f"({number(ends[0], digits, True)} to {number(ends[1], digits, True)})"
        line.append(said + {"keeps": "", "undecided": " ?", "reverses": " **×**"}[row["verdict"]])
    return list(lines.values())


def effect_cell(row: dict) -> str:
    """An effect with its interval, bold where the interval excludes 0."""
    digits = named(row["outcome"])[2]
    effect, low, high = (float(row[key] or "nan") for key in ("effect", "low", "high"))
    said = f"{number(effect, digits, True)} ({number(low, digits, True)} to {number(high, digits, True)})"
    return f"**{said}**" if low > 0 or high < 0 else said
