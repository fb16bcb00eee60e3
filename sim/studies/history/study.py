"""`+experiment=history`: monthly series as they would have been reported, compared with documented series.

There are two models of arrivals (`sim.studies.history.arrivals`).  Level and shape are judged separately: the level by
the ratio of totals, the shape by the correlation of months, by the ratio of peak to mean and by the standard deviation
of log ratios.  Bands contain 95 % of replicates and show chance in the simulation and in the reporting.  Counts of runs
at another scale are divided by it.
"""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow.parquet as pq
import yaml

from sim.registry import series

BAND = (2.5, 97.5)  # percent of replicates


class Compared(NamedTuple):
    """An observed series and the documented series with which it is compared."""

    observed: str
    documented: str
    label: str
    unit: str
    events: bool = False  # whether the documented series is of dated events, counted by month


PAIRS = (
    Compared("detections_route", "detections_route", "Detections on the route", "persons / month"),
    Compared("registered", "registered_month", "Registrations in centres", "persons / month"),
    Compared("camps_counted", "in_centres", "People in centres, end of month", "persons"),
    Compared("outside_counted", "outside_centres", "People counted outside centres", "persons"),
    Compared("clashes_press", "clash_killed", "Clashes in the press", "clashes / month", True),
)
PERIODS = {"all": (2021, 2023), "2021-22": (2021, 2022), "2023": (2023, 2023)}
YEARLY = {  # documented yearly series: nightly columns whose sum is compared with it, label
    "intercepted_year": (("interceptions",), "Interceptions, prevented or escorted back"),
    "attacks_on_patrols_year": (("officers_attacked",), "Attacks on patrols"),
    "deaths_drowning": (("deaths_drowning",), "Deaths by drowning"),
    "deaths_vehicle": (("deaths_vehicle",), "Deaths in traffic"),
    "deaths_exposure": (("deaths_exposure",), "Deaths by exposure"),
    "deaths_violence": (("deaths_authorities", "deaths_groups", "deaths_clashes"), "Deaths by violence"),
}
NOTES = {"history_growth": "season and growth", "history_registered": "fed from registrations",
         "history_nationality": "latent by nationality"}


class History(NamedTuple):
    """Simulated series of a finished study."""

    months: dict[str, dict]  # by scenario and observed series: months, simulated as replicates × months
    years: list[dict]  # rows of history_years.csv


def read(folder: Path) -> History:
    """Read observed months and nightly columns of a finished study."""
    return History(compare(folder), yearly(folder))


def rows(history: History) -> dict[str, list[dict]]:
    """Rows of the study's tables: months, fits of months, years."""
    observed = [(scenario, pair, *by_series[pair.observed])
                for scenario, by_series in history.months.items() for pair in PAIRS]
    fits = [fit(scenario, pair, period, *series) for scenario, pair, *series in observed for period in PERIODS]
    return {"history": [row for months_of_series in observed for row in month_rows(*months_of_series)],
            "history_fit": [row for row in fits if row], "history_years": history.years}


def published(pair: Compared) -> dict[np.datetime64, float]:
    """The documented values by month."""
    return series.events(pair.documented) if pair.events else series.monthly(pair.documented)


def compare(folder: Path) -> dict:
    """Return {scenario: {observed series: (months, simulated values as replicates × months)}}."""
    observed = pq.read_table(folder / "observed.parquet")
    names = np.array(observed["scenario"].to_pylist())
    months = observed["month"].to_numpy(zero_copy_only=False).astype("datetime64[M]")
    compared = {}
    for scenario in dict.fromkeys(names.tolist()):
        here = names == scenario
        window = np.unique(months[here])
        values = {pair.observed: observed[pair.observed].to_numpy(zero_copy_only=False)[here] for pair in PAIRS}
        compared[scenario] = {name: (window, column.astype(float).reshape(-1, len(window)) / scale_of(folder))
                           for name, column in values.items()}
    return compared


def scale_of(folder: Path) -> float:
    """The common scale of the runs in a folder."""
    settings = yaml.safe_load((Path(folder) / "config.yaml").read_text(encoding="utf-8"))
    return float(next(iter(settings["parameters"].values()))["scale"])


def month_rows(scenario: str, pair: Compared, months, simulated) -> list[dict]:
    """Rows of history.csv of one scenario and series, one for each month."""
    known, (low, high) = published(pair), np.percentile(simulated, BAND, axis=0)
    return [{"scenario": scenario, "series": pair.observed, "month": str(month), "unit": pair.unit,
             "documented": known.get(month, float("nan")), "mean": float(mean), "low": float(a), "high": float(b)}
            for month, mean, a, b in zip(months, simulated.mean(axis=0), low, high)]


def fit(scenario: str, pair: Compared, period: str, months, simulated) -> dict | None:
    """The agreement of level and shape over the documented months of a period.

    None for fewer than three months, or if the period holds the same months as `all`.
    """
    first, last = PERIODS[period]
    known = published(pair)
    years = months.astype("datetime64[Y]").astype(int) + 1970
    documented = [k for k, month in enumerate(months) if month in known]
    place = [k for k in documented if first <= years[k] <= last]
    if len(place) < 3 or (period != "all" and place == documented):
        return None
    truth, model = np.array([known[months[k]] for k in place], float), simulated[:, place]
    low, high = np.percentile(model, BAND, axis=0)
    row = {"scenario": scenario, "series": pair.observed, "period": period, "months": len(place),
            "documented": float(truth.sum()), "documented_peak": peak_to_mean(truth),
            "inside_band": float(((low <= truth) & (truth <= high)).mean())}
    measures = {"level": model.sum(axis=1) / truth.sum(), "correlation": [correlation(m, truth) for m in model],
                "peak": [peak_to_mean(m) for m in model], "shape_error": [shape_error(m, truth) for m in model]}
    for name, values in measures.items():
        values = np.array(values, float)
        values = values[np.isfinite(values)] if np.isfinite(values).any() else np.array([np.nan])
        row |= {name: float(np.mean(values)), f"{name}_low": float(np.percentile(values, BAND[0])),
                 f"{name}_high": float(np.percentile(values, BAND[1]))}
    return row


def peak_to_mean(values) -> float:
    """Ratio of the largest month to the mean month; NaN without any event."""
    mean = np.mean(values)
    return float(np.max(values) / mean) if mean > 0 else float("nan")


def correlation(simulated, truth) -> float:
    """Pearson's correlation over months; NaN if either series is constant."""
    if np.std(simulated) == 0 or np.std(truth) == 0:
        return float("nan")
    return float(np.corrcoef(simulated, truth)[0, 1])


def shape_error(simulated, truth) -> float:
    """Standard deviation over months of log(simulated / documented), free of any common factor; NaN with a zero."""
    if (np.asarray(simulated) <= 0).any() or (np.asarray(truth) <= 0).any():
        return float("nan")
    return float(np.std(np.log(simulated) - np.log(truth)))


def yearly(folder: Path) -> list[dict]:
    """Rows of history_years.csv: documented yearly figures and simulated latent sums at real scale."""
    columns = sorted({name for names, _ in YEARLY.values() for name in names})
    nights = pq.read_table(folder / "nights.parquet", columns=["scenario", "replicate", "date", *columns])
    names = np.array(nights["scenario"].to_pylist())
    replicate = nights["replicate"].to_numpy(zero_copy_only=False)
    year = nights["date"].to_numpy(zero_copy_only=False).astype("datetime64[Y]").astype(int) + 1970
    rows = []
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
                totals = np.bincount(replicate[here], total) / scale_of(folder)
                low, high = np.percentile(totals, BAND)
                rows.append({"scenario": scenario, "series": name, "label": label, "year": number_of_year,
                             "documented": known, "mean": float(totals.mean()), "low": float(low), "high": float(high)})
    return rows
