"""Scores of a prediction against a file of reported months (`python -m sim predict`).

FILE has the columns month (YYYY-MM), series (a name of prediction.csv) and value and, for a reported interval, low and
high.  The command writes beside the prediction, or into `--to`: scores.csv (means by arm and series), scores_months.csv
(one row for each month) and figures/scores.  Nothing is fitted, and nothing else is kept of the file.  The prediction
is computed again from its runs and must have the hash that was registered in prediction.json.
"""

import csv
import json
from pathlib import Path

import numpy as np

from sim.figures import write_figures
from sim.findings import terminal
from sim.registry.files import as_csv, read_rows, write_rows
from sim.registry.parameters import ConfigurationError, suggestion
from sim.studies.prediction.forecast import Forecast, forecasts
from sim.studies.prediction.scores import Observation
from sim.studies.prediction.study import digest, prediction_rows, score, summed
from sim.studies.prediction.tables import score_table

NEEDED, MORE = ("month", "series", "value"), ("low", "high")


def scored(folder: Path, file: Path, to: Path) -> str:
    """Write the scores of a prediction and return their table as text."""
    from sim.studies.prediction import figures as drawn

    by_arm = registered(folder)
    seen = read(file, by_arm)
    lines = score(by_arm, seen)
    if not lines:
        raise ConfigurationError(f"{file}: no run predicts any of these series in these months")
    months = {month for _, month in seen}
    shown = {arm: forecast for arm, forecast in by_arm.items() if months & set(forecast.months)}
    to.mkdir(parents=True, exist_ok=True)
    write_rows(lines, to / "scores_months.csv")
    write_rows(summed(lines), to / "scores.csv")
    write_figures({"scores": drawn.figure(shown, seen)}, to)
    scores = terminal.render_table(score_table(read_rows(to / "scores.csv")))
    return f"{scores}\n\n{len(seen)} reported values; CRPS in the unit of the series: {to / 'scores.csv'}"


def registered(folder: Path) -> dict[str, Forecast]:
    """Read the prediction of a folder; ConfigurationError if it is not the registered one."""
    by_arm = forecasts(folder)
    try:
        registered_digest = json.loads((folder / "prediction.json").read_text(encoding="utf-8"))["prediction.csv"]
        same = digest((folder / "prediction.csv").read_bytes()) == registered_digest
    except (OSError, KeyError, ValueError):
        raise ConfigurationError(f"{folder}: no prediction.json and prediction.csv; run the experiment "
                                 "again") from None
    if not same or as_csv(prediction_rows(by_arm)) != (folder / "prediction.csv").read_text(encoding="utf-8"):
        raise ConfigurationError(f"{folder}/prediction.csv: is not what its prediction.json registered; run the "
                                 "experiment again")
    return by_arm


# the user's file ---------------------------------------------------------------------------------------------------
def read(path: Path, by_arm: dict[str, Forecast]) -> dict[tuple[str, np.datetime64], Observation]:
    """Read {(series, month): Observation}; ConfigurationError for the first error in the file."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise ConfigurationError(f"{path}: no such file") from None
    except UnicodeDecodeError:
        raise ConfigurationError(f"{path}: must be a CSV file in UTF-8") from None
    table = csv.DictReader(text.splitlines())
    check_columns(path, table.fieldnames or [])
    months = sorted({month for forecast in by_arm.values() for month in forecast.months})
    names = next(iter(by_arm.values())).names()
    seen = {}
    for row in table:
        where = f"{path}, line {table.line_num}"
        if None in row or None in row.values():
            expected = ", ".join(table.fieldnames)
            raise ConfigurationError(f"{where}: must have {len(table.fieldnames)} cells ({expected})")
        key = (series_of(row["series"].strip(), names, where), month_of(row["month"].strip(), months, where))
        if key in seen:
            raise ConfigurationError(f"{where}: {key[0]} of {key[1]} stands there twice; give it once")
        seen[key] = observation(row, where)
    if not seen:
        raise ConfigurationError(f"{path}: holds no rows")
    return seen


def check_columns(path, names) -> None:
    """Check that every column is known, appears once and is not missing; ConfigurationError otherwise."""
    allowed = f"must have the columns {', '.join(NEEDED)} and, for intervals, {' and '.join(MORE)}"
    for name in names:
        if name not in (*NEEDED, *MORE):
            raise ConfigurationError(f"{path}: column `{name}`: {allowed}{near(name, (*NEEDED, *MORE))}")
        if names.count(name) > 1:
            raise ConfigurationError(f"{path}: column `{name}` stands there twice; {allowed}")
    wanted = (*NEEDED, *MORE) if set(MORE) & set(names) else NEEDED
    for name in wanted:
        if name not in names:
            raise ConfigurationError(f"{path}: no column `{name}`; {allowed}")


def series_of(name, names, where) -> str:
    """Return the name of a predicted series; ConfigurationError for any other text."""
    if name not in names:
        raise ConfigurationError(f"{where}: series={name}: must be a series of prediction.csv "
                                 f"({', '.join(names)}){near(name, names)}")
    return name


def month_of(text, months, where) -> np.datetime64:
    """Read a predicted month; ConfigurationError for any other text."""
    allowed = f"must be a predicted month, YYYY-MM ({', '.join(map(str, months))})"
    if text not in map(str, months):
        raise ConfigurationError(f"{where}: month={text}: {allowed}{near(text, list(map(str, months)))}")
    return np.datetime64(text)


def observation(row, where) -> Observation:
    """Value and interval of a row; ConfigurationError if the value is outside the interval."""
    cells = {name: (row.get(name) or "").strip() for name in ("value", *MORE)}
    if not cells["low"] and not cells["high"]:
        cells |= dict.fromkeys(MORE, cells["value"])
    values = {name: amount(cell, name, where) for name, cell in cells.items()}
    if not values["low"] <= values["value"] <= values["high"]:
        raise ConfigurationError(f"{where}: value={cells['value']}: must lie from low={cells['low']} to "
                                 f"high={cells['high']}")
    return Observation(**values)


def amount(text, name, where) -> float:
    """A finite number of at least 0; ConfigurationError otherwise."""
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not 0 <= value < float("inf"):
        raise ConfigurationError(f"{where}: {name}={text or '(empty)'}: must be a number of at least 0, with a decimal "
                                 "point and no other signs")
    return value


def near(name, known) -> str:
    """A suggestion of the nearest valid spelling; empty without one."""
    text = suggestion(name, known)
    return text if "mean" in text else ""
