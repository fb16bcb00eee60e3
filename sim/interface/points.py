"""Results of a sweep: means of the primary outcomes by point, and paired differences from the first point."""

from functools import cached_property
from pathlib import Path

import pyarrow as pa

from sim.figures import sweep
from sim.figures.style import in_style
from sim.findings import Number, Table
from sim.findings.rows import value_of
from sim.findings.text import title as title_of
from sim.interface.plots import Plots
from sim.interface.results import Results
from sim.registry import LABEL
from sim.registry.errors import ConfigurationError
from sim.registry.interrupts import shielded
from sim.registry.outcomes import TAGS, outcomes
from sim.runs.table import POINT_SEED
from sim.statistics.summary import summarise
from sim.studies.summarised import Summary, difference

MOST = 60  # points in the tables that are shown; `to_pandas` gives all


class Sweep(Results):
    """The results of a sweep, one row of `to_pandas()` per run.

    Printed, and shown in a notebook, are means of the primary outcomes by point, and paired differences from the first
    point with 95 % intervals: replicates are paired, because a replicate has the same seed at every point.
    """

    def __init__(self, folder: Path, swept: list[str], shown: list[str]):
        super().__init__(folder)
        self.swept, self._outcomes = swept, shown

    @cached_property
    def _columns(self) -> dict[str, list]:
        """Values of the swept keys and the scenario by run, as texts."""
        data = self.table("runs")
        columns = {key: POINT_SEED if key == "seed" else key for key in self.swept if key != "replicates"}
        return {key: ["" if value is None else str(value) for value in data[column].to_pylist()]
                for key, column in {**columns, "scenario": "scenario"}.items()}

    @property
    def points(self) -> list[tuple[str, ...]]:
        """Values of the swept keys and the scenario at each point, as texts, in the order of the sweep."""
        return list(dict.fromkeys(zip(*self._columns.values())))

    @cached_property
    def _summary(self) -> Summary:
        """Rows of a summary in which each of the first points stands for a scenario."""
        data = self.table("runs")
        number = {point: k for k, point in enumerate(self.points[:MOST])}
        of_run = [number.get(point) for point in zip(*self._columns.values())]
        kept = [name for name in data.column_names if name in TAGS or name in self._outcomes]
        labels = pa.array([None if k is None else str(k) for k in of_run], pa.string())
        data = data.select(kept).drop_columns("scenario").append_column("scenario", labels)
        rows = summarise(data.filter(data["scenario"].is_valid()), "0")
        return Summary([{column: str(value) for column, value in row.items()} for row in rows])  # as read from a file

    def _table(self, title: str, note: str, points, cell) -> Table:
        """One row for each point with a cell for each outcome; cell: (row of the summary, digits) -> Number."""
        rows = tuple((*self.points[k], *(cell(self._summary.find[name, str(k)], outcomes()[name].digits)
                                         for name in self._outcomes)) for k in points)
        return Table(title, (*self._columns, *map(title_of, self._outcomes)), rows, note)

    def _shown(self) -> list[Table]:
        count = min(len(self.points), MOST)
        left = f" The first {MOST} of {len(self.points)} points." if len(self.points) > MOST else ""
        n = max(int(row["n"]) for row in self._summary.rows)
        tables = [self._table(f"Means over {n} replicate{'s' if n > 1 else ''} a point.", "95 % intervals of chance in "
                              f"the simulation alone.{left}" if n > 1 else f"One run has no interval.{left}",
                              range(count), mean)]
        if count > 1:
            first = ", ".join(f"{key}={value}" for key, value in zip(self._columns, self.points[0]))
            tables.append(self._table(f"Paired differences from {first}.", "Verdicts as in a comparison of scenarios "
                                      "(docs/read_results.md), adjusted within a point.", range(1, count), difference))
        return tables

    def plot(self, *names: str) -> Plots:
        """The figure `sweep`: means of the primary outcomes with 95 % intervals over the first swept key."""
        if set(names) - {sweep.NAME}:
            raise ConfigurationError(f"figure {names[0]!r}: a sweep has the figure `{sweep.NAME}`")
        intervals = {name: [[value_of(self._summary.find[name, str(k)], column) for column in
                             ("mean", "ci_low", "ci_high")] for k in range(min(len(self.points), MOST))]
                     for name in self._outcomes}
        n = max(int(row["n"]) for row in self._summary.rows)
        with shielded(), in_style():
            figure = sweep.draw(list(self._columns), self.points[:MOST], intervals, n)
        text = sweep.caption(n)
        return Plots({sweep.NAME: (figure, f"{text} {LABEL}", f"{text} The table holds the means.")})

    def __repr__(self) -> str:
        return f"<Sweep of {', '.join(self.swept) or 'scenario'}: {len(self.points)} points>"


def mean(row: dict, digits: int) -> Number:
    """Mean ± half-width."""
    return Number(value_of(row, "mean"), digits, value_of(row, "ci_high") - value_of(row, "mean"))
