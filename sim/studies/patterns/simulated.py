"""The finished runs of folders of results, each with its configuration, outcomes and nights."""

import json
from functools import cached_property
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import yaml

from sim.registry.outcomes import TAGS
from sim.registry.parameters import ConfigurationError, check_value, flatten, registry
from sim.registry.ranges import varied
from sim.runs.nights import part_of
from sim.runs.plan import read_plan
from sim.runs.results import piece
from sim.runs.store import Journals
from sim.studies.patterns.declared import Arm, digest, digest_of_values, matters, values

MANY = 5  # fewest keys in which a draw of parameters differs from its arm
ALIKE = ("nights", "warmup", "start_date", "scale")  # settings that runs of a scorecard must share


class Run:
    """One finished run."""

    def __init__(self, folder: Path, seed: int, parameters: dict, outcomes: dict, read):
        """`parameters`: all keys and values; `read`: function from a column's name to its nights or None."""
        self.folder, self.seed, self.parameters, self.outcomes, self.read = folder, seed, parameters, outcomes, read
        self.kept = {}

    @cached_property
    def configuration(self) -> str:
        """The digest of the run's configuration."""
        return digest_of_values(self.parameters)

    @property
    def length(self) -> tuple:
        """Nights, warm-up, first date and scale."""
        return tuple(self.parameters[key] for key in ALIKE)

    def nights(self, column: str) -> np.ndarray | None:
        """A nightly column; None if nights were not recorded."""
        if column not in self.kept:
            self.kept[column] = self.read(column)
        return self.kept[column]


class Runs:
    """Runs of several folders by configuration and seed; the same run in two folders counts once."""

    def __init__(self, folders):
        """Read the runs of these folders; ConfigurationError for a folder without results."""
        self.by = {}
        for folder in folders:
            runs = read(Path(folder))
            if not runs:
                raise ConfigurationError(f"{folder}: no finished run in this folder")
            for run in runs:
                self.by.setdefault(run.configuration, {}).setdefault((run.seed, run.length), run)

    def of(self, arm: Arm) -> dict[int, Run]:
        """Runs of one configuration by seed."""
        return {seed: run for (seed, _), run in self.by.get(digest(arm), {}).items()}

    def alike(self, chosen: list[Arm]) -> tuple:
        """Length and scale that runs of these arms share; empty without runs.  ConfigurationError if two differ."""
        lengths = {}
        for run in (run for arm in chosen for run in self.by.get(digest(arm), {}).values()):
            lengths.setdefault(run.length, run)
        if len(lengths) > 1:
            first, second = list(lengths.values())[:2]
            raise ConfigurationError(f"{first.folder} and {second.folder}: runs of {length_text(first)} and of "
                                     f"{length_text(second)} "
                                     "cannot be scored together")
        return next(iter(lengths), ())

    def draws(self, arm: Arm, taken: list[Arm]) -> list[Run]:
        """Runs with parameters drawn around an arm: many keys with a plausible range differ, and no other key.

        Only runs of the length and scale of the runs of `taken` count, and only those that know all parameters.
        """
        length = self.alike(taken)
        base, known, ranged = values(arm), {digest(each) for each in taken}, {entry.key for entry in varied()}
        drawn = []
        for configuration, runs in self.by.items():
            parameters = next(iter(runs.values())).parameters
            if configuration in known or not base.keys() <= parameters.keys():
                continue
            differ = {key for key in base if matters(key) and parameters[key] != base[key]}
            if len(differ) >= MANY and differ <= ranged:
                drawn += [run for run in runs.values() if run.length == length]
        return drawn


def length_text(run: Run) -> str:
    """A run's length in words."""
    nights, warmup, first, scale = run.length
    return f"{nights} nights from {first} after {warmup} at scale {scale:g}"


def read(folder: Path) -> list[Run]:
    """Every finished run of a folder, of a sweep or of a comparison of scenarios."""
    if not folder.is_dir():
        raise ConfigurationError(f"{folder}: no such folder")
    try:
        if (folder / "runs.parquet").exists() and (folder / "config.yaml").exists():
            return of_study(folder)
        if list(folder.glob("plan-*.json")):
            return of_sweep(folder)
    except (ValueError, KeyError, TypeError, OSError, yaml.YAMLError) as error:
        raise ConfigurationError(f"{folder}: damaged: {' '.join(str(error).split())[:100]}") from None
    raise ConfigurationError(f"{folder}: no results there (neither runs.parquet with config.yaml nor plan-*.json)")


def of_sweep(folder: Path) -> list[Run]:
    """Finished runs of a sweep, which may itself be unfinished."""
    journals, runs = Journals(folder), []
    journals.refresh()
    for path in sorted(folder.glob("plan-*.json")):
        for point in read_plan(path)[1]:
            for k in range(point.replicates):
                outcomes = journals.runs.get((point.identity, k))
                if outcomes is not None:
                    runs.append(Run(folder, outcomes["seed"], plain({**point.base, **point.changes}), outcomes,
                                     of_part(part_of(folder, point.identity, k))))
    return runs


def of_part(path: Path):
    """Return a function from a column's name to the nights in one run's own file."""
    names = []

    def column(name):
        if not path.exists():
            return None
        names.extend(() if names else pq.read_schema(path).names)
        return pq.read_table(path, columns=[name])[name].to_numpy() if name in names else None

    return column


def of_study(folder: Path) -> list[Run]:
    """Runs of a comparison of scenarios."""
    config = yaml.safe_load((folder / "config.yaml").read_text(encoding="utf-8"))
    parameters = {name: plain(flatten(tree)) for name, tree in config["parameters"].items()}
    rows, nights = pq.read_table(folder / "runs.parquet").to_pylist(), folder / "nights.parquet"
    tables = {}

    def reader(scenario, replicate):
        def column(name):
            if not nights.exists() or name not in pq.read_schema(nights).names:
                return None
            if name not in tables:
                tables[name] = pq.read_table(nights, columns=["scenario", "replicate", name])
            return piece(tables[name], scenario, replicate)[name]
        return column

    return [Run(folder, row["seed"], parameters[row["scenario"]], {k: v for k, v in row.items() if k not in TAGS},
                reader(row["scenario"], row["replicate"])) for row in rows]


def plain(flat: dict) -> dict:
    """Values as in JSON, so that equal configurations compare equal regardless of their file."""
    checked = {key: check_value(registry()[key], value) for key, value in flat.items() if key in registry()}
    return json.loads(json.dumps(checked))
