"""`+experiment=history`: monthly series as they would have been reported, compared with documented series.

There are three models of arrivals (`sim.studies.history.arrivals`, `latent`).  Level and shape are judged separately:
the level by the ratio of totals, the shape by the correlation of months, by the ratio of peak to mean and by the
standard deviation of log ratios.  Bands contain 95 % of replicates and show chance in the simulation and in the
reporting; each replicate of `history_nationality` has a draw of its latent arrivals of its own, so its bands also show
their uncertainty.  Counts of runs at another scale are divided by it.
"""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow.parquet as pq

from sim.observation import observe
from sim.registry import series
from sim.registry.files import read_rows
from sim.runs.arms import points_of
from sim.runs.results import as_arrays
from sim.studies import Rows
from sim.world.draws import replicate_seed

BAND = (2.5, 97.5)  # percent of replicates
LATENT = "history_nationality"  # the scenario with draws of its arrivals
DRAWS = Path(series.REGISTRY) / "latent_draws.csv"  # arrivals relative to the estimate: a row a month, a column a draw


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
    stays: list[dict]  # rows of history_stays.csv
    scale: float  # of the runs


def rounds(settings: dict, parameters: dict):
    """Yield the rows of the design: as many runs of each scenario as replicates, with the same seeds in each."""
    number = next(iter(parameters.values())).replicates
    yield [{"scenario": name, "replicates": 1, "seed": p.seed + k, **drawn(name, p, k)}
           for k in range(number) for name, p in parameters.items()]


def drawn(scenario: str, parameters, replicate: int) -> dict:
    """The arrivals of a replicate: in `history_nationality`, of one of the stored draws, which come round again."""
    if scenario != LATENT:
        return {}
    draws = {row["month"]: list(row.values())[1:] for row in read_rows(DRAWS)}
    shocks = [dict(shock) for shock in parameters.migrants.shocks]
    for shock in shocks:
        draw = draws.get(shock["date"][:7], ["1"])
        shock["factor"] = round(shock["factor"] * float(draw[replicate % len(draw)]), 4)
    return {"migrants.shocks": shocks}


def read(folder: Path) -> History:
    """Read nights of a finished study."""
    runs = [*runs_of(folder)]
    return History(compare(runs), yearly(runs), stays(runs), runs[0][1].scale)


def runs_of(folder: Path):
    """Yield scenario, parameters and columns of the nights {name: array} of each run of a finished study."""
    points, table = points_of(folder), pq.read_table(folder / "nights.parquet")
    names = table.column_names
    table = table.select(names[names.index("night"):])
    length = table.num_rows // len(points)
    for k, point in enumerate(points):
        yield point.scenario, point.parameters, as_arrays(table.slice(k * length, length))


def rows(history: History) -> Rows:
    """Rows of the study's tables: months, fits of months, years."""
    observed = [(scenario, pair, *by_series[pair.observed])
                for scenario, by_series in history.months.items() for pair in PAIRS]
    fits = [fit(scenario, pair, period, *series) for scenario, pair, *series in observed for period in PERIODS]
    return {"history": [row for months_of_series in observed for row in month_rows(*months_of_series)],
            "history_fit": [{**row, "scale": history.scale} for row in fits if row],
            "history_years": history.years, "history_stays": history.stays}


def published(pair: Compared) -> dict[np.datetime64, float]:
    """The documented values by month."""
    return series.events(pair.documented) if pair.events else series.monthly(pair.documented)


def compare(runs) -> dict:
    """Return {scenario: {observed series: (months, simulated values as replicates × months)}}."""
    compared = {}
    for scenario, p, nights in runs:
        seen = observe(nights, p, replicate_seed(p.seed, 0))
        months = np.asarray(seen["month"]).astype("datetime64[M]")
        for pair in PAIRS:
            _, values = compared.setdefault(scenario, {}).setdefault(pair.observed, (months, []))
            values.append(np.asarray(seen[pair.observed], float) / p.scale)
    return {scenario: {name: (months, np.array(values)) for name, (months, values) in found.items()}
            for scenario, found in compared.items()}


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
    row = {"scenario": scenario, "series": pair.observed, "period": period, "replicates": len(model),
            "months": len(place), "documented": float(truth.sum()), "documented_peak": peak_to_mean(truth),
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


def yearly(runs) -> list[dict]:
    """Rows of history_years.csv: documented yearly figures and simulated latent sums at real scale."""
    rows = []
    for scenario in dict.fromkeys(scenario for scenario, *_ in runs):
        for name, (parts, label) in YEARLY.items():
            for number in (2021, 2022):
                try:
                    known = series.year(name, number)
                except KeyError:
                    known = 0.0 if name.startswith("deaths_") else float("nan")  # no row: none was recorded
                totals = [sum(nights[part][in_year(nights, number)].sum() for part in parts) / p.scale
                          for here, p, nights in runs if here == scenario and in_year(nights, number).any()]
                if totals:
                    rows.append({"scenario": scenario, "series": name, "label": label, "year": number,
                                 "documented": known, **spread(totals)})
    return rows


def in_year(nights, number: int) -> np.ndarray:
    """Mask of the nights in a year."""
    return np.asarray(nights["date"]).astype("datetime64[Y]") == np.datetime64(str(number))


def spread(values) -> dict:
    """Mean and ends of the band over replicates."""
    low, high = np.percentile(values, BAND)
    return {"mean": float(np.mean(values)), "low": float(low), "high": float(high)}


def stays(runs) -> list[dict]:
    """Rows of history_stays.csv: mean nights in a centre of those who are registered, by year.

    People in camps over those registered a night (Little 1961): what the model's figure and the documented counts, of
    which there are too few for each year, have in common with the documented mean stay.
    """
    rows, known = [], {figure.date: figure.value for figure in series.of("mean_stay")}
    for scenario in dict.fromkeys(scenario for scenario, *_ in runs):
        for number in (2021, 2022, 2023):
            values = [nights["in_camp"][mask].sum() / max(nights["arrivals"][mask].sum() * p.observation.registered, 1)
                      for here, p, nights in runs
                      if here == scenario and (mask := in_year(nights, number)).any()]
            if values:
                rows.append({"scenario": scenario, "year": number,
                             "documented": known.get(str(number), float("nan")), **spread(values)})
    return rows
