"""Documented series of 2020 to September 2023: `sim/registry/series.csv`, with sources and licences in `sources.csv`.

`sim/registry/detections.csv` has monthly detections from 2015 to September 2023, by nationality on the Western Balkan
route and in total on the Eastern Mediterranean route (source `FRONTEX`); `latent_arrivals.csv` is an estimate from both
files (`sim.studies.history.latent`).

Rows have a series, a date (a year, a month, a day, or two of these with a slash between: first and last), a value, its
unit and source; status is `verified` (read in its source) or `derived` (computed from rows of this file).  Nothing is
later than September 2023; later months are reserved for testing predictions.
"""

import csv
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

REGISTRY = Path(__file__).parent
LAST = np.datetime64("2023-09-30")  # last day of the window


class Figure(NamedTuple):
    """One published figure."""

    series: str
    date: str
    value: float
    unit: str
    source: str
    status: str
    confidence: str
    note: str

    @property
    def first_month(self) -> np.datetime64:
        return np.datetime64(self.date.split("/")[0], "M")

    @property
    def last_month(self) -> np.datetime64:
        return np.datetime64(self.date.split("/")[-1], "M")


@lru_cache(maxsize=1)
def figures() -> tuple[Figure, ...]:
    """Every figure, in the order of the file."""
    with open(REGISTRY / "series.csv", encoding="utf-8", newline="") as file:
        return tuple(Figure(**{**row, "value": float(row["value"])}) for row in csv.DictReader(file))


@lru_cache(maxsize=1)
def sources() -> dict[str, dict]:
    """Publisher, title, date, address and licence of each source."""
    with open(REGISTRY / "sources.csv", encoding="utf-8", newline="") as file:
        return {row["source"]: row for row in csv.DictReader(file)}


def of(series: str) -> list[Figure]:
    """The figures of one series; KeyError if there is none of that name."""
    found = [figure for figure in figures() if figure.series == series]
    if not found:
        raise KeyError(series)
    return found


def monthly(series: str) -> dict[np.datetime64, float]:
    """Values by month of a series with at most one value a month (flows, or stocks on the last day)."""
    return {figure.first_month: figure.value for figure in of(series)}


def year(series: str, number: int) -> float:
    """The figure of one year; KeyError if there is none."""
    return {figure.date: figure.value for figure in of(series)}[str(number)]


def events(series: str) -> dict[np.datetime64, int]:
    """Numbers of dated events by month of the window, from the first event on."""
    found = [figure.first_month for figure in of(series)]
    months = np.arange(min(found), LAST.astype("datetime64[M]") + np.timedelta64(1, "M"))
    return {month: found.count(month) for month in months}


@lru_cache(maxsize=1)
def detections() -> dict[tuple[str, str], dict[np.datetime64, float]]:
    """Detections by month from 2015 on, for each (route, nationality); a month without a row of theirs is left out.

    Nationalities are ISO-3 codes or `other` on the route `western_balkan`, and `all` on `eastern_mediterranean`.
    """
    found = {}
    with open(REGISTRY / "detections.csv", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            of_group = found.setdefault((row["route"], row["nationality"]), {})
            of_group[np.datetime64(row["month"])] = float(row["detections"])
    return found


def detected(route: str, months, without=()) -> np.ndarray:
    """Detections on a route in each of `months`, of all nationalities but those of `without`."""
    here = [by_month for (name, who), by_month in detections().items() if name == route and who not in without]
    return np.array([sum(by_month.get(month, 0.0) for by_month in here) for month in np.asarray(months)])
