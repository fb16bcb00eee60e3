"""Results of runs in memory of a session: tables as data frames, the standard figures, and what notebooks show.

The tables are those that the command line writes (`docs/read_results.md`), made by the same functions.  They lie in a
folder, which is temporary and lasts as long as the session unless the user names one.
"""

import shutil
import tempfile
from functools import cached_property
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from sim.figures import draw_all
from sim.findings import Number, Table, terminal
from sim.findings.text import title
from sim.interface.optional import library
from sim.interface.plots import Plots, standard
from sim.interface.show import table_html
from sim.registry.errors import ConfigurationError
from sim.registry.outcomes import outcomes, primary
from sim.registry.parameters import suggestion
from sim.report.comparison import found, write_report
from sim.report.page import NAME as REPORT
from sim.runs.crate import write_crate
from sim.runs.nights import clear_parts, keep, write_tables
from sim.runs.plan import plan_comparison
from sim.runs.results import write_table
from sim.runs.table import as_table, row
from sim.studies.comparison import BRIEF

TABLES = ("runs", "nights", "groups", "observed", "summary")
MEANING = "Results are simulated under stated assumptions and are no estimate for any place, group or person."


class Results:
    """Tables and figures of finished runs.

    folder: where the tables lie, as the command line writes them.
    """

    main = "runs"  # the table that `to_pandas` and `to_polars` give if none is named

    def __init__(self, folder: Path):
        self.folder = Path(folder)

    @property
    def tables(self) -> list[str]:
        """Names of the tables that there are."""
        return [name for name in TABLES if self._file(name).exists()]

    def table(self, name: str | None = None) -> pa.Table:
        """A table as a pyarrow Table with unit and meaning of each column in its metadata.

        ConfigurationError for a name that is not among `tables`.
        """
        name = name or self.main
        if name not in self.tables:
            near = suggestion(name, self.tables)
            raise ConfigurationError(f"table {name!r}: must be one of {', '.join(self.tables)}"
                                     f"{near if 'mean' in near else ''}")
        file = self._file(name)
        return pq.read_table(file) if file.suffix == ".parquet" else pyarrow.csv.read_csv(file)

    def to_pandas(self, name: str | None = None):
        """A table as a pandas data frame; `frame.attrs["units"]` gives the unit of each column.

        name: runs, nights, groups, observed or summary; None gives the main one.
        """
        data = self.table(name)
        library("pandas")
        frame = data.to_pandas()
        frame.attrs["units"] = {field.name: field.metadata[b"unit"].decode() for field in data.schema
                                if field.metadata and b"unit" in field.metadata}
        return frame

    def to_polars(self, name: str | None = None):
        """A table as a Polars data frame; names as in `to_pandas`."""
        return library("polars").from_arrow(self.table(name))

    def plot(self, *names: str) -> Plots:
        """The standard figures, or those named; ConfigurationError for an unknown name."""
        return standard(self.folder, names)

    def save(self, folder) -> Path:
        """Copy the files into a new folder and return it; ConfigurationError if it holds something."""
        target = Path(folder)
        if target.exists() and (not target.is_dir() or any(target.iterdir())):
            raise ConfigurationError(f"folder={folder}: holds files already; give an empty or new folder")
        return Path(shutil.copytree(self.folder, target, dirs_exist_ok=True, ignore=shutil.ignore_patterns("claims")))

    def _file(self, name: str) -> Path:
        return self.folder / f"{name}.{'csv' if name == 'summary' else 'parquet'}"

    def _shown(self) -> list[Table]:
        """The tables that a notebook shows."""
        raise NotImplementedError

    def __str__(self) -> str:
        return "\n\n".join([*map(terminal.render_table, self._shown()), MEANING])

    def _repr_html_(self) -> str:
        return "\n".join([*map(table_html, self._shown()), f"<p><small>{MEANING}</small></p>"])


class Run(Results):
    """The results of one run of a market, up to its last night.

    outcomes: the outcomes of the run by name (`sim/registry/outcomes.yaml` gives their units).
    """

    main = "nights"

    def __init__(self, market):
        self._market_name, self._p = market.name, market.p
        self._replicate, self._seed = market.replicate, market.world.seed
        self._record = market.record()
        self.outcomes = self._record.run

    @cached_property
    def folder(self) -> Path:
        """A temporary folder with the tables, which are written on first use."""
        if not self.outcomes:
            raise ConfigurationError("no night has been recorded yet; call `run` or `step` first")
        self._temporary = tempfile.TemporaryDirectory(prefix="sim-")
        folder = Path(self._temporary.name)
        settings = {"study": "single", "reference": self._market_name, "analysis": None, "most_replicates": None}
        plan = plan_comparison(settings, {self._market_name: self._p}).with_replicates(self._replicate + 1)
        point, run = plan.points[0], {"seed": self._seed, **self.outcomes}
        place = point.identity, self._replicate
        keep(folder, *place, self._record, plan.tables)
        write_table("runs", as_table([row(point, self._replicate, run, True)], []), folder / "runs.parquet")
        write_tables(folder, plan, {place: run})
        clear_parts(folder, plan)
        return folder

    def _shown(self) -> list[Table]:
        """The primary outcomes, and the mean price of a crossing."""
        names = [name for name in (*primary(), "price_mean") if name in self.outcomes]
        rows = tuple((title(name), Number(float(self.outcomes[name]), outcomes()[name].digits)) for name in names)
        nights = len(self._record.nights.get("night", ()))
        return [Table(f"{self._market_name}: {nights} nights", ("outcome", "value"), rows,
                      "One run has no interval; `sim.compare` gives intervals over replicates.")]

    def __repr__(self) -> str:
        nights = len(self._record.nights.get("night", ()))
        return f"<Run of {self._market_name}: {nights} nights, seed {self._seed}>"


class Comparison(Results):
    """The results of scenarios compared replicate by replicate, with the same seeds in each.

    Printed, and shown in a notebook, are the tables that the command line prints: means, paired differences from the
    reference with 95 % intervals and verdicts, and what the signs are worth.
    """

    @cached_property
    def findings(self):
        """All tables and sentences of the comparison (`sim.findings.Findings`)."""
        return found(self.folder)

    @property
    def scenarios(self) -> list[str]:
        """The scenarios in order; differences are taken from the reference."""
        return list(dict.fromkeys(self.table("runs")["scenario"].to_pylist()))

    def report(self) -> Path:
        """Draw the figures, write report.html into the folder of the results, and return its path."""
        draw_all(self.folder)
        write_report(self.folder)
        write_crate(self.folder)
        return self.folder / REPORT

    def _shown(self) -> list[Table]:
        return [table for name, table in self.findings.tables.items() if name in BRIEF]

    def __str__(self) -> str:
        return terminal.render(self.findings, BRIEF)

    def __repr__(self) -> str:
        return f"<Comparison of {', '.join(self.scenarios)}: {self.table('runs').num_rows} runs>"
