"""The bank of simulations: finished runs of a sweep with their parameters, and further generations in the same
store."""

import secrets
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow.parquet as pq

from sim.runs.nights import part_of
from sim.runs.parameter_draws import rows, units_of
from sim.runs.plan import plan_like, write_plan
from sim.runs.run import cores
from sim.runs.table import collect
from sim.runs.work import work
from sim.studies.calibration.summaries import latent, needed, simulated


class Bank(NamedTuple):
    """Parameters and summaries of runs."""

    units: np.ndarray  # quantiles of the prior, runs × parameters
    found: np.ndarray  # summaries with error of measurement, runs × summaries
    latent: np.ndarray  # summaries without error, runs × summaries

    def with_more(self, other: "Bank") -> "Bank":
        """Return the bank with the runs of another bank added."""
        return Bank(*(np.concatenate(pair) for pair in zip(self, other)))


def bank_of(columns: dict, sample: int = 0) -> Bank:
    """Return the bank of columns by name (outcomes of runs and months); runs with an undefined summary are left out."""
    units, found, exact = units_of(columns), simulated(columns, sample), latent(columns)
    whole = np.isfinite(found).all(axis=1)
    return Bank(units[whole], found[whole], exact[whole])


def prior_bank(folder: Path) -> Bank:
    """Read the bank of a finished sweep with `parameter_draws.source=prior`."""
    return bank_of(columns_of(folder))


def columns_of(folder: Path, which=None) -> dict:
    """Read the columns of `runs.parquet` of a finished sweep and the monthly columns that summaries need."""
    columns = as_columns(pq.read_table(Path(folder) / "runs.parquet"))
    nights = pq.read_table(Path(folder) / "nights.parquet", columns=nightly(which))
    arrays = {name: nights[name].to_numpy(zero_copy_only=False) for name in nights.column_names}
    return columns | by_month(arrays, len(columns["seed"]), which)


def as_columns(table) -> dict:
    """Convert an Arrow table to arrays by name."""
    return {name: np.array(table[name].to_pylist()) for name in table.column_names}


# by month ----------------------------------------------------------------------------------------------------------
STOCKS = ("in_camp", "informal", "flat", "unsheltered")
FURTHER = {  # derived columns: nightly column (None: 1 per night), and whether only nights of operations count
    "nights": (None, False), "camp_nights": ("in_camp", False), "found_in_operation": ("found_and_moved", True),
    "suspects_in_operation": ("suspects_arrested", True),
}


def nightly(which=None) -> list[str]:
    """Names of the nightly columns that are read."""
    return sorted({"date", "operation", *(FURTHER.get(name, (name,))[0] or "date" for name in needed(which))})


def by_month(nights: dict, runs: int, which=None) -> dict[str, np.ndarray]:
    """Return {"interceptions_2022_01": value of each run}: sums of flows, and stocks on the month's last night.

    nights: nightly columns of all runs, one run after the other.
    """
    dates = np.asarray(nights["date"]).astype("datetime64[M]").reshape(runs, -1)[0]
    columns = {}
    for name, months in needed(which).items():
        values = values_of(nights, name).reshape(runs, -1)
        for month in months:
            here = np.flatnonzero(dates == np.datetime64(month.replace("_", "-")))
            if not len(here):
                raise ValueError(f"{month}: no night of this month was simulated, but a summary needs it")
            columns[f"{name}_{month}"] = values[:, here[-1]] if name in STOCKS else values[:, here].sum(axis=1)
    return columns


def values_of(nights: dict, name: str) -> np.ndarray:
    """A nightly column of the record, or a derived one."""
    column, operations = FURTHER.get(name, (name, False))
    values = np.ones(len(nights["date"])) if column is None else np.asarray(nights[column], float)
    return values * (np.asarray(nights["operation"]) > 0) if operations else values


# further runs ------------------------------------------------------------------------------------------------------
def generation(folder: Path, units: np.ndarray, number: int, processes: int | None = None) -> Bank:
    """Run further points in the store of the sweep in `folder`; finished runs are not repeated."""
    folder = Path(folder)
    plan = plan_like(min(folder.glob("plan-*.json"), key=lambda path: path.stat().st_mtime), rows(units))
    file, points = write_plan(plan, folder), plan.points
    processes = processes or points[0].base["workers"] or cores()
    work(folder, file.name, 0, len(points), secrets.token_hex(4), processes)
    columns = as_columns(collect([folder], plans={file.name})[0])
    nights = [pq.read_table(part_of(folder, point.identity, 0), columns=nightly()) for point in points]
    joined = {name: np.concatenate([table[name].to_numpy(zero_copy_only=False) for table in nights])
              for name in nights[0].column_names}
    return bank_of(columns | by_month(joined, len(points)), sample=number)
