"""The runs of a finished sweep as arrays over its grid: outcomes by swept values and replicate.

Replicate k has the same seed at every point of the grid, so differences between points are taken replicate by
replicate; their intervals are Student's and of chance in the simulation alone.
"""

import csv
import io
import math
import textwrap
from itertools import product
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from sim.outcomes import outcomes
from sim.parameters import ConfigurationError
from sim.summary import interval, number
from sim.sweeps.plan import read_plan

NOTE = "95 % intervals of chance in the simulation alone, under stated assumptions."
PER_10K = {  # outcomes made here: label, unit, counts that are added, times 10 000, by arrivals
    "injuries_per_10k": ("Injuries per 10 000 arrivals", "injuries / 10 000",
                         ("injuries_authorities", "injuries_groups", "injuries_clashes")),
    "pushbacks_per_10k": ("Pushbacks per 10 000 arrivals", "pushbacks / 10 000", ("pushbacks",)),
    "left_per_10k": ("Gave up, per 10 000 arrivals", "persons / 10 000", ("left",)),
}


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
        self.path, self.keys = path, keys
        self.columns = {name: np.array(table[name].to_pylist()) for name in table.column_names}
        self.axes = {key: axis(self.columns[key]) for key in keys}
        self.replicates = np.unique(self.columns["replicate"]).tolist()
        self.rows = self.ordered()

    def ordered(self) -> np.ndarray:
        """Row numbers of the table, shape of the grid × replicates; ConfigurationError for a gap or a double."""
        found = {}
        for row, point in enumerate(zip(*(self.columns[key].tolist() for key in (*self.keys, "replicate")))):
            if point in found:
                raise ConfigurationError(f"{self.path}: {self.say(point)} stands there twice; sweep nothing but "
                                         f"{', '.join(self.keys)}")
            found[point] = row
        wanted = list(product(*self.axes.values(), self.replicates))
        missing = [point for point in wanted if point not in found]
        if missing:
            raise ConfigurationError(f"{self.path}: {len(missing)} of {len(wanted)} runs are missing, first "
                                     f"{self.say(missing[0])}; give the sweep's command again")
        return np.array([found[point] for point in wanted]).reshape(self.shape)

    @property
    def shape(self) -> tuple[int, ...]:
        """Values of each key, then replicates."""
        return (*(len(values) for values in self.axes.values()), len(self.replicates))

    def sample(self) -> str:
        """How many runs stand behind a point; nights are told where the plan lies beside the table."""
        plans = sorted(self.path.parent.glob("plan-*.json"))
        nights = {point.base["nights"] for path in plans for point in read_plan(path)[1]}
        n, long = len(self.replicates), f" of {nights.pop()} nights" if len(nights) == 1 else ""
        return f"{n} replicate{'s' if n > 1 else ''}{long} a point, same seeds at all points"

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
        return self.columns[name].astype(float)[self.rows]


def axis(values: np.ndarray) -> list:
    """Values of a key: numbers rising, names in the order of the table (the plan's)."""
    return list(dict.fromkeys(values.tolist())) if values.dtype.kind == "U" else np.unique(values).tolist()


def named(name: str) -> tuple[str, str, int]:
    """Label, unit and digits shown of an outcome."""
    if name in PER_10K:
        return (*PER_10K[name][:2], 0)
    entry = outcomes()[name]
    return entry.label, entry.unit, entry.digits


def heading(name: str) -> str:
    """Label, with the unit where the label does not say it."""
    label, unit, _ = named(name)
    return label if is_said(label, unit) else f"{label} [{unit}]"


def is_said(label: str, unit: str) -> bool:
    """Whether a label names its unit."""
    return unit.split(" ")[0] in label.lower() or " / 10 000" in unit


def of_axis(name: str, unit_is: float = 1.0, width: int = 24) -> str:
    """Label of an axis with its unit, broken into lines; `unit_is` 1e6 where values are shown in millions."""
    label, unit, _ = named(name)
    if unit_is > 1:
        unit = f"M {unit}"
    elif is_said(label, unit):
        unit = ""
    whole = f" ({unit})".replace(" ", "\u00a0").replace("\u00a0", " ", 1) if unit else ""
    return "\n".join(textwrap.wrap(label + whole, width))


def cells(values: np.ndarray, digits: int, signed: bool) -> list[str]:
    """Mean ± half-width of each column of mean, low, high; the half-width in millions (M) where the mean is."""
    texts = []
    for mean, low, _ in values.T:
        million = abs(mean) >= 1e6
        half = number((mean - low) / 1e6, 1) + " M" if million else number(mean - low, digits)
        texts.append(number(mean, digits, signed) + (f" ± {half}" if math.isfinite(low) else ""))
    return texts


def over(values: np.ndarray) -> np.ndarray:
    """Mean and ends of the 95 % interval over the last axis (replicates); shape (3, …)."""
    flat = values.reshape(-1, values.shape[-1])
    return np.array([interval(row)[1:] for row in flat]).T.reshape(3, *values.shape[:-1])


def sign(difference: np.ndarray) -> np.ndarray:
    """+1 or −1 where the interval of `over` excludes 0, else 0."""
    _, low, high = difference
    return np.where(low > 0, 1, np.where(high < 0, -1, 0))


def write_rows(rows: list[dict], path: Path) -> None:
    """A CSV file, whole or not at all; NaN is an empty cell."""
    from sim.results import write_text

    write_text(path, as_csv(rows))


def as_csv(rows: list[dict]) -> str:
    """Rows as the text of a CSV file; NaN is an empty cell."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows({k: "" if isinstance(v, float) and math.isnan(v) else v for k, v in row.items()} for row in rows)
    return text.getvalue()


def write_figures(drawn: dict, folder: Path, captions_in: str = "captions.md") -> None:
    """Save figures {name: (function that draws one, caption)} and their captions in the folder's `figures`."""
    from sim.figures.data import LABEL
    from sim.figures.style import in_style, save
    from sim.results import write_text

    target = Path(folder) / "figures"
    target.mkdir(exist_ok=True)
    captions = ["# Captions", ""]
    for name, (draw, caption) in drawn.items():
        with in_style():
            save(draw(), target / name)
        captions += [f"**{name}.** {caption} {LABEL}", ""]
    write_text(target / captions_in, "\n".join(captions))
