"""Monthly predictive distributions: every run of a finished prediction is a member of an ensemble, with baselines.

A run is a draw of the parameters and of the level of arrivals, with its own seed.  Reported series pass through the
observation layer at its default coverage; latent series are predicted too.  Counts are divided by the scale.
"""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow.parquet as pq

from sim.observation import COLUMNS, SERIES, Months, coverage, mean_price, observe
from sim.registry.parameters import ConfigurationError
from sim.runs.plan import plan_of
from sim.studies.history.arrivals import days
from sim.studies.prediction.baselines import mean_field, seasonal_naive
from sim.world.counters import COUNTERS

SEEN = {each.name: each for each in SERIES}
RECORDED = tuple(name for name in SEEN if name.startswith("deaths_"))
BASELINES = ("mean_field", "seasonal_naive")
SHARE = "share_"  # prefix of a corridor's share of attempts; the corridor's name follows


class Predicted(NamedTuple):
    """One predicted series: the sum of columns of the nights or, if `seen`, of observed columns."""

    name: str
    label: str
    unit: str
    columns: tuple[str, ...]
    seen: bool = False


FLOWS = (
    Predicted("detections_route", "Detections on the route", "detections", ("detections_route",), True),
    Predicted("interceptions", "Interceptions (latent)", "persons", ("interceptions",)),
    Predicted("moved_announced", "Found and moved, announced", "persons", ("moved_announced",), True),
    Predicted("found_and_moved", "Found and moved (latent)", "persons", ("found_and_moved",)),
    Predicted("deaths_recorded", "Deaths, recorded", "persons", RECORDED, True),
    *(Predicted(name, f"Deaths, recorded, {name.split('_')[1]}", "persons", (name,), True) for name in RECORDED),
    Predicted("deaths", "Deaths (latent)", "persons", ("deaths_authorities", "deaths_groups", "deaths_clashes",
                                                       "deaths_environment")),
)
PRICES = (Predicted("price_mean", "Mean posted price", "EUR", ()), Predicted("price_quoted", "Mean quote", "EUR", ()))


class Forecast(NamedTuple):
    """Predictive distributions of one arm: members × months by source (`model` and `BASELINES`) and series."""

    months: np.ndarray
    members: dict[str, dict[str, np.ndarray]]

    def names(self) -> list[str]:
        """Names of the predicted series."""
        return list(self.members["model"])


def forecasts(folder: Path) -> dict[str, Forecast]:
    """Return {arm: Forecast} of a finished sweep; ConfigurationError if the folder is not that of a prediction."""
    by_arm = {}
    for arm, point, seed, nights in runs_of(folder):
        parameters = point.parameters
        by_arm.setdefault(arm, []).append((nights, of_run(nights, parameters, seed), deterministic(nights, parameters)))
    return {arm: joined(members) for arm, members in by_arm.items()}


def joined(runs) -> Forecast:
    """Join the runs of one arm to an ensemble with the naive baseline; incomplete months are left out."""
    calendar, names = Months(runs[0][0]["date"]), list(runs[0][1])
    whole = calendar.lengths == days(calendar.first)
    months = calendar.first[whole]
    naive = {name: seasonal_naive(name, months) for name in names}
    return Forecast(months, {"model": {name: np.array([run[1][name][whole] for run in runs]) for name in names},
                             "mean_field": {name: np.array([run[2][name][whole] for run in runs]) for name in names},
                             "seasonal_naive": {name: m for name, m in naive.items() if m is not None}})


def runs_of(folder: Path):
    """Yield arm, point, seed and nights of each run, in the order of the plan."""
    head, points = registered_plan(folder)
    if "arm" not in head["swept"] or not (Path(folder) / "nights.parquet").exists():
        raise ConfigurationError(f"{folder}: not the folder of a finished prediction")
    names = pq.read_schema(Path(folder) / "nights.parquet").names
    latent = [name for name in COUNTERS if name.startswith("deaths_") or name in ("attempts", "left", "procedures")]
    wanted = dict.fromkeys(("night", "replicate", *COLUMNS, *latent, *corridors(names).values()))
    table = pq.read_table(Path(folder) / "nights.parquet", columns=list(wanted))
    columns = {name: table[name].to_numpy() for name in table.column_names}
    seeds = pq.read_table(Path(folder) / "runs.parquet", columns=["seed"])["seed"].to_numpy()
    edges = [*np.flatnonzero(columns["night"] == 0), len(columns["night"])]
    each = [point for point in points for _ in range(point.replicates)]
    for point, seed, first, last in zip(each, seeds, edges, edges[1:]):
        yield point.values["arm"], point, int(seed), {name: column[first:last] for name, column in columns.items()}


def registered_plan(folder: Path):
    """Head and points of the plan named by a folder's manifest; ConfigurationError without one."""
    try:
        return plan_of(folder)
    except (OSError, KeyError, ValueError):
        raise ConfigurationError(f"{folder}: not the folder of a finished prediction") from None


def corridors(names) -> dict[str, str]:
    """Return {series: column} of attempts by corridor, from names of nightly columns."""
    of = [name for name in names if name.startswith("attempts_") and name not in COUNTERS]
    return {SHARE + name.removeprefix("attempts_"): name for name in of}


def of_run(nights: dict, parameters, seed: int) -> dict[str, np.ndarray]:
    """The predicted series of one run by month."""
    months, scale, seen = Months(nights["date"]), parameters.scale, observe(nights, parameters, seed)
    flows = {each.name: sum(seen[name] if each.seen else by_month(months, nights[name]) for name in each.columns)
             / scale for each in FLOWS}
    tried = {name: by_month(months, nights[column]) for name, column in corridors(nights).items()}
    total = np.maximum(sum(tried.values()), 1)
    return flows | {"price_mean": mean_price(nights, months), "price_quoted": seen["price_quoted"],
                    **{name: values / total for name, values in tried.items()}}


def deterministic(nights: dict, parameters) -> dict[str, np.ndarray]:
    """The predicted series of the mean field by month, at the expected coverage of observed series."""
    months, observation = Months(nights["date"]), parameters.observation
    flow, operation = mean_field(nights, parameters), np.asarray(nights["operation"]) > 0
    seen = {name: by_month(months, flow[SEEN[name].truth] * coverage(SEEN[name], observation, operation))
            for each in FLOWS if each.seen for name in each.columns}
    flows = {each.name: sum(seen[name] if each.seen else by_month(months, flow[name]) for name in each.columns)
             / parameters.scale for each in FLOWS}
    level, everywhere = np.ones(len(months.first)), max(float(np.sum(nights["attempts"])), 1.0)
    price = level * float(np.mean(nights["price_mean"]))
    quoted = price * observation.quote_bias * np.exp(observation.quote_sd**2 / 2)
    return flows | {"price_mean": price, "price_quoted": quoted,
                    **{name: level * float(np.sum(nights[column])) / everywhere
                       for name, column in corridors(nights).items()}}


def by_month(months: Months, values) -> np.ndarray:
    """Sums of nightly values by month."""
    return np.bincount(months.place, np.asarray(values, float), len(months.first))


def described(name: str) -> tuple[str, str]:
    """Label and unit of a series."""
    for each in (*FLOWS, *PRICES):
        if each.name == name:
            return each.label, each.unit
    return f"Attempts in {name.removeprefix(SHARE).upper().replace('_', '–')}", "share of attempts"
