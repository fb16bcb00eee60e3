"""The runs of a finished sweep as arrays over its grid: outcomes by swept values and replicate.

Replicate k has the same seed at every point of the grid, so differences between points are taken replicate by
replicate; their intervals are Student's and of chance in the simulation alone.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from sim.registry.outcomes import PER_10K
from sim.registry.parameters import ConfigurationError
from sim.runs.plan import read_plan


class Grid:
    """Outcomes of a sweep that is a full product of `keys`; `grid[name]` has an axis a key and, last, replicates."""

    def __init__(self, folder: Path, keys: tuple[str, ...]):
        """Reads `runs.parquet`; ConfigurationError, one line, where it is not the full product."""
        path = Path(folder) / "runs.parquet"
        if not path.exists():
            raise ConfigurationError(f"{path}: no such file; the sweep is not complete")
        table = pq.read_table(path)
        if missing := [key for key in keys if key not in table.column_names]:
            raise ConfigurationError(f"{path}: no column {missing[0]}; it must be swept")
        self.path, self.keys, self.runs = path, keys, table.to_pandas()
        self.axes = {key: axis(self.runs[key]) for key in keys}
        self.replicates = axis(self.runs["replicate"])
        self.rows = self.ordered()

    def ordered(self) -> np.ndarray:
        """Row numbers of the table in the shape of the grid × replicates.

        Raises ConfigurationError for a gap or a duplicate.
        """
        points = pd.MultiIndex.from_frame(self.runs[[*self.keys, "replicate"]])
        if (twice := points.duplicated()).any():
            raise ConfigurationError(f"{self.path}: {self.say(points[twice][0])} stands there twice; sweep nothing but "
                                     f"{', '.join(self.keys)}")
        wanted = pd.MultiIndex.from_product([*self.axes.values(), self.replicates])
        rows = points.get_indexer(wanted)
        if (missing := rows < 0).any():
            raise ConfigurationError(f"{self.path}: {missing.sum()} of {len(wanted)} runs are missing, first "
                                     f"{self.say(wanted[missing][0])}; give the sweep's command again")
        return rows.reshape(self.shape)

    @property
    def shape(self) -> tuple[int, ...]:
        """Values of each key, then replicates."""
        return (*(len(values) for values in self.axes.values()), len(self.replicates))

    def sample(self) -> str:
        """The number of runs behind a point in words, with their nights if a plan lies beside the table."""
        plans = sorted(self.path.parent.glob("plan-*.json"))
        nights = {point.base["nights"] for path in plans for point in read_plan(path)[1]}
        n, long = len(self.replicates), f" of {nights.pop()} nights" if len(nights) == 1 else ""
        return f"{n} replicate{'s' if n > 1 else ''}{long} a point, with the same seeds at all points"

    def say(self, point) -> str:
        """A point in words."""
        return ", ".join(f"{key}={value}" for key, value in zip((*self.keys, "replicate"), point))

    def place(self, key: str, value) -> int:
        """Where a value stands on its axis; ConfigurationError if it was not swept."""
        if value not in self.axes[key]:
            raise ConfigurationError(f"{self.path}: no runs with {key}={value}; differences are taken from there")
        return self.axes[key].index(value)

    def __getitem__(self, name: str) -> np.ndarray:
        """An outcome, or one of `PER_10K` [its unit], over the grid and replicates."""
        if name in PER_10K:
            return 1e4 * sum(self[part] for part in PER_10K[name][2]) / np.maximum(self["arrivals"], 1.0)
        return self.runs[name].to_numpy(float)[self.rows]


def axis(values: pd.Series) -> list:
    """Values of a key: numbers rising, names in the order of the table (the plan's)."""
    values = values if pd.api.types.is_string_dtype(values) else values.sort_values()
    return values.unique().tolist()
