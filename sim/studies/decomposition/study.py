"""Exact Shapley values of an organisation's levers, from a sweep over all combinations of them.

The study reads `runs.parquet` of a sweep in which k keys `organisation.levers.*` take both values, in one scenario.
Each seed is a separate cooperative game (`sim.statistics.shapley`); means and 95 % intervals are over seeds and show
chance in the simulation alone.
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
ALSO = ("price_mean", "clashes")  # outcomes besides the primary ones
TRANSFERS = ("skim",)  # payments of groups to organisations, shown separately because they are not joint surplus
RATIOS = {  # outcome: (columns whose sum is its numerator, factor, denominator), if `runs.parquet` has them
    "deaths_per_10k": (DEATHS, 1e4, "arrivals"),
    "abductions_per_10k": (("abductions",), 1e4, "arrivals"),
    "bribes_per_gross": (("bribes",), 1.0, "gross_income"),
}
PARTS = ("bribes", "gross_income")  # numerators and denominators that are outcomes themselves and change
EXACT = 1e-9  # tolerance of the sum of values against the difference, relative to the largest change of the outcome
TOTAL = "all"  # name of the lever in the row of v(all) − v(∅)
EFFECTS = ("", "first_in_", "last_in_")
FIELDS = ("outcome", "part", "unit", "lever", "n", "mean", "low", "high", "first_in", "first_in_low", "first_in_high",
          "last_in", "last_in_low", "last_in_high")
PAIR_FIELDS = ("outcome", "unit", "lever", "other", "n", "mean", "low", "high")


# the game ---------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Game:
    """A table of runs as one cooperative game for each seed."""

    runs: pa.Table
    levers: list[str]  # bit i of a coalition is lever i
    rows: np.ndarray  # (2^k, seeds): row of `runs`
    scenario: str
    held: list[str]  # levers that were swept with the single value true
    setting: str = ""  # scale and nights, which sums in EUR depend on, in words

    def values(self, name: str) -> np.ndarray:
        """Values of an outcome (2^k, seeds) for seeds that have a number in every combination [outcome's unit]."""
        values = column(self.runs, name).astype(float)[self.rows]
        return values[:, np.isfinite(values).all(axis=0)]

    def shown(self) -> list[str]:
        """Outcomes to attribute that the table contains, in order."""
        return [name for name in (*primary(), *ALSO, *TRANSFERS, *PARTS) if name in self.runs.column_names]

    def sample(self) -> str:
        coalitions, seeds = self.rows.shape
        held = f", {', '.join(map(plain, self.held))} on throughout" if self.held else ""
        return (f"{self.scenario}, {coalitions} combinations × {seeds} seed{'s' if seeds > 1 else ''}{held}"
                f"{self.setting}")

    @cached_property
    def effects(self) -> list[dict]:
        """Rows of `shapley.csv`."""
        return [row for name in self.shown() for row in effect_rows(self, name)]


def read(folder: Path) -> Game:
    """Read the game of a folder; ConfigurationError if a run is missing or another key varies."""
    return replace(read_game(folder / "runs.parquet"), setting=setting(folder))


def rows(game: Game) -> dict[str, list[dict]]:
    """Rows of the effects of levers and, with two or more levers, of the interactions of pairs."""
    pairs = [row for name in game.shown() for row in pair_rows(game, name)]
    return {"shapley": game.effects} | ({"interactions": pairs} if pairs else {})


def read_game(path: Path) -> Game:
    """Read the game of a table of runs; ConfigurationError if a run is missing or another key varies."""
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
    """Row of the table for each coalition and replicate (2^k, seeds); ConfigurationError if a run is missing."""
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
    """Check that all combinations of a replicate have the same seed; ConfigurationError otherwise."""
    if "seed" in game.runs.column_names:
        seeds = column(game.runs, "seed")[game.rows]
        if (seeds != seeds[0]).any():
            raise ConfigurationError(f"{path}: combinations of one replicate have different seeds")


def column(runs: pa.Table, name: str) -> np.ndarray:
    return runs[name].to_numpy(zero_copy_only=False)


def setting(folder: Path) -> str:
    """Scale and nights, on which sums in EUR depend, from the sweep's plan; empty without a plan."""
    manifest = folder / "manifest.json"
    if not manifest.exists():
        return ""
    name = json.loads(manifest.read_text(encoding="utf-8"))["configuration_hash"]
    base = json.loads((folder / f"plan-{name}.json").read_text(encoding="utf-8"))["bases"][0]
    return f"; {base['nights']} nights after a warm-up of {base['warmup']}, scale {base['scale']:g}"


# effects ----------------------------------------------------------------------------------------------------------
def effect_rows(game: Game, name: str) -> list[dict]:
    """Rows of `shapley.csv` for one outcome: one for each lever, the total, and both parts of a ratio."""
    values = game.values(name)
    shares, total = shapley(values), values[-1:] - values[:1]
    check_sum(name, values, shares)
    rows = interval_rows(name, "", [*game.levers, TOTAL],
                  (np.vstack([shares, total]), first_in(values), last_in(values)))
    for part, effect in parts(game, name).items():
        rows += interval_rows(name, part, game.levers, (effect,))
    return rows


def interval_rows(name, part, levers, effects) -> list[dict]:
    """Rows of means and intervals by lever; effects: Shapley values and, if given, first-in and last-in effects."""
    rows = [dict.fromkeys(FIELDS, "") | {"outcome": name, "part": part, "unit": outcomes()[name].unit, "lever": lever}
            for lever in levers]
    for prefix, effect in zip(EFFECTS, effects):
        for row, (n, mean, low, high) in zip(rows, mean_interval(effect).tolist()):
            row |= {"n": int(n), prefix.rstrip("_") or "mean": mean, f"{prefix}low": low, f"{prefix}high": high}
    return rows


def parts(game: Game, name: str) -> dict[str, np.ndarray]:
    """Shapley values of a ratio (k, seeds) split into the parts through its numerator and its denominator."""
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
    """Check that Shapley values sum to the difference that they attribute, seed by seed; ArithmeticError otherwise."""
    if (error := sum_error(values, shares)) > EXACT:
        raise ArithmeticError(f"{name}: Shapley values miss the difference by {error:.1e} of the largest change")


def pair_rows(game: Game, name: str) -> list[dict]:
    """Rows of `interactions.csv` for one outcome, one for each pair of levers."""
    index = interactions(game.values(name))
    pairs = [(i, j) for i in range(len(game.levers)) for j in range(i + 1, len(game.levers))]
    return [dict(zip(PAIR_FIELDS, (name, outcomes()[name].unit, game.levers[i], game.levers[j], int(n), *rest)))
            for i, j in pairs for n, *rest in [mean_interval(index[i, j]).tolist()]]


def plain(lever: str) -> str:
    """The name of a lever in words."""
    return lever.replace("_", " ")
