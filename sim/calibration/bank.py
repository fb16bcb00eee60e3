"""The bank: finished runs of a sweep with their parameters, and further generations in the same store."""

import secrets
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow.parquet as pq

from sim.calibration.free import rows, units_of
from sim.calibration.summaries import latent, needed, simulated


class Bank(NamedTuple):
    """Runs with their parameters."""

    units: np.ndarray  # quantiles of the prior, runs × parameters
    found: np.ndarray  # summaries with error, runs × summaries
    latent: np.ndarray  # without

    def with_more(self, other: "Bank") -> "Bank":
        return Bank(*(np.concatenate(pair) for pair in zip(self, other)))


def bank_of(columns: dict, sample: int = 0) -> Bank:
    """A bank from columns by name, outcomes of runs and months; runs without a price or the like are left out."""
    units, found, exact = units_of(columns), simulated(columns, sample), latent(columns)
    whole = np.isfinite(found).all(axis=1)
    return Bank(units[whole], found[whole], exact[whole])


def prior_bank(folder: Path) -> Bank:
    """The bank of a finished sweep with `parameters=prior`, from `runs.parquet` and `nights.parquet`."""
    columns = as_columns(pq.read_table(Path(folder) / "runs.parquet"))
    if not set(names_by_month()) <= set(columns):
        nights = pq.read_table(Path(folder) / "nights.parquet", columns=["date", *needed()])
        runs = len(columns["seed"])
        columns |= by_month({name: nights[name].to_numpy(zero_copy_only=False) for name in nights.column_names}, runs)
    return bank_of(columns)


def as_columns(table) -> dict:
    """An Arrow table as arrays."""
    return {name: np.array(table[name].to_pylist()) for name in table.column_names}


def names_by_month() -> list[str]:
    """Columns that the summaries take by month."""
    return [f"{name}_{month}" for name, months in needed().items() for month in months]


def by_month(nights: dict, runs: int) -> dict[str, np.ndarray]:
    """{"interceptions_2022_01": a value a run}: sums of flows, stocks on the last night; nights of runs in order."""
    dates = np.asarray(nights["date"]).astype("datetime64[M]").reshape(runs, -1)[0]
    found = {}
    for name, months in needed().items():
        values = np.asarray(nights[name], float).reshape(runs, -1)
        for month in months:
            here = np.flatnonzero(dates == np.datetime64(month.replace("_", "-")))
            if not len(here):
                raise ValueError(f"{month}: no night of it was simulated, and a summary wants it")
            found[f"{name}_{month}"] = values[:, here[-1]] if name in STOCKS else values[:, here].sum(axis=1)
    return found


STOCKS = ("in_camp", "informal", "flat", "unsheltered")


def generation(folder: Path, units: np.ndarray, number: int, processes: int | None = None) -> Bank:
    """Runs at further points, in the store of the sweep in `folder`; what is finished there is not run again."""
    from sim.run import cores
    from sim.sweeps.nights import part_of
    from sim.sweeps.plan import plan_like, write_plan
    from sim.sweeps.table import collect
    from sim.sweeps.work import work

    folder = Path(folder)
    plan = plan_like(min(folder.glob("plan-*.json"), key=lambda path: path.stat().st_mtime), rows(units))
    file, points = write_plan(plan, folder), plan.points
    processes = processes or points[0].base["workers"] or cores()
    work(folder, file.name, 0, len(points), secrets.token_hex(4), processes)
    columns = as_columns(collect([folder], plans={file.name})[0])
    nights = [pq.read_table(part_of(folder, point.identity, 0), columns=["date", *needed()]) for point in points]
    joined = {name: np.concatenate([table[name].to_numpy(zero_copy_only=False) for table in nights])
              for name in nights[0].column_names}
    return bank_of(columns | by_month(joined, len(points)), sample=number)
