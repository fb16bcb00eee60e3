"""`+experiment=history`: monthly series as they would have been reported, against documented ones.

Two ways to drive arrivals are kept apart (`experiments/history/write_scenarios.py`).  Level and shape are judged
separately: the level by the ratio of totals, the shape by the correlation of months, by the peak over the mean and by
what is left of the logarithms when the level is taken out.  Bands hold 95 % of replicates, so they are of chance in the
simulation and in the reporting.  Runs at another scale are divided by it.
"""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow.parquet as pq
import yaml

from sim.registry import series

BAND = (2.5, 97.5)  # percent of replicates


class Compared(NamedTuple):
    """An observed series and the documented one it is held against."""

    observed: str
    documented: str
    label: str
    unit: str
    events: bool = False  # dated events, counted by month


PAIRS = (
    Compared("detections_route", "detections_route", "Detections on the route", "persons / month"),
    Compared("registered", "registered_month", "Registrations in centres", "persons / month"),
    Compared("camps_counted", "in_centres", "People in centres, end of month", "persons"),
    Compared("outside_counted", "outside_centres", "People counted outside centres", "persons"),
    Compared("clashes_press", "clash_killed", "Clashes in the press", "clashes / month", True),
)
PERIODS = {"all": (2021, 2023), "2021-22": (2021, 2022), "2023": (2023, 2023)}
YEARLY = {  # documented yearly series: nightly columns whose sum is held against it, label
    "intercepted_year": (("interceptions",), "Interceptions, prevented or escorted back"),
    "attacks_on_patrols_year": (("officers_attacked",), "Attacks on patrols"),
    "deaths_drowning": (("deaths_drowning",), "Deaths by drowning"),
    "deaths_vehicle": (("deaths_vehicle",), "Deaths in traffic"),
    "deaths_exposure": (("deaths_exposure",), "Deaths by exposure"),
    "deaths_violence": (("deaths_authorities", "deaths_groups", "deaths_clashes"), "Deaths by violence"),
}
NOTES = {"history_growth": "season and growth", "history_registered": "fed from registrations"}


class History(NamedTuple):
    """What a finished study gives to compare."""

    months: dict[str, dict]  # by scenario and observed series: months, simulated as replicates × months
    years: list[dict]  # rows of history_years.csv


def read(folder: Path) -> History:
    """Observed months and nightly columns of a finished study."""
    return History(compare(folder), yearly(folder))


def rows(history: History) -> dict[str, list[dict]]:
    """The study's tables: months, fits of months, years."""
    found = [(scenario, pair, *here[pair.observed]) for scenario, here in history.months.items() for pair in PAIRS]
    fits = [fit(scenario, pair, period, *series) for scenario, pair, *series in found for period in PERIODS]
    return {"history": [row for each in found for row in month_rows(*each)],
            "history_fit": [row for row in fits if row], "history_years": history.years}


def published(pair: Compared) -> dict[np.datetime64, float]:
    """The documented values by month."""
    return series.events(pair.documented) if pair.events else series.monthly(pair.documented)


def compare(folder: Path) -> dict:
    """{scenario: {observed series: (months, simulated as replicates × months)}}."""
    observed = pq.read_table(folder / "observed.parquet")
    names = np.array(observed["scenario"].to_pylist())
    months = observed["month"].to_numpy(zero_copy_only=False).astype("datetime64[M]")
    found = {}
    for scenario in dict.fromkeys(names.tolist()):
        here = names == scenario
        window = np.unique(months[here])
        values = {pair.observed: observed[pair.observed].to_numpy(zero_copy_only=False)[here] for pair in PAIRS}
        found[scenario] = {name: (window, column.astype(float).reshape(-1, len(window)) / scale_of(folder))
                           for name, column in values.items()}
    return found


def scale_of(folder: Path) -> float:
    """The scale that the runs of a folder share."""
    settings = yaml.safe_load((Path(folder) / "config.yaml").read_text(encoding="utf-8"))
    return float(next(iter(settings["parameters"].values()))["scale"])


def month_rows(scenario: str, pair: Compared, months, simulated) -> list[dict]:
    """Lines of history.csv: one a month."""
    known, (low, high) = published(pair), np.percentile(simulated, BAND, axis=0)
    return [{"scenario": scenario, "series": pair.observed, "month": str(month), "unit": pair.unit,
             "documented": known.get(month, float("nan")), "mean": float(mean), "low": float(a), "high": float(b)}
            for month, mean, a, b in zip(months, simulated.mean(axis=0), low, high)]


def fit(scenario: str, pair: Compared, period: str, months, simulated) -> dict | None:
    """How level and shape agree over the documented months of a period; None for fewer than three, or all again."""
    first, last = PERIODS[period]
    known = published(pair)
    years = months.astype("datetime64[Y]").astype(int) + 1970
    there = [k for k, month in enumerate(months) if month in known]
    place = [k for k in there if first <= years[k] <= last]
    if len(place) < 3 or (period != "all" and place == there):
        return None
    truth, model = np.array([known[months[k]] for k in place], float), simulated[:, place]
    low, high = np.percentile(model, BAND, axis=0)
    line = {"scenario": scenario, "series": pair.observed, "period": period, "months": len(place),
            "documented": float(truth.sum()), "documented_peak": peak_to_mean(truth),
            "inside_band": float(((low <= truth) & (truth <= high)).mean())}
    measures = {"level": model.sum(axis=1) / truth.sum(), "correlation": [correlation(m, truth) for m in model],
                "peak": [peak_to_mean(m) for m in model], "shape_error": [shape_error(m, truth) for m in model]}
    for name, values in measures.items():
        values = np.array(values, float)
        values = values[np.isfinite(values)] if np.isfinite(values).any() else np.array([np.nan])
        line |= {name: float(np.mean(values)), f"{name}_low": float(np.percentile(values, BAND[0])),
                 f"{name}_high": float(np.percentile(values, BAND[1]))}
    return line


def peak_to_mean(values) -> float:
    """Largest month over the mean month; NaN without any event."""
    mean = np.mean(values)
    return float(np.max(values) / mean) if mean > 0 else float("nan")


def correlation(simulated, truth) -> float:
    """Pearson's over months; NaN where one of them does not vary."""
    if np.std(simulated) == 0 or np.std(truth) == 0:
        return float("nan")
    return float(np.corrcoef(simulated, truth)[0, 1])


def shape_error(simulated, truth) -> float:
    """Standard deviation over months of log(simulated / documented), free of any common factor; NaN with a zero."""
    if (np.asarray(simulated) <= 0).any() or (np.asarray(truth) <= 0).any():
        return float("nan")
    return float(np.std(np.log(simulated) - np.log(truth)))


def yearly(folder: Path) -> list[dict]:
    """Lines of history_years.csv: documented yearly figures against simulated, latent sums at real scale."""
    columns = sorted({name for names, _ in YEARLY.values() for name in names})
    nights = pq.read_table(folder / "nights.parquet", columns=["scenario", "replicate", "date", *columns])
    names = np.array(nights["scenario"].to_pylist())
    replicate = nights["replicate"].to_numpy(zero_copy_only=False)
    year = nights["date"].to_numpy(zero_copy_only=False).astype("datetime64[Y]").astype(int) + 1970
    lines = []
    for scenario in dict.fromkeys(names.tolist()):
        for name, (parts, label) in YEARLY.items():
            for number_of_year in (2021, 2022):
                try:
                    known = series.year(name, number_of_year)
                except KeyError:
                    known = 0.0 if name.startswith("deaths_") else float("nan")  # no row: none was recorded
                here = (names == scenario) & (year == number_of_year)
                if not here.any():
                    continue
                total = sum(nights[part].to_numpy(zero_copy_only=False) for part in parts)[here].astype(float)
                by = np.bincount(replicate[here], total) / scale_of(folder)
                low, high = np.percentile(by, BAND)
                lines.append({"scenario": scenario, "series": name, "label": label, "year": number_of_year,
                              "documented": known, "mean": float(by.mean()), "low": float(low), "high": float(high)})
    return lines
