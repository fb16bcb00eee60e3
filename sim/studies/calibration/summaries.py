"""Summary statistics of a run, and the reported values of the same statistics (`sim/registry/calibration.yaml`).

A summary adds nightly columns by month, each times its coverage, reduces the months of a period to one number and is
compared on a given scale: the logarithm, the logarithm of a count plus one, or the identity.  On that scale its error
is normal with the standard deviation implied by its 95 % interval; simulated summaries get an error drawn from it, so
that approximate Bayesian computation is exact for a model with this error (Wilkinson 2013,
doi:10.1515/sagmb-2013-0010). Periods of one row may share a part of the error's variance, because undercounts persist
from year to year.
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
    """One summary statistic of a run with its reported value."""

    row: str  # row of calibration.yaml; its summaries may share a part of their errors
    period: str  # a year, a month, or first and last month with a slash between
    label: str
    columns: tuple  # (nightly column, coverage) pairs that are added
    per: tuple  # the same for the denominator; empty without one
    months: tuple  # "2022_01", …; documented ones
    reduce: str  # reduction of the months, a key of REDUCED
    scale: str
    source: str
    target: float
    low: float  # ends of its 95 % interval
    high: float
    place: int = 0  # position of the month of a share
    common: float = 0.0  # share of the error's variance that all periods of the row have in common

    @property
    def name(self) -> str:
        """The name of the summary: row and period."""
        return f"{self.row}_{self.period}"

    def compared(self, value):
        """Transform a value to the scale of comparison."""
        value = np.asarray(value, float)
        return SCALES[self.scale](np.maximum(value, SMALLEST) if self.scale == "log" else value)

    @property
    def error(self) -> float:
        """Standard deviation of the error on the scale of comparison."""
        return float((self.compared(self.high) - self.compared(self.low)) / (2 * Z))

    def of(self, table: dict) -> np.ndarray:
        """Compute the summary of each run; table: columns by month (`bank.by_month`)."""
        values = REDUCED[self.reduce](self.seen(table, self.columns), self.place)
        if not self.per:
            return values
        below = REDUCED[self.reduce](self.seen(table, self.per), self.place)
        return np.divide(values, below, out=np.zeros_like(values), where=below > 0)

    def seen(self, table: dict, columns) -> np.ndarray:
        """Sum of the columns times their coverage, runs × months."""
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
    """Return the months of each column that summaries (all, or those given) need: {"interceptions": ["2021_01", …]}."""
    by_column = {}
    for summary in summaries() if which is None else which:
        for name, _ in (*summary.columns, *summary.per):
            by_column.setdefault(name, set()).update(summary.months)
    return {name: sorted(months) for name, months in by_column.items()}


def within(months) -> tuple[Summary, ...]:
    """The summaries that need only these months ("2022_01")."""
    return tuple(summary for summary in summaries() if set(summary.months) <= set(months))


def share(keys) -> float:
    """The coverage: product of observation parameters at their defaults, where "not x" is 1 − x."""
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
    """The month's name in names of columns."""
    return str(month).replace("-", "_")


@lru_cache(maxsize=1)
def summaries() -> tuple[Summary, ...]:
    """All summaries in the order of the file: one for each period of a row, or one for each month if `reduce:
    share`."""
    return tuple(summary for row in specification()["summaries"] for summary in made(row))


def made(row: dict) -> list[Summary]:
    """Return the summaries of one row of the file."""
    every = {"row": row["name"], "columns": columns(row["from"], row), "per": columns(row.get("per", ()), {}),
             "reduce": row.get("reduce", "sum"), "scale": row["as"], "source": row["source"],
             "common": row.get("common", 0.0)}
    row_summaries = []
    for period, (target, low, high) in row.get("targets", {}).items():
        values_of_period = {"period": str(period), "label": f"{row['label']}, {period}", "target": float(target),
               "low": float(low), "high": float(high)}
        row_summaries.append(Summary(months=tuple(map(named, months_of(str(period)))), **values_of_period, **every))
    for period in map(str, row.get("periods", ())):
        known = {m: v for m, v in series.monthly(row["series"]).items() if m in months_of(period)}
        months, values = tuple(map(named, known)), list(known.values())
        if every["reduce"] == "share":
            row_summaries += [Summary(period=str(month), label=f"{row['label']}, {month}", months=months, place=k,
                              **around(value / sum(values), row["error"]), **every)
                      for k, (month, value) in enumerate(known.items())]
        else:
            row_summaries.append(Summary(period=period, label=f"{row['label']}, {period}", months=months,
                                 **around(np.mean(values), row["error"]), **every))
    return row_summaries


def columns(names, row: dict) -> tuple:
    """(column, coverage) pairs of a list of names with a common coverage, or of a mapping of names to coverages."""
    if isinstance(names, dict):
        return tuple((name, share(keys)) for name, keys in names.items())
    return tuple((name, share(row.get("coverage", ()))) for name in names)


def around(target: float, error: float) -> dict:
    """Target and 95 % interval for a standard error of the logarithm."""
    target = float(target)
    return {"target": target, "low": target * float(np.exp(-Z * error)), "high": target * float(np.exp(Z * error))}


def observed(which=None) -> np.ndarray:
    """Reported values on the scales of comparison."""
    return np.array([float(s.compared(s.target)) for s in (summaries() if which is None else which)])


def simulated(table: dict, sample: int = 0) -> np.ndarray:
    """Summaries with drawn errors on the scales of comparison, runs × summaries; `sample`: number of the draw of
    errors."""
    return with_errors(latent(table), sample)


def with_errors(exact: np.ndarray, sample: int = 0) -> np.ndarray:
    """Add drawn errors to summaries, runs × summaries."""
    draws, runs = Draws(SEED), np.arange(len(exact))

    def error(summary):
        own, shared = (draws.normal(f"error {name}", 0, runs, sample) for name in (summary.name, summary.row))
        return summary.error * (np.sqrt(1 - summary.common) * own + np.sqrt(summary.common) * shared)

    return exact + np.stack([error(summary) for summary in summaries()], axis=1)


def latent(table: dict, which=None) -> np.ndarray:
    """Summaries without errors on the scales of comparison, runs × summaries."""
    return np.stack([s.compared(s.of(table)) for s in (summaries() if which is None else which)], axis=1)
