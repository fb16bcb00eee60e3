"""Event studies: nightly series around a date, as differences between arms with the same seed.

d_w is the mean over week w (0: the first from the event on) of a series in one arm, less the same in the arm without
the event; one a replicate, so before the event it is exactly 0 and bands, 95 % t-intervals over replicates, are of
chance in the simulation alone.  Windows are sums of flows over nights, or means of levels.
"""

import math
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow.parquet as pq

from sim.analysis.grid import over
from sim.parameters import ConfigurationError

WEEK = 7
STEADY = 4  # weeks in a row whose bands hold 0 before a series counts as recovered


class Series(NamedTuple):
    """Something recorded every night."""

    name: str
    label: str
    unit: str  # of a night
    columns: tuple[str, ...]  # of `nights.parquet`; they are added
    flow: bool = True  # summed over a window; else a level, averaged
    digits: int = 0
    per: str = ""  # column that the sum is divided by

    @property
    def unit_of_window(self) -> str:
        """Of a sum over nights, or of a level's mean."""
        return self.unit.removesuffix(" / night")


class Nights:
    """Nightly columns of a finished sweep by arm: replicates × nights; columns are read when they are asked for."""

    def __init__(self, folder: Path, keys: tuple[str, ...]):
        """`keys`: columns whose values tell arms apart.  ConfigurationError, one line, where arms are not alike."""
        self.path, self.keys = Path(folder) / "nights.parquet", keys
        if not self.path.exists():
            raise ConfigurationError(f"{self.path}: no such file; the sweep is not complete")
        self.names = pq.read_schema(self.path).names
        if missing := [key for key in keys if key not in self.names]:
            raise ConfigurationError(f"{self.path}: no column {missing[0]}; it must be swept")
        table = pq.read_table(self.path, columns=[*keys, "replicate", "night"]).to_pydict()
        self.places, self.arms = {}, []
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
                told = ", ".join(f"{key}={value}" for key, value in zip((*self.keys, "replicate"), run))
                raise ConfigurationError(f"{self.path}: {told} is missing or not whole; give the sweep's command again")

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


AT = ("rs_hu", "rs_ba", "rs_ro")  # corridors
OUTCOMES = (  # that event studies look at
    Series("price", "Price", "EUR", ("price_mean",), flow=False),
    *(Series(f"attempts_{c}", f"Attempts, {c}", "attempts / night", (f"attempts_{c}",)) for c in AT),
    Series("interceptions", "Interceptions", "persons / night", ("interceptions",)),
    Series("crossings", "Crossings", "persons / night", ("crossings",)),
    Series("people", "People present", "persons", ("people",), flow=False),
    Series("abductions", "Abductions", "persons / night", ("abductions",)),
    Series("deaths_authorities", "Deaths by authorities", "persons / night", ("deaths_authorities",), digits=1),
    Series("deaths_groups", "Deaths in holding", "persons / night", ("deaths_groups",), digits=1),
    Series("deaths_clashes", "Deaths in clashes", "persons / night", ("deaths_clashes",), digits=1),
    Series("deaths_environment", "Deaths by accident", "persons / night", ("deaths_environment",), digits=1),
    Series("clashes", "Clashes", "clashes / night", ("clashes",)),
    Series("bribes", "Bribes", "EUR / night", ("flow_toll", "flow_payroll")),
    Series("state_cost", "Cost to the state", "EUR / night", ("state_cost",)),
)


# the estimator -----------------------------------------------------------------------------------------------------
def weekly(values, nights, event: int) -> tuple[np.ndarray, np.ndarray]:
    """Whole weeks relative to the event (0: the week that begins with it), and means over them along the last axis."""
    week = (np.asarray(nights) - event) // WEEK
    weeks, count = np.unique(week, return_counts=True)
    whole = weeks[count == WEEK]
    return whole, np.stack([values[..., week == w].mean(axis=-1) for w in whole], axis=-1)


def cumulative(values, nights, event: int) -> tuple[np.ndarray, np.ndarray]:
    """Whole weeks from the event on, and sums of a flow from the event to the end of each, along the last axis."""
    weeks, means = weekly(values, nights, event)
    return weeks[weeks >= 0], WEEK * means[..., weeks >= 0].cumsum(axis=-1)


def window(values, nights, first: int, last: int, flow: bool) -> np.ndarray:
    """Sum of a flow over nights first … last − 1, or mean of a level, along the last axis; NaN for no nights."""
    inside = (np.asarray(nights) >= first) & (np.asarray(nights) < last)
    if not inside.any():
        return np.full(values.shape[:-1], math.nan)
    return values[..., inside].sum(axis=-1) if flow else values[..., inside].mean(axis=-1)


def band(differences) -> np.ndarray:
    """Mean, low, high over replicates, the first axis: 3 × weeks."""
    return over(np.asarray(differences).T)


def recovery(weeks, bands, end: int) -> int | None:
    """Weeks from `end` (weeks since the event) until bands hold 0 for `STEADY` weeks in a row; None: not in the record.

    Bands are week by week: of one hundred that say nothing five exclude 0, four in a row hardly ever hold it by chance
    while an effect of their width lasts.
    """
    _, low, high = bands
    holds = (low <= 0) & (high >= 0)
    after = np.flatnonzero(np.asarray(weeks) >= end)
    for k in after:
        if k + STEADY <= len(holds) and holds[k : k + STEADY].all():
            return int(weeks[k] - end)
    return None


def shares(lost, gained) -> np.ndarray:
    """What became of what was lost at one place: shares that appear at each of the others, and last the rest.

    lost (replicates,), gained (places, replicates) [the same unit]; returns (places + 1, 3) ratios of means with
    Fieller's 95 % intervals; they sum to 1.  NaN where nothing was lost on average.
    """
    from sim.analysis.paired import fieller

    lost, gained = np.asarray(lost, float), np.asarray(gained, float)
    if not lost.mean() > 0:
        return np.full((len(gained) + 1, 3), math.nan)
    parts = [*gained, lost - gained.sum(axis=0)]
    few = len(lost) < 2
    return np.array([(part.mean() / lost.mean(), *((math.nan, math.nan) if few else fieller(lost, part)))
                     for part in parts])


def settings_of(folder: Path) -> dict:
    """Parameters by key that a sweep's points start from, before what is swept."""
    from sim.sweeps.plan import read_plan

    plans = sorted(Path(folder).glob("plan-*.json"))
    if not plans:
        raise ConfigurationError(f"{folder}: no plan; nights alone do not say when the event was")
    return read_plan(plans[0])[1][0].base


def night_of(date: str, base: dict) -> int:
    """The night of a date, counted from the first recorded one."""
    from datetime import date as day

    return (day.fromisoformat(date) - day.fromisoformat(base["start_date"])).days
