"""`+experiment=prediction`: monthly predictive distributions, and scores where months are documented.

Every draw of the parameters (`parameter_draws`) plays every arm of `sim.studies.prediction.scenario`.  Written are prediction.csv (one line
an arm, source, series and month), prediction.json (what it rests on, as hashes, to be deposited before anybody looks),
hindcast.csv and hindcast_months.csv (arms whose months are documented, scored against `sim/registry/series.csv`) and
two figures.  `python -m sim predict` scores a prediction against a file of the user's.
"""

import hashlib
import json
from pathlib import Path

import numpy as np

from sim.figures import write_figures
from sim.findings.text import number, table
from sim.identity import model_digest
from sim.registry import LABEL, series
from sim.registry.files import write_rows, write_text
from sim.registry.parameters import ConfigurationError
from sim.runs.parameter_draws import draws_of
from sim.studies.prediction.forecast import BASELINES, SHARE, Forecast, described, forecasts, plan_of
from sim.studies.prediction.scenario import ARMS, NAME, check, rows
from sim.studies.prediction.scores import LEVELS, QUANTILES, Observation, covered, crps, finite, held, pit, skill

NIGHTS = True  # the sweep has to keep them
DRAWS = True  # it says itself how draws are played
SOURCES = ("model", *BASELINES)
SAID = ("detections_route", "moved_announced", "deaths_recorded", "price_mean")  # in words; all are in the tables


def stages(settings: dict, parameters: dict):
    """Every draw in every arm; ConfigurationError for another calendar than theirs."""
    if list(parameters) != [NAME]:
        raise ConfigurationError(f"scenarios={list(parameters)}: must be [{NAME}]; change keys instead, for instance "
                                 "police.patrols=120")
    check(parameters[NAME])
    asked = settings["parameter_draws"]
    name, wanted = asked["source"] or "prior", asked["count"]
    draws = draws_of(name, wanted) if name == "prior" else thinned(draws_of(name, None), wanted)
    yield rows(draws, parameters[NAME].seed)


def thinned(draws: list[dict], number_of: int | None) -> list[dict]:
    """So many draws, evenly from first to last: a stored posterior holds methods one after the other."""
    if not number_of or number_of >= len(draws):
        return draws
    return [draws[(2 * k + 1) * len(draws) // (2 * number_of)] for k in range(number_of)]


def analyse(folder: Path) -> str:
    """Everything; returns the text for the terminal."""
    from sim.studies.prediction import figures as drawn

    folder, found = Path(folder), forecasts(folder)
    scored = score(found, documented_months())
    write_rows(prediction_rows(found), folder / "prediction.csv")
    write_text(folder / "prediction.json", json.dumps(registration(folder), indent=2) + "\n")
    write_rows(summed(scored), folder / "hindcast.csv")
    write_rows(scored, folder / "hindcast_months.csv")
    ahead, behind = split(found)
    write_figures({name: (lambda part=part: drawn.draw(part, documented_months()), drawn.caption(part))
                   for name, part in (("prediction", ahead), ("hindcast", behind)) if part}, folder)
    return said(found, summed(scored))


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


def registration(folder: Path) -> dict:
    """What a prediction rests on, as hashes; the same runs give the same bytes."""
    head, points = plan_of(folder)
    free = [{key: value for key, value in point.values.items() if key not in ("arm", "migrants.shocks")}
            for point in points]
    return {
        "label": LABEL, "series_known_to": str(series.LAST), "prediction.csv": digest((folder / "prediction.csv")
                                                                                      .read_bytes()),
        "draws": digest(json.dumps(free, sort_keys=True).encode()),
        "parameters": head["settings"]["parameter_draws"]["source"],
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


# in words ----------------------------------------------------------------------------------------------------------
HEAD = ["arm", "series", "months", "CRPS model", "CRPS mean field", "CRPS naive", "skill on mean field",
        "skill on naive", "in 50 %", "in 95 %", "in 50 %, intervals", "in 95 %, intervals", "mean PIT"]


def cells(row) -> list[str]:
    """One line of scores in words."""
    def shown(name, digits, percent=False):
        value = float(row[name]) if row[name] != "" else float("nan")
        return "" if not np.isfinite(value) else number(100 * value, 0) + " %" if percent else number(value, digits)

    large = 0 if float(row["crps_model"]) >= 10 else 2
    return [label_of(row["arm"]), described(row["series"])[0], str(row["months"]),
            *(shown(f"crps_{source}", large) for source in SOURCES), *(shown(f"skill_{s}", 2) for s in BASELINES),
            *(shown(f"covered_{level}{tail}", 0, True) for tail in ("", "_interval") for level in LEVELS),
            shown("pit_mean", 2)]


def label_of(arm: str) -> str:
    return ARMS[arm].label if arm in ARMS else arm


def totals(found: dict[str, Forecast]) -> list[list[str]]:
    """Sums (prices, shares: means) over the predicted months, by arm and series: median and 95 % of the members."""
    lines = []
    for arm, forecast in found.items():
        for name in (name for name in forecast.names() if name in SAID or name.startswith(SHARE)):
            by = forecast.members["model"][name]
            whole = by.sum(axis=1) if described(name)[1] in ("persons", "detections") else np.nanmean(by, axis=1)
            low, middle, high = np.quantile(finite(whole), (0.025, 0.5, 0.975))
            digits = 2 if name.startswith(SHARE) else 0
            lines.append([label_of(arm), described(name)[0], described(name)[1],
                          f"{number(middle, digits)} ({number(low, digits)} to {number(high, digits)})"])
    return lines


def score_table(lines: list[dict]) -> str:
    return table(HEAD, [cells(row) for row in lines], widest=10) if lines else "no predicted month is documented"


def said(found, scores) -> str:
    """Tables for the terminal."""
    return (table(["arm", "series", "unit", "whole window: median (95 %)"], totals(found)) + "\n\n"
            + score_table(scores) + "\n\nScores of hindcasts, against months that the defaults and the calibration "
            "have seen: an example, no validation.\nCRPS in the unit of the series. Simulated.")


def documented(reference: Path) -> dict[str, str]:
    """Places of docs/prediction.md: months of the arms ahead, scores of the hindcasts, numbers for the prose."""
    from experiments.pages import markdown_table, reference_rows

    lines, scores = reference_rows("prediction.csv", reference), reference_rows("hindcast.csv", reference)
    model = {(r["arm"], r["month"], r["series"]): r for r in lines if r["source"] == "model"}
    shown = (*SAID, next(name for _, _, name in model if name.startswith(SHARE)))
    ahead = [(arm, month) for arm, month in dict.fromkeys(key[:2] for key in model) if month > str(series.LAST)[:7]]
    body = [[label_of(arm), month, *(spanned(model[arm, month, name], name) for name in shown)] for arm, month in ahead]
    places = {"months": markdown_table(["arm", "month", *("{} [{}]".format(*described(name)) for name in shown)], body),
              "scores": markdown_table(*filled(HEAD, [cells(row) for row in scores])),
              "members": max((row["members"] for row in lines if row["source"] == "model"), key=int)}
    places |= {f"held_{level}": number(100 * held(int(places["members"]), level), 0) for level in LEVELS}
    for row in scores:
        places |= {f"{name}_{row['arm']}_{row['series']}": number(float(row[name] or "nan"), 2)
                   for name in ("skill_mean_field", "skill_seasonal_naive")}
    return places


def filled(head, body) -> tuple[list, list]:
    """Columns that are not empty."""
    kept = [k for k in range(len(head)) if any(line[k] for line in body)]
    return [head[k] for k in kept], [[line[k] for k in kept] for line in body]


def spanned(row, name: str) -> str:
    """Median with the central 95 %."""
    digits = 2 if name.startswith(SHARE) else 0
    middle, low, high = (number(float(row[q] or "nan"), digits) for q in ("q50", "q2.5", "q97.5"))
    return f"{middle} ({low} to {high})"
