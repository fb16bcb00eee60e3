"""Summaries: what a run is reduced to, and what was reported of the same (`sim/registry/calibration.yaml`).

A summary adds nightly columns by month, each seen with its coverage, reduces the months of a period to one number and
is compared on the scale given: the logarithm, the logarithm of a count plus one, or as it is.  On that scale its error
is normal with the standard deviation that its 95 % interval implies; simulated summaries get an error drawn from it, so
that approximate computation is exact for a model that has this error (Wilkinson 2013, doi:10.1515/sagmb-2013-0010).
Periods of one row may share a part of the error's variance: who counts too few in one year counts too few in the next.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.special import ndtri

from sim.registry import series
from sim.registry.parameters import registry
from sim.runs.parameter_draws import SEED, specification
from sim.world.draws import Draws

SCALES = {"log": np.log, "count": np.log1p, "plain": np.asarray}
Z = float(ndtri(0.975))
SMALLEST = 1e-3  # where a logarithm would meet a zero


@dataclass(frozen=True)
class Summary:
    """One number of a run with what was reported of it."""

    row: str  # of the file; its summaries may share a part of their errors
    period: str  # a year, a month, or first and last month with a slash between
    label: str
    columns: tuple  # nightly columns and the share of each that is seen; they are added
    per: tuple  # the same, of what it is divided by
    months: tuple  # "2022_01", …; documented ones
    reduce: str  # what is done with the months
    scale: str
    source: str
    target: float
    low: float  # ends of its 95 % interval
    high: float
    place: int = 0  # of the month whose share it is
    common: float = 0.0  # part of the error's variance that all periods of the row share

    @property
    def name(self) -> str:
        return f"{self.row}_{self.period}"

    def compared(self, value):
        """A value on the scale of comparison."""
        value = np.asarray(value, float)
        return SCALES[self.scale](np.maximum(value, SMALLEST) if self.scale == "log" else value)

    @property
    def error(self) -> float:
        """Standard deviation on that scale."""
        return float((self.compared(self.high) - self.compared(self.low)) / (2 * Z))

    def of(self, table: dict) -> np.ndarray:
        """The summary of each run; table: columns of the bank by month (`bank.by_month`)."""
        values = REDUCED[self.reduce](self.seen(table, self.columns), self.place)
        if not self.per:
            return values
        below = REDUCED[self.reduce](self.seen(table, self.per), self.place)
        return np.divide(values, below, out=np.zeros_like(values), where=below > 0)

    def seen(self, table: dict, columns) -> np.ndarray:
        """Runs × months of the columns as seen, added."""
        return np.stack([sum(share * np.asarray(table[f"{name}_{month}"], float) for name, share in columns)
                         for month in self.months], axis=1)


REDUCED = {  # runs × months and the place of one of them, to one number a run
    "sum": lambda values, _: values.sum(axis=1),
    "mean": lambda values, _: values.mean(axis=1),
    "highest": lambda values, _: values.max(axis=1),
    "highest_to_mean": lambda values, _: values.max(axis=1) / np.maximum(values.mean(axis=1), SMALLEST),
    "share": lambda values, place: values[:, place] / np.maximum(values.sum(axis=1), 1),
}


def needed(which=None) -> dict[str, list[str]]:
    """Months of columns that summaries (all, or those given) take: {"interceptions": ["2021_01", …]}."""
    found = {}
    for one in summaries() if which is None else which:
        for name, _ in (*one.columns, *one.per):
            found.setdefault(name, set()).update(one.months)
    return {name: sorted(months) for name, months in found.items()}


def within(months) -> tuple[Summary, ...]:
    """The summaries that need no months ("2022_01") other than these."""
    return tuple(one for one in summaries() if set(one.months) <= set(months))


def share(keys) -> float:
    """Product of observation parameters at their defaults; "not x" is 1 − x."""
    product = 1.0
    for key in keys:
        value = float(registry()[key.removeprefix("not ")].default)
        product *= 1 - value if key.startswith("not ") else value
    return product


def window() -> np.ndarray:
    """Months of the window."""
    first = np.datetime64(specification()["window"]["first"])
    return np.arange(first, first + np.timedelta64(specification()["window"]["months"], "M"))


def months_of(period: str) -> np.ndarray:
    """The months of a period that lie in the window."""
    first, last = period.split("/")[0], period.split("/")[-1]
    end = np.datetime64(last, "M") + np.timedelta64(11 if len(last) == 4 else 0, "M")
    return window()[(window() >= np.datetime64(first, "M")) & (window() <= end)]


def named(month) -> str:
    """A month as in names of columns."""
    return str(month).replace("-", "_")


@lru_cache(maxsize=1)
def summaries() -> tuple[Summary, ...]:
    """All summaries in the order of the file; a row stands for one a period, or one a month for `reduce: share`."""
    return tuple(one for row in specification()["summaries"] for one in made(row))


def made(row: dict) -> list[Summary]:
    """The summaries of one row of the file."""
    every = {"row": row["name"], "columns": columns(row["from"], row), "per": columns(row.get("per", ()), {}),
             "reduce": row.get("reduce", "sum"), "scale": row["as"], "source": row["source"],
             "common": row.get("common", 0.0)}
    found = []
    for period, (target, low, high) in row.get("targets", {}).items():
        one = {"period": str(period), "label": f"{row['label']}, {period}", "target": float(target),
               "low": float(low), "high": float(high)}
        found.append(Summary(months=tuple(map(named, months_of(str(period)))), **one, **every))
    for period in map(str, row.get("periods", ())):
        known = {m: v for m, v in series.monthly(row["series"]).items() if m in months_of(period)}
        months, values = tuple(map(named, known)), list(known.values())
        if every["reduce"] == "share":
            found += [Summary(period=str(month), label=f"{row['label']}, {month}", months=months, place=k,
                              **around(value / sum(values), row["error"]), **every)
                      for k, (month, value) in enumerate(known.items())]
        else:
            found.append(Summary(period=period, label=f"{row['label']}, {period}", months=months,
                                 **around(np.mean(values), row["error"]), **every))
    return found


def columns(names, row: dict) -> tuple:
    """(column, share seen) pairs of a list of names with one coverage, or of a mapping of names to coverages."""
    if isinstance(names, dict):
        return tuple((name, share(keys)) for name, keys in names.items())
    return tuple((name, share(row.get("coverage", ()))) for name in names)


def around(target: float, error: float) -> dict:
    """Target and interval for an error in the logarithm."""
    target = float(target)
    return {"target": target, "low": target * float(np.exp(-Z * error)), "high": target * float(np.exp(Z * error))}


def observed(which=None) -> np.ndarray:
    """What was reported, on the scales of comparison."""
    return np.array([float(s.compared(s.target)) for s in (summaries() if which is None else which)])


def simulated(table: dict, sample: int = 0) -> np.ndarray:
    """Runs × summaries on the scales of comparison, each with its error drawn; `sample`: another draw of errors."""
    return with_errors(latent(table), sample)


def with_errors(exact: np.ndarray, sample: int = 0) -> np.ndarray:
    """Runs × summaries with errors drawn and added."""
    draws, runs = Draws(SEED), np.arange(len(exact))

    def error(one):
        own, shared = (draws.normal(f"error {name}", 0, runs, sample) for name in (one.name, one.row))
        return one.error * (np.sqrt(1 - one.common) * own + np.sqrt(one.common) * shared)

    return exact + np.stack([error(one) for one in summaries()], axis=1)


def latent(table: dict, which=None) -> np.ndarray:
    """The same without errors."""
    return np.stack([s.compared(s.of(table)) for s in (summaries() if which is None else which)], axis=1)
