"""Nights of a finished sweep by arm: what event studies read."""

from datetime import date
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from sim.registry.parameters import ConfigurationError
from sim.runs.plan import Point, read_plan
from sim.statistics.events import Series


class Nights:
    """Nightly columns of a finished sweep by arm: replicates × nights; each column is read on first use."""

    def __init__(self, folder: Path, keys: tuple[str, ...]):
        """`keys`: columns whose values tell arms apart.  ConfigurationError, one line, where arms are not alike."""
        self.path, self.keys = Path(folder) / "nights.parquet", keys
        if not self.path.exists():
            raise ConfigurationError(f"{self.path}: no such file; the sweep is not complete")
        self.names = pq.read_schema(self.path).names
        if missing := [key for key in keys if key not in self.names]:
            raise ConfigurationError(f"{self.path}: no column {missing[0]}; it must be swept")
        table = pq.read_table(self.path, columns=[*keys, "replicate", "night"]).to_pydict()  # None: no value
        self.places = {}
        for row, run in enumerate(zip(*(table[key] for key in keys), table["replicate"])):
            self.places.setdefault(run, []).append(row)
        self.arms = list(dict.fromkeys(run[:-1] for run in self.places))
        self.replicates = sorted({run[-1] for run in self.places})
        self.nights = np.array(table["night"])[self.places[next(iter(self.places))]]
        self.check(np.array(table["night"]))
        self.read = {}

    def check(self, night) -> None:
        """Every arm has the same replicates, every run the same nights."""
        for run in ((*arm, k) for arm in self.arms for k in self.replicates):
            if not np.array_equal(night[self.places.get(run, [])], self.nights):
                at = ", ".join(f"{key}={value}" for key, value in zip((*self.keys, "replicate"), run))
                raise ConfigurationError(f"{self.path}: {at} is missing or not whole; give the sweep's command again")

    def __call__(self, series: Series, arm: tuple) -> np.ndarray:
        """A series in one arm: replicates × nights [its unit]."""
        for name in filter(None, (*series.columns, series.per)):
            if name not in self.read:
                if name not in self.names:
                    raise ConfigurationError(f"{self.path}: no column {name}")
                self.read[name] = pq.read_table(self.path, columns=[name])[name].to_numpy().astype(float)
        rows = np.array([self.places[(*arm, k)] for k in self.replicates])
        total = sum(self.read[name][rows] for name in series.columns)
        return total / np.maximum(self.read[series.per][rows], 1.0) if series.per else total


def settings_of(folder: Path) -> dict:
    """Parameters by key that a sweep's points start from, before what is swept."""
    return points_of(folder)[0].base


def points_of(folder: Path) -> list[Point]:
    """The points of a sweep in order; ConfigurationError if the folder has no plan."""
    plans = sorted(Path(folder).glob("plan-*.json"))
    if not plans:
        raise ConfigurationError(f"{folder}: no plan; nights alone do not say when the event was")
    return read_plan(plans[0])[1]


def night_of(when: str, base: dict) -> int:
    """The night of a date, counted from the first recorded one."""
    return (date.fromisoformat(when) - date.fromisoformat(base["start_date"])).days
