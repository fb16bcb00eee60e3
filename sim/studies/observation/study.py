"""Compatibility of conflicting figures: the same runs are observed many times by imperfect observers.

Every run of a finished study is observed `SAMPLES` times with the configured parameters of the observation and as often
with parameters drawn over their ranges.  A figure of the documents is an interval; two figures hold together in an
observed year if the measured values of both lie in their intervals.
"""

from pathlib import Path
from types import SimpleNamespace
from typing import NamedTuple

import numpy as np
import pyarrow.parquet as pq
import yaml

from sim.observation import COLUMNS, PRICES, SERIES, draw_settings, observe, truths
from sim.registry.parameters import ConfigurationError
from sim.statistics.intervals import interval
from sim.studies.observation.conflicting import PAIRS, YEAR, Year

SAMPLES = 100
RARE = 0.05  # figures that agree in a smaller share of observed years do not hold together
KINDS = ("configured", "drawn")  # kinds of parameters of the observation


class Run(NamedTuple):
    """One run: its nights, its latent truth by month, and its observations by month."""

    scenario: str
    replicate: int
    nights: dict
    truth: dict
    seen: dict[str, list[dict]]  # observations by kind of parameters


def read(folder: Path) -> list[Run]:
    """Read and observe every run of a finished study; ConfigurationError if its tables are missing."""
    folder = Path(folder)
    for name in ("nights.parquet", "config.yaml"):
        if not (folder / name).exists():
            raise ConfigurationError(f"{folder / name}: no such file; observe the folder of a finished study")
    configured = yaml.safe_load((folder / "config.yaml").read_text(encoding="utf-8"))["parameters"]
    nights = pq.read_table(folder / "nights.parquet",
                           columns=["scenario", "replicate", "seed", *dict.fromkeys(("clashes", *COLUMNS))])
    data = {name: nights[name].to_numpy() for name in nights.column_names}
    runs = []
    for scenario in configured:
        for replicate in np.unique(data["replicate"][data["scenario"] == scenario]).tolist():
            here = (data["scenario"] == scenario) & (data["replicate"] == replicate)
            runs.append(see(scenario, replicate, {k: v[here] for k, v in data.items()}, configured[scenario]))
    return runs


def see(scenario: str, replicate: int, nights: dict, configured: dict) -> Run:
    """Return one run with all its observations."""
    seed = int(nights["seed"][0])
    settings = SimpleNamespace(observation=SimpleNamespace(**configured["observation"]))
    seen = {"configured": [observe(nights, settings, seed, k) for k in range(SAMPLES)],
            "drawn": [observe(nights, draw_settings(settings.observation, seed, k), seed, k) for k in range(SAMPLES)]}
    return Run(scenario, replicate, nights, truths(nights), seen)


def years(run: Run, kind: str) -> list[Year]:
    """The observed years of a run, one for each observation."""
    span = len(run.nights["date"]) / YEAR
    return [Year(run.nights, run.truth, seen, span) for seen in run.seen[kind]]


# tables ------------------------------------------------------------------------------------------------------------
def rows(runs: list[Run]) -> dict[str, list[dict]]:
    """Rows of the tables of series and of pairs of figures."""
    return {"observed_series": series_rows(runs),
            "agreement": [row for name, pair in PAIRS.items() for row in agreement_rows(name, pair, runs)]}


def series_rows(runs: list[Run]) -> list[dict]:
    """Rows of `observed_series.csv`, one for each scenario and series: truth, mean and central 95 % of observed
    years."""
    rows = []
    for scenario in dict.fromkeys(run.scenario for run in runs):
        here = [run for run in runs if run.scenario == scenario]
        for s in SERIES:
            rows.append({"scenario": scenario, "series": s.name, "unit": s.unit + ("" if s.stock else " / year"),
                         "truth": np.mean([level(run, run.truth, s.name, s.stock) for run in here])}
                        | seen_row(here, s.name, s.stock))
        for name in PRICES:
            true = ("" if name == "price_quotes" else np.mean([run.truth["price_quoted"].mean() for run in here]))
            rows.append({"scenario": scenario, "series": name, "unit": PRICES[name][0], "truth": true}
                        | seen_row(here, name, name != "price_quotes"))
    return rows


def level(run: Run, columns: dict, name: str, stock: bool) -> float:
    """The mean of a stock or price over months, or the sum of a flow per year."""
    values = np.asarray(columns[name], float)
    if stock:
        return float(np.nanmean(values)) if np.isfinite(values).any() else float("nan")
    return float(values.sum() / (len(run.nights["date"]) / YEAR))


def seen_row(runs, name, stock) -> dict:
    """Mean and central 95 % of observed years, with configured and with drawn parameters."""
    row = {}
    for kind in KINDS:
        values = np.array([level(run, seen, name, stock) for run in runs for seen in run.seen[kind]])
        values = values[np.isfinite(values)]
        low, high = np.quantile(values, (0.025, 0.975)) if len(values) else (np.nan, np.nan)
        mean = values.mean() if len(values) else np.nan
        tail = "" if kind == "configured" else "_drawn"
        row |= {f"mean{tail}": mean, f"low{tail}": low, f"high{tail}": high}
    return row


def agreement_rows(name: str, pair, runs: list[Run]) -> list[dict]:
    """Rows of `agreement.csv` of one pair, two for each scenario: shares of observed years in which figures hold."""
    rows = []
    for scenario in dict.fromkeys(run.scenario for run in runs):
        for kind in KINDS:
            values = np.array([[[figure.of(year) for year in years(run, kind)] for figure in pair]
                               for run in runs if run.scenario == scenario])  # runs × 2 × samples
            holds = np.stack([figure.holds(values[:, i]) for i, figure in enumerate(pair)], axis=1)
            both = holds.all(axis=1)
            _, share, low, high = interval(both.mean(axis=1))
            row = {"pair": name, "scenario": scenario, "observation": kind}
            for i, figure in enumerate(pair):
                finite = values[:, i][np.isfinite(values[:, i])]
                ends = np.quantile(finite, (0.025, 0.975)) if len(finite) else (np.nan, np.nan)
                tag = "first" if i == 0 else "second"
                row |= {tag: figure.text, f"{tag}_documents": figure.bounds(), f"{tag}_source": figure.source,
                        f"{tag}_mean": finite.mean() if len(finite) else np.nan, f"{tag}_low": ends[0],
                        f"{tag}_high": ends[1], f"{tag}_holds": holds[:, i].mean()}
            rows.append(row | {"both": share, "both_low": max(low, 0.0), "both_high": min(high, 1.0),
                               "verdict": verdict(*holds.mean(axis=(0, 2)), share)})
    return rows


def verdict(first: float, second: float, both: float) -> str:
    """The verdict on a pair by the shares of observed years in which its figures hold."""
    if both >= RARE:
        return "can hold together"
    alone = [name for name, share in (("first", first), ("second", second)) if share < RARE]
    return f"the {' and the '.join(alone)} {'do' if len(alone) > 1 else 'does'} not arise" if alone else "not together"
