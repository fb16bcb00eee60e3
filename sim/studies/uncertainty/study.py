"""`parameter_draws.source=posterior` in a comparison of scenarios: variance by chance and by uncertain parameters.

Every draw of the parameters plays every scenario with the same seeds.  With Δ the paired difference of an outcome from
the reference in draw d and replicate r, a one-way random-effects decomposition gives

    within = mean over d of Var_r(Δ),   between = max(0, Var_d(mean_r Δ) − within / R)

and `share` = between / (between + within): the part of the variance of one run's difference that is due to uncertain
parameters (one-way analysis of variance).  A single replicate cannot separate the two.  The table also has E[Δ] over
draws with the central 95 % of the draws' means, and P(Δ > 0) over draws.
"""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow.parquet as pq

from sim.registry.outcomes import primary
from sim.registry.parameters import ConfigurationError
from sim.runs.parameter_draws import free, gates_of
from sim.runs.plan import read_plan

SHOWN = (*primary(), "price_mean", "clashes", "hhi_clients", "stay_mean")


class Draws(NamedTuple):
    """Paired differences of a comparison under drawn parameters."""

    changes: Callable  # outcome -> {(scenario, other swept keys): Δ, draws × replicates}
    parameters: str  # value of `parameter_draws.source`: prior, posterior or a file


def read(folder: Path) -> Draws:
    """Read the differences in a folder; ConfigurationError if no scenarios are compared."""
    head = head_of(folder)
    return Draws(differences(folder, head), head["settings"]["parameter_draws"]["source"])


def rows(draws: Draws) -> dict[str, list[dict]]:
    """Rows of `uncertainty.csv` and, if the draws have any, the gates of their calibration."""
    table = [decomposed(name, *key, values) for name in SHOWN for key, values in draws.changes(name).items()]
    gates = [{"parameters": draws.parameters, **row} for row in gates_of(draws.parameters)]
    return {"uncertainty": table} | ({"uncertainty_gates": gates} if gates else {})


def differences(folder: Path, head: dict) -> Callable:
    """Return a function from an outcome to {(scenario, other swept keys): Δ as draws × replicates} [outcome's unit].

    head: the head of the sweep's plan.
    """
    runs = pq.read_table(folder / "runs.parquet").to_pandas()
    keys = [parameter.key for parameter in free() if parameter.key in runs]
    reference, others = head["reference"], [name for name in head["swept"] if name not in keys]
    runs["draw"] = runs.groupby(keys, sort=False).ngroup()
    runs["at"] = [", ".join(f"{name}={value}" for name, value in zip(others, row)) for row in zip(
        *(runs[name].tolist() for name in others))] if others else ""

    every_draw, every_replicate = range(runs["draw"].max() + 1), range(runs["replicate"].max() + 1)

    def arranged(name, scenario, place):
        here = runs[(runs["scenario"] == scenario) & (runs["at"] == place)].pivot(
            index="draw", columns="replicate", values=name)
        return here.reindex(index=every_draw, columns=every_replicate).to_numpy(float)  # NaN where a run is missing

    scenarios = [name for name in runs["scenario"].unique() if name != reference]
    if not scenarios or reference not in set(runs["scenario"]):
        raise ConfigurationError(f"{folder}: draws of parameters need a comparison of scenarios")
    return lambda name: {(s, place): arranged(name, s, place) - arranged(name, reference, place)
                         for s in scenarios for place in runs["at"].unique()}


def head_of(folder: Path) -> dict:
    """The head of the newest plan: the reference scenario and the swept keys; ConfigurationError without a plan."""
    plans = sorted(folder.glob("plan-*.json"), key=lambda path: path.stat().st_mtime)
    if not plans:
        raise ConfigurationError(f"{folder}: not the folder of a sweep (no plan-*.json there)")
    return read_plan(plans[-1])[0]


def decomposed(outcome: str, scenario: str, at: str, values: np.ndarray) -> dict:
    """One row: E[Δ], central 95 % of draws, share of variance by parameters, P(Δ > 0)."""
    values = values[np.isfinite(values).all(axis=1)]
    draws, replicates = values.shape
    row = {"outcome": outcome, "scenario": scenario, "at": at, "draws": draws, "replicates": replicates}
    if not draws:
        return row | dict.fromkeys(("mean", "low", "high", "chance_sd", "parameter_sd", "share", "positive"), np.nan)
    means = values.mean(axis=1)
    within, between = variances(values)
    total = within + between
    return row | {"mean": float(means.mean()), "low": float(np.percentile(means, 2.5)),
                   "high": float(np.percentile(means, 97.5)), "chance_sd": float(np.sqrt(within)),
                   "parameter_sd": float(np.sqrt(between)), "share": float(between / total) if total > 0 else np.nan,
                   "positive": float((means > 0).mean())}


def variances(values: np.ndarray) -> tuple[float, float]:
    """Variance within and between draws of an array of draws × replicates; NaN with fewer than two of either."""
    draws, replicates = values.shape
    if draws < 2 or replicates < 2:
        return float("nan"), float("nan")
    within = float(values.var(axis=1, ddof=1).mean())
    return within, max(0.0, float(values.mean(axis=1).var(ddof=1)) - within / replicates)
