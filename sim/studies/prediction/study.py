"""`+experiment=prediction`: monthly predictive distributions, and scores where months are documented.

Every draw of the parameters (`parameter_draws`) plays every arm of `sim.studies.prediction.scenario`.  Written are
prediction.csv (one line an arm, source, series and month), prediction.json (what it rests on, as hashes, to be
deposited before anybody looks), hindcast.csv and hindcast_months.csv (arms whose months are documented, scored against
`sim/registry/series.csv`) and two figures.  `python -m sim predict` scores a prediction against a file of the user's.
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
    """Every draw in every arm; ConfigurationError for another calendar than theirs."""
    if list(parameters) != [NAME]:
        raise ConfigurationError(f"scenarios={list(parameters)}: must be [{NAME}]; change keys instead, for instance "
                                 "police.patrols=120")
    check(parameters[NAME])
    asked = settings["parameter_draws"]
    name, wanted = asked["source"] or "prior", asked["count"]
    draws = draws_of(name, wanted) if name == "prior" else thinned(draws_of(name, None), wanted)
    yield design_rows(draws, parameters[NAME].seed)


def thinned(draws: list[dict], number_of: int | None) -> list[dict]:
    """So many draws, evenly from first to last: a stored posterior holds methods one after the other."""
    if not number_of or number_of >= len(draws):
        return draws
    return [draws[(2 * k + 1) * len(draws) // (2 * number_of)] for k in range(number_of)]


class Prediction(NamedTuple):
    """A finished prediction: its distributions by arm, and the plan that it rests on."""

    forecasts: dict[str, Forecast]
    head: dict  # of the plan
    points: list[Point]


def read(folder: Path) -> Prediction:
    """The prediction of a finished sweep."""
    return Prediction(forecasts(folder), *registered_plan(folder))


def rows(prediction: Prediction) -> Rows:
    """All distributions, and the scores of arms whose months are documented."""
    scored = score(prediction.forecasts, documented_months())
    return {"prediction": prediction_rows(prediction.forecasts), "hindcast": summed(scored), "hindcast_months": scored}


def texts(prediction: Prediction) -> dict[str, str]:
    """The registration of the prediction, to be deposited before anybody looks."""
    return {"prediction.json": json.dumps(registration(prediction), indent=2) + "\n"}


def split(found: dict[str, Forecast]) -> tuple[dict, dict]:
    """Arms ahead of the documented months, and those within them."""
    last = series.LAST.astype("datetime64[M]")
    return ({arm: f for arm, f in found.items() if f.months[0] > last},
            {arm: f for arm, f in found.items() if f.months[0] <= last})


# predictions -------------------------------------------------------------------------------------------------------
def prediction_rows(found: dict[str, Forecast]) -> list[dict]:
    """Lines of prediction.csv, numbers to six significant digits."""
    lines = []
    for arm, forecast in found.items():
        for source in SOURCES:
            for name, members in forecast.members[source].items():
                for k, month in enumerate(forecast.months):
                    lines.append({"arm": arm, "source": source, "series": name, "unit": described(name)[1],
                                  "month": str(month)} | distribution(finite(members[:, k])))
    return lines


def distribution(members) -> dict:
    """Members, mean, standard deviation, quantiles; empty where nothing was seen."""
    values = [np.mean(members), np.std(members), *np.quantile(members, QUANTILES)] if len(members) else [np.nan] * 7
    names = ("mean", "sd", *(f"q{100 * q:g}" for q in QUANTILES))
    return {"members": len(members)} | {name: float(f"{value:.6g}") for name, value in zip(names, values)}


def registration(prediction: Prediction) -> dict:
    """What a prediction rests on, as hashes; the same runs give the same bytes."""
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
    """{(series, month): what is documented}: detections by month, people found where an operation is documented."""
    found = {("detections_route", month): value for month, value in series.monthly("detections_route").items()}
    for figure in series.of("operation_found"):
        key = ("moved_announced", figure.first_month)
        found[key] = found.get(key, 0.0) + figure.value
    return {key: Observation(value, value, value) for key, value in found.items()}


def score(found: dict[str, Forecast], seen: dict) -> list[dict]:
    """A line for each arm and observation of a predicted month."""
    lines = []
    for arm, forecast in found.items():
        for (name, month), observation in seen.items():
            place = np.flatnonzero(forecast.months == month)
            if len(place) and name in forecast.names():
                members = {source: finite(forecast.members[source][name][:, place[0]])
                           for source in SOURCES if name in forecast.members[source]}
                if len(members["model"]):
                    lines.append(scored_month(arm, name, month, observation, members))
    return lines


def scored_month(arm, name, month, seen: Observation, members) -> dict:
    """CRPS of each source, whether the model's intervals hold the observation, PIT."""
    line = {"arm": arm, "series": name, "unit": described(name)[1], "month": str(month), "value": seen.value,
            "low": seen.low, "high": seen.high, "interval": seen.is_interval}
    line |= {f"crps_{source}": crps(members.get(source, ()), seen.value) for source in SOURCES}
    line |= {f"covered_{level}": covered(members["model"], seen, level) for level in LEVELS}
    return line | {"pit": pit(members["model"], seen.value)}


def summed(scored: list[dict]) -> list[dict]:
    """A line for each arm and series: means over its months; coverage apart for months observed as an interval."""
    lines = []
    for key in dict.fromkeys((row["arm"], row["series"], row["unit"]) for row in scored):
        here = [row for row in scored if (row["arm"], row["series"], row["unit"]) == key]
        line = dict(zip(("arm", "series", "unit"), key)) | {"months": len(here)}
        line |= {f"crps_{source}": float(np.mean([row[f"crps_{source}"] for row in here])) for source in SOURCES}
        line |= {f"skill_{source}": skill(line["crps_model"], line[f"crps_{source}"]) for source in BASELINES}
        for tail, part in (("", [r for r in here if not r["interval"]]), ("_interval", [r for r in here if
                                                                                        r["interval"]])):
            line[f"months{tail or '_point'}"] = len(part)
            line |= {f"covered_{level}{tail}": float(np.mean([row[f"covered_{level}"] for row in part])) if part
                     else float("nan") for level in LEVELS}
        lines.append(line | {"pit_mean": float(np.mean([row["pit"] for row in here]))})
    return lines
