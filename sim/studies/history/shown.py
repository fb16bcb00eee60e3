"""What finished runs of the whole model show of `history_nationality`: sim/registry/latent_shown.csv, one row a month.

arrivals: those that the estimate asked for in months of the warm-up, whose nights are not kept, and the mean over runs
in later ones; detections: those on the route as they would have been reported, mean over runs; answer: mean answer f of
arrivals to news.  In months of the warm-up detections are those of as many arrivals in the first month after it, and
the answer is that of this month.
"""

from pathlib import Path
from typing import NamedTuple

import numpy as np

from sim.registry import series
from sim.registry.errors import ConfigurationError
from sim.registry.files import read_rows
from sim.studies.history.arrivals import WINDOW
from sim.studies.history.study import LATENT, compare, runs_of

TABLE, ESTIMATE = (Path(series.REGISTRY) / f"latent_{name}.csv" for name in ("shown", "arrivals"))


class Shown(NamedTuple):
    """Arrivals and detections by month [persons], and the answer f; each (months,), from the first latent month on."""

    arrivals: np.ndarray
    detections: np.ndarray
    answer: np.ndarray


def stored() -> Shown:
    """The stored table."""
    rows = read_rows(TABLE)
    return Shown(*(np.array([float(row[name]) for row in rows]) for name in Shown._fields))


def table(folder: Path) -> list[dict]:
    """Rows of the table from a finished run of `+experiment=history`; ConfigurationError if months are missing."""
    runs = [run for run in runs_of(Path(folder)) if run[0] == LATENT]
    months, detections = compare(runs).get(LATENT, {}).get("detections_route", ((), None))
    if not np.array_equal(months, WINDOW):
        raise ConfigurationError(f"{folder}: must hold all months of {LATENT}, from {WINDOW[0]} to {WINDOW[-1]}")
    arrivals, answer = (by_month(runs, name) for name in ("arrivals", "arrival_answer"))
    rows = [row(month, *values) for month, *values in zip(WINDOW, arrivals.sum, detections.mean(axis=0), answer.mean)]
    first, asked = rows[0], {}
    for estimated in read_rows(ESTIMATE):
        asked[estimated["month"]] = asked.get(estimated["month"], 0.0) + float(estimated["arrivals"])
    return [*(row(month, number, first["detections"] * number / first["arrivals"], first["answer"])
              for month, number in asked.items() if np.datetime64(month) < WINDOW[0]), *rows]


def row(month, arrivals: float, detections: float, answer: float) -> dict:
    """One row of the table."""
    return {"month": str(month), "arrivals": round(float(arrivals), 1), "detections": round(float(detections), 1),
            "answer": round(float(answer), 4)}


class Monthly(NamedTuple):
    """Sum at real scale and mean over nights of a nightly column by month (months,), as means over runs."""

    sum: np.ndarray
    mean: np.ndarray


def by_month(runs, name: str) -> Monthly:
    """A nightly column of runs by month of the window."""
    found = []
    for _, p, nights in runs:
        month = np.asarray(nights["date"]).astype("datetime64[M]")
        found.append([(nights[name][month == m].sum() / p.scale, nights[name][month == m].mean()) for m in WINDOW])
    return Monthly(*np.mean(found, axis=0).T)
