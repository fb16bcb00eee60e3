"""Arrivals from January 2021 to September 2023, as published registrations give them, and texts of dated scenarios.

Registrations are `observation.registered` of arrivals.  The two scenarios that the study compares are written by
`experiments/history/write_scenarios.py`; the scenario of the prediction is fed in the same way up to its origin.
"""

import numpy as np

from sim.registry import series
from sim.world.calendar import Calendar

FIRST, MONTHS = np.datetime64("2021-01"), 33
WINDOW = np.arange(FIRST, FIRST + np.timedelta64(MONTHS, "M"))  # months, 2021-01 to 2023-09
NIGHTS = int((series.LAST - FIRST.astype("datetime64[D]")).astype(int)) + 1
WARMUP = 120  # nights
FLAT = ["  season_year: 0.0", "  season_half: 0.0"]  # of arrivals that are fed


def days(months) -> np.ndarray:
    """Length of each month in days."""
    months = np.asarray(months, "datetime64[M]")
    return ((months + np.timedelta64(1, "M")).astype("datetime64[D]") - months.astype("datetime64[D]")).astype(int)


def season(parameters) -> np.ndarray:
    """The model's season of arrivals by month of the window, mean of its days."""
    calendar = Calendar(parameters)
    nights = np.arange(NIGHTS) + calendar.night_of(str(FIRST) + "-01")
    by_night = np.array([calendar.season(night) for night in nights])
    month = (FIRST.astype("datetime64[D]") + np.arange(NIGHTS).astype("timedelta64[D]")).astype("datetime64[M]")
    return np.array([by_night[month == m].mean() for m in WINDOW])


def registered(parameters) -> np.ndarray:
    """Registrations by month of the window (`history_registered`)."""
    known, shape = series.monthly("registered_month"), season(parameters) * days(WINDOW)
    values = np.array([known.get(month, np.nan) for month in WINDOW])
    for gap in series.of("registered_period"):
        inside = (gap.first_month <= WINDOW) & (gap.last_month >= WINDOW)
        values[inside] = gap.value * shape[inside] / shape[inside].sum()
    detections = np.array(list(series.monthly("detections_route").values()))
    of_2022 = WINDOW.astype("datetime64[Y]") == np.datetime64("2022")
    later = np.isnan(values)
    values[later] = detections[later] * values[of_2022].sum() / detections[of_2022].sum()
    return values


def before(registered_share: float) -> float:
    """Arrivals a night in 2020, on which the warm-up runs."""
    return series.year("registered_year", 2020) / 366 / registered_share


def steps(factors, of=WINDOW) -> list[dict]:
    """Dated factors on arrivals: a record for each stretch of months `of` with the same factor other than 1."""
    rows = []
    for month, length, factor in zip(of, days(of), factors):
        factor = round(float(factor), 4)
        if rows and rows[-1]["factor"] == factor:
            rows[-1]["nights"] += int(length)
        else:
            rows.append({"date": f"{month}-01", "nights": int(length), "factor": factor})
    return [row for row in rows if row["factor"] != 1]


def operations() -> list[str]:
    """Days on which documented operations began."""
    return sorted({figure.date for figure in series.of("operation_found")})


def dated() -> list[str]:
    """Lines of a scenario's police: operations on documented days and on no other."""
    return ["  heat_threshold: 1000000.0 # operations on documented days only", "  operations:",
            *(f"    - {{date: \"{day}\"}}" for day in operations())]


def text(name, said, module, start, nights, warmup, police, arrivals, seasonal, shocks) -> str:
    """A scenario's file, written by `module`: its calendar, lines on police and season, arrivals and their shocks."""
    written = [f"    - {{date: \"{row['date']}\", nights: {row['nights']}, factor: {row['factor']}}}" for row in shocks]
    return "\n".join([
        "# @package _global_", f"# {name}: {said}",
        f"# Written by `python -m {module}` from sim/registry/series.csv; do not edit.",
        f"scenario: {name}", f'start_date: "{start}"', f"nights: {nights}",
        f"warmup: {warmup}", "camps:", "  capacity: 480 # 8 155 places (2022, official) in 17 camps",
        "police:", *police, "migrants:", f"  arrivals: {arrivals:.2f}", *seasonal, "  shocks:", *written]) + "\n"
