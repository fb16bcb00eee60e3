"""Which lever does what: exact Shapley values from a sweep over all combinations of an organisation's levers.

It reads `runs.parquet` of a sweep in which k keys `organisation.levers.*` take both values, in one scenario.  Each seed
is a game of its own (`sim.statistics.shapley`); means and 95 % intervals are over seeds: of chance in the simulation
alone.
"""

import json
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from sim.record import DEATHS
from sim.registry.outcomes import outcomes, primary
from sim.registry.parameters import ConfigurationError
from sim.statistics.shapley import first_in, interactions, last_in, mean_interval, ratio_split, shapley

KEY = "organisation.levers."
ALSO = ("price_mean", "clashes")  # beside the primary outcomes
TRANSFERS = ("skim",)  # between groups and organisations: apart, since they are no part of the joint surplus
RATIOS = {  # outcome: (columns whose sum is its numerator, factor, denominator), where `runs.parquet` has them
    "deaths_per_10k": (DEATHS, 1e4, "arrivals"),
    "abductions_per_10k": (("abductions",), 1e4, "arrivals"),
    "bribes_per_gross": (("bribes",), 1.0, "gross_income"),
}
PARTS = ("bribes", "gross_income")  # numerators and denominators that are outcomes of their own and move
EXACT = 1e-9  # by how much the values may miss the difference, relative to the largest change of the outcome
TOTAL = "all"  # stands for the lever in the row of v(all) − v(∅)
EFFECTS = ("", "first_in_", "last_in_")
FIELDS = ("outcome", "part", "unit", "lever", "n", "mean", "low", "high", "first_in", "first_in_low", "first_in_high",
          "last_in", "last_in_low", "last_in_high")
PAIR_FIELDS = ("outcome", "unit", "lever", "other", "n", "mean", "low", "high")


# the game ---------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Game:
    """A table of runs seen as one game per seed."""

    runs: pa.Table
    levers: list[str]  # bit i of a coalition is lever i
    rows: np.ndarray  # (2^k, seeds): row of `runs`
    scenario: str
    held: list[str]  # levers that were swept with the single value true
    setting: str = ""  # scale and nights, which sums in EUR depend on, in words

    def values(self, name: str) -> np.ndarray:
        """An outcome (2^k, seeds), only of seeds with a number in every combination [outcome's unit]."""
        values = column(self.runs, name).astype(float)[self.rows]
        return values[:, np.isfinite(values).all(axis=0)]

    def shown(self) -> list[str]:
        """Outcomes to attribute that the table has, in order."""
        return [name for name in (*primary(), *ALSO, *TRANSFERS, *PARTS) if name in self.runs.column_names]

    def sample(self) -> str:
        coalitions, seeds = self.rows.shape
        held = f", {', '.join(map(plain, self.held))} on throughout" if self.held else ""
        return (f"{self.scenario}, {coalitions} combinations × {seeds} seed{'s' if seeds > 1 else ''}{held}"
                f"{self.setting}")

    @cached_property
    def effects(self) -> list[dict]:
        """Lines of `shapley.csv`."""
        return [row for name in self.shown() for row in effect_rows(self, name)]


def read(folder: Path) -> Game:
    """The game in a folder; ConfigurationError, one line, if it is not a whole one."""
    return replace(read_game(folder / "runs.parquet"), setting=setting(folder))


def rows(game: Game) -> dict[str, list[dict]]:
    """Effects of levers, and interactions of pairs where there are two levers or more."""
    pairs = [row for name in game.shown() for row in pair_rows(game, name)]
    return {"shapley": game.effects} | ({"interactions": pairs} if pairs else {})


def read_game(path: Path) -> Game:
    """The game in a table of runs; ConfigurationError, one line, if it is not a whole one."""
    runs = pq.read_table(path)
    names = runs.column_names
    swept = {name: runs[name].to_pylist() for name in names[1:names.index("scenario")]}
    keys = [name for name, values in swept.items() if name.startswith(KEY) and set(values) == {False, True}]
    others = [name for name in (*swept, "scenario") if name not in keys and len(set(runs[name].to_pylist())) > 1]
    if others:
        raise ConfigurationError(f"{path}: {', '.join(others)} varies too; a decomposition sweeps levers alone, in one "
                                 "scenario")
    if not keys:
        raise ConfigurationError(f"{path}: no lever was swept over [false, true]")
    masks = sum(np.array(swept[key]).astype(int) << i for i, key in enumerate(keys))
    levers = [key.removeprefix(KEY) for key in keys]
    held = [key.removeprefix(KEY) for key, values in swept.items() if key.startswith(KEY) and set(values) == {True}]
    game = Game(runs, levers, place(path, levers, masks, column(runs, "replicate")), runs["scenario"][0].as_py(), held)
    check_seeds(path, game)
    return game


def place(path, levers, masks, replicates) -> np.ndarray:
    """Row of the table for each coalition and replicate (2^k, seeds); ConfigurationError if one is missing."""
    known = np.unique(replicates)
    rows = np.full((1 << len(levers), len(known)), -1)
    rows[masks, np.searchsorted(known, replicates)] = np.arange(len(masks))
    missing = np.argwhere(rows < 0)
    if len(missing):
        mask, seed = missing[0]
        on = ", ".join(lever for i, lever in enumerate(levers) if mask >> i & 1) or "none"
        raise ConfigurationError(f"{path}: {len(missing)} of {rows.size} runs are missing, the first with levers on: "
                                 f"{on} (replicate {known[seed]}); the sweep's command runs just them")
    return rows


def check_seeds(path, game: Game) -> None:
    """A game is played with one seed."""
    if "seed" in game.runs.column_names:
        seeds = column(game.runs, "seed")[game.rows]
        if (seeds != seeds[0]).any():
            raise ConfigurationError(f"{path}: combinations of one replicate have different seeds")


def column(runs: pa.Table, name: str) -> np.ndarray:
    return runs[name].to_numpy(zero_copy_only=False)


def setting(folder: Path) -> str:
    """Scale and nights, which sums in EUR depend on, from the sweep's plan; empty where there is none."""
    manifest = folder / "manifest.json"
    if not manifest.exists():
        return ""
    name = json.loads(manifest.read_text(encoding="utf-8"))["configuration_hash"]
    base = json.loads((folder / f"plan-{name}.json").read_text(encoding="utf-8"))["bases"][0]
    return f"; {base['nights']} nights after a warm-up of {base['warmup']}, scale {base['scale']:g}"


# effects ----------------------------------------------------------------------------------------------------------
def effect_rows(game: Game, name: str) -> list[dict]:
    """Lines of `shapley.csv` for one outcome: a lever each, the total, and both parts of a ratio."""
    values = game.values(name)
    shares, total = shapley(values), values[-1:] - values[:1]
    check_sum(name, values, shares)
    found = lines(name, "", [*game.levers, TOTAL],
                  (np.vstack([shares, total]), first_in(values), last_in(values)))
    for part, effect in parts(game, name).items():
        found += lines(name, part, game.levers, (effect,))
    return found


def lines(name, part, levers, effects) -> list[dict]:
    """Means and intervals by lever; effects: Shapley values and, where there are such, first-in and last-in."""
    rows = [dict.fromkeys(FIELDS, "") | {"outcome": name, "part": part, "unit": outcomes()[name].unit, "lever": lever}
            for lever in levers]
    for prefix, effect in zip(EFFECTS, effects):
        for row, (n, mean, low, high) in zip(rows, mean_interval(effect).tolist()):
            row |= {"n": int(n), prefix.rstrip("_") or "mean": mean, f"{prefix}low": low, f"{prefix}high": high}
    return rows


def parts(game: Game, name: str) -> dict[str, np.ndarray]:
    """Of a ratio: its Shapley values (k, seeds) that come through the numerator and through the denominator."""
    over, factor, under = RATIOS.get(name, ((), 1.0, ""))
    if not over or not {*over, under} <= set(game.runs.column_names):
        return {}
    numerator = factor * sum(column(game.runs, part).astype(float) for part in over)[game.rows]
    split = ratio_split(numerator, column(game.runs, under).astype(float)[game.rows])
    return {"by_numerator": split.by_numerator, "by_denominator": split.by_denominator}


def sum_error(values, shares) -> float:
    """Largest |Σφ − (v(all) − v(∅))| over seeds, relative to the largest change of v from v(∅)."""
    if not values.size:
        return 0.0
    miss = np.abs(shares.sum(axis=0) - (values[-1] - values[0]))
    largest = np.abs(values - values[0]).max(axis=0)
    return float((miss / np.where(largest > 0, largest, 1.0)).max())


def check_sum(name, values, shares) -> None:
    """Shapley values sum to the difference that they attribute, seed by seed."""
    if (error := sum_error(values, shares)) > EXACT:
        raise ArithmeticError(f"{name}: Shapley values miss the difference by {error:.1e} of the largest change")


def pair_rows(game: Game, name: str) -> list[dict]:
    """Lines of `interactions.csv` for one outcome, a pair of levers each."""
    index = interactions(game.values(name))
    pairs = [(i, j) for i in range(len(game.levers)) for j in range(i + 1, len(game.levers))]
    return [dict(zip(PAIR_FIELDS, (name, outcomes()[name].unit, game.levers[i], game.levers[j], int(n), *rest)))
            for i, j in pairs for n, *rest in [mean_interval(index[i, j]).tolist()]]


def plain(lever: str) -> str:
    """A lever as words."""
    return lever.replace("_", " ")
