"""Summaries: what a run is reduced to, and what was reported of the same (`sim/registry/calibration.yaml`).

A summary adds outcomes of a run, or months of nightly columns, takes its coverage into account and is compared on the
scale given: the logarithm, the logarithm of a count plus one, or as it is.  On that scale its error is normal with the
standard deviation that its 95 % interval implies; simulated summaries get an error drawn from it, so that approximate
computation is exact for a model that has this error (Wilkinson 2013, doi:10.1515/sagmb-2013-0010).
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.special import ndtri

from sim import series
from sim.calibration.free import SEED, specification
from sim.draws import Draws
from sim.parameters import registry

SCALES = {"log": np.log, "count": np.log1p, "plain": np.asarray}
Z = float(ndtri(0.975))
SMALLEST = 1e-3  # where a logarithm would meet a zero


@dataclass(frozen=True)
class Summary:
    """One number of a run with what was reported of it."""

    name: str
    label: str
    columns: tuple  # outcomes, or nightly columns by month; they are added
    scale: str
    source: str
    target: float
    low: float  # ends of its 95 % interval
    high: float
    per: tuple = ()  # columns that it is divided by
    coverage: tuple = ()  # observation parameters that it is multiplied by
    months: tuple = ()  # numbers of months taken; none: the outcome of the run
    reduce: str = "sum"  # what is done with the months
    month: int = 0  # of a share

    def compared(self, value):
        """A value on the scale of comparison."""
        value = np.asarray(value, float)
        return SCALES[self.scale](np.maximum(value, SMALLEST) if self.scale == "log" else value)

    @property
    def error(self) -> float:
        """Standard deviation on that scale."""
        return float((self.compared(self.high) - self.compared(self.low)) / (2 * Z))

    def of(self, table: dict) -> np.ndarray:
        """The summary of each run; table: columns of the bank."""
        values = REDUCED[self.reduce](self.taken(table, self.columns), self.month)
        if self.per:
            below = REDUCED[self.reduce](self.taken(table, self.per), self.month)
            values = np.divide(values, below, out=np.zeros_like(values), where=below > 0)
        return values * share(self.coverage)

    def taken(self, table: dict, names) -> np.ndarray:
        """Runs × months (or × 1) of the columns, added."""
        if not self.months:
            return sum(np.asarray(table[name], float)[:, None] for name in names)
        year = specification()["window"]["first"][:4]
        return np.stack([sum(np.asarray(table[f"{name}_{year}_{number:02d}"], float) for name in names)
                         for number in self.months], axis=1)


REDUCED = {  # runs × months and the number of one of them, to one number a run
    "sum": lambda values, _: values.sum(axis=1),
    "mean": lambda values, _: values.mean(axis=1),
    "highest": lambda values, _: values.max(axis=1),
    "highest_to_mean": lambda values, _: values.max(axis=1) / np.maximum(values.mean(axis=1), SMALLEST),
    "share": lambda values, month: values[:, month - 1] / np.maximum(values.sum(axis=1), 1),
}


def needed() -> dict[str, list[str]]:
    """Months of nightly columns that summaries take: {"interceptions": ["2022_01", …]}."""
    year, found = specification()["window"]["first"][:4], {}
    for one in summaries():
        for name in (*one.columns, *one.per) if one.months else ():
            found.setdefault(name, set()).update(f"{year}_{number:02d}" for number in one.months)
    return {name: sorted(months) for name, months in found.items()}


def share(keys) -> float:
    """Product of observation parameters at their defaults; "not x" is 1 − x."""
    product = 1.0
    for key in keys:
        value = float(registry()[key.removeprefix("not ")].default)
        product *= 1 - value if key.startswith("not ") else value
    return product


@lru_cache(maxsize=1)
def summaries() -> tuple[Summary, ...]:
    """All summaries in the order of the file; one of `months: shares` stands for a summary a month."""
    found = []
    for row in specification()["summaries"]:
        found += made(row)
    return tuple(found)


def made(row: dict) -> list[Summary]:
    """The summaries of one row of the file."""
    first = np.datetime64(specification()["window"]["first"])
    year, reduce = np.arange(first, first + np.timedelta64(12, "M")), row.get("reduce", "sum")
    common = {"columns": tuple(row["from"]), "scale": row["as"], "source": row["source"], "reduce": reduce,
              "per": tuple(row.get("per", ())), "coverage": tuple(row.get("coverage", ()))}
    if "target" in row:
        months = tuple(row.get("months", () if reduce == "sum" else range(1, 13)))
        return [Summary(row["name"], row["label"], target=float(row["target"]), low=float(row["interval"][0]),
                        high=float(row["interval"][1]), months=months, **common)]
    known = {k + 1: series.monthly(row["series"])[month] for k, month in enumerate(year)
             if month in series.monthly(row["series"])}
    if reduce == "share":
        total = sum(known.values())
        return [Summary(f"{row['name']}_{k:02d}", f"{row['label']}, {year[k - 1]}", months=tuple(known), month=k,
                        **around(value / total, row["error"]), **common) for k, value in known.items()]
    around_mean = around(np.mean(list(known.values())), row["error"])
    return [Summary(row["name"], row["label"], months=tuple(known), **around_mean, **common)]


def around(target: float, error: float) -> dict:
    """Target and interval for an error in the logarithm."""
    target = float(target)
    return {"target": target, "low": target * float(np.exp(-Z * error)), "high": target * float(np.exp(Z * error))}


def observed() -> np.ndarray:
    """What was reported, on the scales of comparison."""
    return np.array([float(s.compared(s.target)) for s in summaries()])


def simulated(table: dict, sample: int = 0) -> np.ndarray:
    """Runs × summaries on the scales of comparison, each with its error drawn; `sample`: another draw of errors."""
    exact, draws = latent(table), Draws(SEED)
    runs = np.arange(len(exact))
    errors = [s.error * draws.normal(f"error {s.name}", 0, runs, sample) for s in summaries()]
    return exact + np.stack(errors, axis=1)


def latent(table: dict) -> np.ndarray:
    """The same without errors."""
    return np.stack([s.compared(s.of(table)) for s in summaries()], axis=1)
