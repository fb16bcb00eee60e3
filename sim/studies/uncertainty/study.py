"""`parameters=posterior` in a comparison of scenarios: chance and parameters told apart.

Every draw of the parameters plays every scenario with the same seeds.  With Δ the paired difference of an outcome from
the reference in draw d and replicate r, a one-way random-effects decomposition gives

    within = mean over d of Var_r(Δ),   between = max(0, Var_d(mean_r Δ) − within / R)

and `share` = between / (between + within): the part of the variance of one run's difference that comes from not knowing
the parameters.  With one replicate it cannot be told.  Beside it: E[Δ] over draws with 95 % of the draws' means, and
P(Δ > 0) over draws.
"""

from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from sim.figures import write_figures
from sim.findings.text import number, table
from sim.registry.files import write_rows
from sim.registry.outcomes import outcomes, primary
from sim.registry.parameters import ConfigurationError
from sim.runs.parameter_draws import free, warning

SHOWN = (*primary(), "price_mean", "clashes", "hhi_clients", "stay_mean")
NOTE = ("E[Δ]: mean over draws; in brackets 95 % of the draws' means. Share: of the variance of one run's difference, "
        "what comes\nfrom parameters and not from chance. P(Δ > 0): over draws. Simulated under stated assumptions.")


def analyse(folder: Path) -> str:
    """Write uncertainty.csv and its figure; returns the table for the terminal."""
    from sim.studies.uncertainty import figures as drawn

    changes = differences(Path(folder))
    rows = [decomposed(name, *key, values) for name in SHOWN for key, values in changes(name).items()]
    write_rows(rows, Path(folder) / "uncertainty.csv")
    write_figures({"uncertainty": (lambda: drawn.draw(changes), drawn.caption(changes))}, folder)
    return "\n".join(filter(None, (said(rows), warning(head_of(folder)["settings"]["parameter_draws"]["source"]))))


def differences(folder: Path):
    """A function from an outcome to {(scenario, other swept keys): Δ as draws × replicates}.

    ConfigurationError where no scenarios are compared.
    """
    runs = pq.read_table(folder / "runs.parquet")
    columns = {name: np.array(runs[name].to_pylist()) for name in runs.column_names}
    keys = [one.key for one in free() if one.key in columns]
    head = head_of(folder)
    reference, others = head["reference"], [name for name in head["swept"] if name not in keys]
    draws = {point: k for k, point in enumerate(dict.fromkeys(zip(*(columns[key].tolist() for key in keys))))}
    draw = np.array([draws[point] for point in zip(*(columns[key].tolist() for key in keys))])
    at = np.array([", ".join(f"{name}={columns[name][row]}" for name in others) for row in range(runs.num_rows)])
    shape = (len(draws), int(columns["replicate"].max()) + 1)

    def laid(name, scenario, place):
        here = (columns["scenario"] == scenario) & (at == place)
        values = np.full(shape, np.nan)
        values[draw[here], columns["replicate"][here]] = columns[name][here].astype(float)
        return values

    scenarios = [s for s in dict.fromkeys(columns["scenario"].tolist()) if s != reference]
    if not scenarios or reference not in columns["scenario"]:
        raise ConfigurationError(f"{folder}: draws of parameters need a comparison of scenarios")
    places = list(dict.fromkeys(at.tolist()))
    return lambda name: {(s, place): laid(name, s, place) - laid(name, reference, place)
                         for s in scenarios for place in places}


def head_of(folder: Path) -> dict:
    """The head of the plan: the scenario that differences are taken from, what is swept."""
    from sim.runs.plan import read_plan

    plans = sorted(folder.glob("plan-*.json"), key=lambda path: path.stat().st_mtime)
    if not plans:
        raise ConfigurationError(f"{folder}: not the folder of a sweep (no plan-*.json there)")
    return read_plan(plans[-1])[0]


def decomposed(outcome: str, scenario: str, at: str, values: np.ndarray) -> dict:
    """One line: E[Δ], 95 % of draws, share of variance from parameters, P(Δ > 0)."""
    values = values[np.isfinite(values).all(axis=1)]
    draws, replicates = values.shape
    line = {"outcome": outcome, "scenario": scenario, "at": at, "draws": draws, "replicates": replicates}
    if not draws:
        return line | dict.fromkeys(("mean", "low", "high", "chance_sd", "parameter_sd", "share", "positive"), np.nan)
    means = values.mean(axis=1)
    within, between = variances(values)
    total = within + between
    return line | {"mean": float(means.mean()), "low": float(np.percentile(means, 2.5)),
                   "high": float(np.percentile(means, 97.5)), "chance_sd": float(np.sqrt(within)),
                   "parameter_sd": float(np.sqrt(between)), "share": float(between / total) if total > 0 else np.nan,
                   "positive": float((means > 0).mean())}


def variances(values: np.ndarray) -> tuple[float, float]:
    """Variance within and between draws of a draws × replicates array; NaN where it cannot be told."""
    draws, replicates = values.shape
    if draws < 2 or replicates < 2:
        return float("nan"), float("nan")
    within = float(values.var(axis=1, ddof=1).mean())
    return within, max(0.0, float(values.mean(axis=1).var(ddof=1)) - within / replicates)


def cells(row) -> list[str]:
    """One line in words."""
    entry = outcomes()[row["outcome"]]
    mean, low, high, share, positive = (float(row[name]) if row[name] != "" else float("nan")
                                        for name in ("mean", "low", "high", "share", "positive"))
    name = row["scenario"] + (f", {row['at']}" if row["at"] else "")
    if not np.isfinite(mean):
        return [entry.label, name, "", "", ""]
    mean, low, high = (number(value, entry.digits, True) for value in (mean, low, high))
    return [f"{entry.label} [{entry.unit}]", name, f"{mean} ({low} to {high})",
            number(100 * share, 0) + " %" if np.isfinite(share) else "", number(positive, 2)]


HEAD = ["outcome", "scenario", "E[Δ]", "share from parameters", "P(Δ > 0)"]


def said(rows) -> str:
    """The table for the terminal."""
    return table(HEAD, [cells(row) for row in rows]) + "\n" + NOTE


def documented(reference: Path) -> dict[str, str]:
    """Places of docs/uncertainty.md."""
    from experiments.pages import markdown_table, reference_rows

    rows = reference_rows("uncertainty.csv", reference)
    return {"table": markdown_table(HEAD, [cells(row) for row in rows]), "replicates": rows[0]["replicates"],
            "draws": str(max(int(row["draws"]) for row in rows)), "warning": warning("posterior")} | {
            f"{name}_{row['outcome']}_{row['scenario']}": number(float(row[name]), 0 if name == "draws" else 2)
            for row in rows for name in ("share", "positive", "draws") if row[name]}
