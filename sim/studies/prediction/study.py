"""`+experiment=prediction`: monthly predictive distributions, and scores for documented months.

Every draw of the parameters (`parameter_draws`) runs every arm of `sim.studies.prediction.scenario`.  The study writes
prediction.csv (one row for each arm, source, series and month), prediction.json (hashes of all inputs, to be deposited
before the reported figures are read), hindcast.csv and hindcast_months.csv (arms with documented months, scored against
`sim/registry/series.csv`) and two figures.  `python -m sim predict` scores a prediction against a file of the user.
"""

import hashlib
import json
from pathlib import Path
from typing import NamedTuple

import numpy as np

from sim.identity import model_digest
from sim.registry import LABEL, series
from sim.registry.files import as_csv
from sim.registry.parameters import ConfigurationError
from sim.runs.parameter_draws import draws_of
from sim.runs.plan import Point
from sim.studies import Rows
from sim.studies.prediction.forecast import BASELINES, Forecast, described, forecasts, registered_plan
from sim.studies.prediction.scenario import ARMS, NAME, check
from sim.studies.prediction.scenario import rows as design_rows
from sim.studies.prediction.scores import LEVELS, QUANTILES, Observation, covered, crps, finite, pit, skill

SOURCES = ("model", *BASELINES)


def rounds(settings: dict, parameters: dict):
    """Yield the rows of every draw in every arm; ConfigurationError for another scenario or calendar."""
    if list(parameters) != [NAME]:
        raise ConfigurationError(f"scenarios={list(parameters)}: must be [{NAME}]; change keys instead, for instance "
                                 "police.patrols=120")
    check(parameters[NAME])
    setting = settings["parameter_draws"]
    name, wanted = setting["source"] or "prior", setting["count"]
    draws = draws_of(name, wanted) if name == "prior" else thinned(draws_of(name, None), wanted)
    yield design_rows(draws, parameters[NAME].seed)


def thinned(draws: list[dict], number_of: int | None) -> list[dict]:
    """Return this number of draws, evenly from first to last, because a stored posterior lists one method after
    another."""
    if not number_of or number_of >= len(draws):
        return draws
    return [draws[(2 * k + 1) * len(draws) // (2 * number_of)] for k in range(number_of)]


class Prediction(NamedTuple):
    """A finished prediction: its distributions by arm, and its plan."""

    forecasts: dict[str, Forecast]
    head: dict  # head of the plan
    points: list[Point]


def read(folder: Path) -> Prediction:
    """Read the prediction of a finished sweep."""
    return Prediction(forecasts(folder), *registered_plan(folder))


def rows(prediction: Prediction) -> Rows:
    """Rows of all distributions, and of the scores of arms with documented months."""
    scored = score(prediction.forecasts, documented_months())
    return {"prediction": prediction_rows(prediction.forecasts), "hindcast": summed(scored), "hindcast_months": scored}


def texts(prediction: Prediction) -> dict[str, str]:
    """The registration of the prediction, to be deposited before the reported figures are read."""
    return {"prediction.json": json.dumps(registration(prediction), indent=2) + "\n"}


def split(by_arm: dict[str, Forecast]) -> tuple[dict, dict]:
    """Split arms into predictions (after the documented months) and hindcasts (within them)."""
    last = series.LAST.astype("datetime64[M]")
    return ({arm: forecast for arm, forecast in by_arm.items() if forecast.months[0] > last},
            {arm: forecast for arm, forecast in by_arm.items() if forecast.months[0] <= last})


# predictions -------------------------------------------------------------------------------------------------------
def prediction_rows(by_arm: dict[str, Forecast]) -> list[dict]:
    """Rows of prediction.csv, with numbers of six significant digits."""
    rows = []
    for arm, forecast in by_arm.items():
        for source in SOURCES:
            for name, members in forecast.members[source].items():
                for k, month in enumerate(forecast.months):
                    rows.append({"arm": arm, "source": source, "series": name, "unit": described(name)[1],
                                  "month": str(month)} | distribution(finite(members[:, k])))
    return rows


def distribution(members) -> dict:
    """Number, mean, standard deviation and quantiles of the members; NaN without members."""
    values = [np.mean(members), np.std(members), *np.quantile(members, QUANTILES)] if len(members) else [np.nan] * 7
    names = ("mean", "sd", *(f"q{100 * q:g}" for q in QUANTILES))
    return {"members": len(members)} | {name: float(f"{value:.6g}") for name, value in zip(names, values)}


def registration(prediction: Prediction) -> dict:
    """Hashes of the inputs of a prediction; the same runs give the same bytes."""
    points, table = prediction.points, as_csv(prediction_rows(prediction.forecasts))
    free = [{key: value for key, value in point.values.items() if key not in ("arm", "migrants.shocks")}
            for point in points]
    return {
        "label": LABEL, "series_known_to": str(series.LAST), "prediction.csv": digest(table.encode()),
        "draws": digest(json.dumps(free, sort_keys=True).encode()),
        "parameters": prediction.head["settings"]["parameter_draws"]["source"],
        "number_of_draws": len({json.dumps(row["seed"]) for row in free}),
        "configuration": digest("".join(point.identity for point in points).encode()),
        "model": model_digest(), "arms": {name: arm.label for name, arm in ARMS.items()},
    }


def digest(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


# scores ------------------------------------------------------------------------------------------------------------
def documented_months() -> dict[tuple[str, np.datetime64], Observation]:
    """Return {(series, month): Observation}: detections by month, and people found in months of documented
    operations."""
    values = {("detections_route", month): value for month, value in series.monthly("detections_route").items()}
    for figure in series.of("operation_found"):
        key = ("moved_announced", figure.first_month)
        values[key] = values.get(key, 0.0) + figure.value
    return {key: Observation(value, value, value) for key, value in values.items()}


def score(by_arm: dict[str, Forecast], seen: dict) -> list[dict]:
    """Rows of scores, one for each arm and observation of a predicted month."""
    rows = []
    for arm, forecast in by_arm.items():
        for (name, month), observation in seen.items():
            place = np.flatnonzero(forecast.months == month)
            if len(place) and name in forecast.names():
                members = {source: finite(forecast.members[source][name][:, place[0]])
                           for source in SOURCES if name in forecast.members[source]}
                if len(members["model"]):
                    rows.append(scored_month(arm, name, month, observation, members))
    return rows


def scored_month(arm, name, month, seen: Observation, members) -> dict:
    """The row of one month: CRPS of each source, coverage of the model's intervals, and PIT."""
    row = {"arm": arm, "series": name, "unit": described(name)[1], "month": str(month), "value": seen.value,
            "low": seen.low, "high": seen.high, "interval": seen.is_interval}
    row |= {f"crps_{source}": crps(members.get(source, ()), seen.value) for source in SOURCES}
    row |= {f"covered_{level}": covered(members["model"], seen, level) for level in LEVELS}
    return row | {"pit": pit(members["model"], seen.value)}


def summed(scored: list[dict]) -> list[dict]:
    """Rows of mean scores, one for each arm and series, with separate coverage of months observed as an interval."""
    means = []
    for key in dict.fromkeys((row["arm"], row["series"], row["unit"]) for row in scored):
        here = [row for row in scored if (row["arm"], row["series"], row["unit"]) == key]
        mean = dict(zip(("arm", "series", "unit"), key)) | {"months": len(here)}
        mean |= {f"crps_{source}": float(np.mean([row[f"crps_{source}"] for row in here])) for source in SOURCES}
        mean |= {f"skill_{source}": skill(mean["crps_model"], mean[f"crps_{source}"]) for source in BASELINES}
        for tail, part in (("", [r for r in here if not r["interval"]]), ("_interval", [r for r in here if
                                                                                        r["interval"]])):
            mean[f"months{tail or '_point'}"] = len(part)
            mean |= {f"covered_{level}{tail}": float(np.mean([row[f"covered_{level}"] for row in part])) if part
                     else float("nan") for level in LEVELS}
        means.append(mean | {"pit_mean": float(np.mean([row["pit"] for row in here]))})
    return means
