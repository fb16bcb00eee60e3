"""Tables of the study `crackdown` as rows: paths, effects, contrasts of effects, people, returns and weeks."""

import math

import numpy as np

from sim.studies.crackdown.series import (
    ALL_DEATHS,
    ARRIVALS,
    CONTRASTED,
    CROSSINGS_AT,
    LEFT,
    NOT_ARRIVED,
    PEOPLE,
    PRICE,
    RETURNING,
    SERIES,
)
from sim.studies.crackdown.study import NO_ANSWER, WINDOWS, Arm, Paths, change, mean_of

DIGITS = 7  # significant digits in the tables on disk
PLACES = {  # where people are who would have arrived or crossed, in persons
    "not_arrived": "turned back before arriving", "less_arrived": "arrived less",
    "there": "crossed less at the corridors of the measure", "elsewhere": "crossed more at others",
    "left": "gave up more", "died": "died more", "present": "more people present at its end",
    "rest": "admitted, or arrived by other ways",
}


def rows(study: Paths) -> dict[str, list[dict]]:
    """Rows of all tables by name."""
    return {"crackdown_paths": path_rows(study), "crackdown": effect_rows(study),
            "crackdown_contrasts": contrast_rows(study), "crackdown_people": people_rows(study),
            "crackdown_returns": return_rows(study), "crackdown_weeks": week_rows(study)}


def short(value: float) -> float:
    """A number with `DIGITS` significant digits."""
    return float(f"{value:.{DIGITS}g}")


def labels(arm: Arm) -> dict:
    """The columns that name an arm."""
    scenario, answer, name = arm
    return {"scenario": scenario, "arrivals": "given" if answer == NO_ANSWER else "answer", "arm": name}


def path_rows(study: Paths) -> list[dict]:
    """Rows of `crackdown_paths.csv`, one for each path."""
    return [{"arm": path.arm, "kind": path.kind, "night": path.first, "nights": path.end - path.first,
             "corridors": " ".join(path.corridors), "label": path.label, "scale": study.scale}
            for path in study.paths.values()]


def effect_rows(study: Paths) -> list[dict]:
    """Rows of `crackdown.csv`, one for each arm, series and window."""
    return [effect_row(study, arm, series, name) for arm in study.arms for series in SERIES for name in WINDOWS]


def effect_row(study: Paths, arm: Arm, series, name: str) -> dict:
    """The effect of a measure on one series in one window, in its unit and in % of the level without it."""
    effect, base = study.effect(series, arm, name), study.without(series, arm, name)
    row = labels(arm) | {"series": series.name, "window": name, "n": len(effect), "without": short(base.mean())}
    row |= dict(zip(("difference", "low", "high"), map(short, mean_of(effect))))
    return row | dict(zip(("change", "change_low", "change_high"), map(short, change(effect, base))))


def contrast_rows(study: Paths) -> list[dict]:
    """Rows of `crackdown_contrasts.csv`: an effect less that among rival groups, or less that at given arrivals."""
    found = []
    for arm in study.arms:
        for contrast, other in study.beside(arm).items():
            for series in CONTRASTED:
                for name in ("during", "after"):
                    gap = study.effect(series, arm, name) - study.effect(series, other, name)
                    found.append(labels(arm) | {"contrast": contrast, "series": series.name, "window": name,
                                                "n": len(gap)}
                                 | dict(zip(("difference", "low", "high"), map(short, mean_of(gap)))))
    return found


def people_rows(study: Paths) -> list[dict]:
    """Rows of `crackdown_people.csv`, one for each arm and place: persons, during the measure."""
    return [labels(arm) | {"place": place, "n": len(persons)}
            | dict(zip(("persons", "low", "high"), map(short, mean_of(persons))))
            for arm in study.arms for place, persons in where_people_went(study, arm).items()]


def where_people_went(study: Paths, arm: Arm) -> dict[str, np.ndarray]:
    """Persons by place and replicate; arrivals less crossings, those who gave up and the dead are present.

    The rest makes the account whole: arrivals by other ways, admissions, and people killed who were no migrants.
    """
    if not study.inside("during", arm):
        return {place: np.full(len(study.nights.replicates), math.nan) for place in PLACES}
    path = study.paths[arm[2]]
    flow = {series: study.effect(series, arm, "during")
            for series in (NOT_ARRIVED, ARRIVALS, LEFT, ALL_DEATHS, *CROSSINGS_AT.values())}
    there = sum(flow[CROSSINGS_AT[c]] for c in path.corridors)
    elsewhere = sum((flow[series] for c, series in CROSSINGS_AT.items() if c not in path.corridors),
                    np.zeros(len(there)))
    stock = study.window(PEOPLE, study.difference(PEOPLE, arm), path.end - 1, path.end)
    rest = flow[ARRIVALS] - there - elsewhere - flow[LEFT] - flow[ALL_DEATHS] - stock
    return {"not_arrived": flow[NOT_ARRIVED], "less_arrived": -flow[ARRIVALS], "there": -there, "elsewhere": elsewhere,
            "left": flow[LEFT], "died": flow[ALL_DEATHS], "present": stock, "rest": rest}


def return_rows(study: Paths) -> list[dict]:
    """Rows of `crackdown_returns.csv`, one for each arm and series: loss at the end and half-life of its return."""
    found = []
    for arm in study.arms:
        for series in RETURNING:
            back = study.returned(series, arm) if study.inside("during", arm) else None
            if back:
                found.append(labels(arm) | {"series": series.name, "loss": short(100 * back.loss), "state": back.state,
                                            "half_life": back.half_life, "low": back.low, "high": back.high})
    return found


def week_rows(study: Paths) -> list[dict]:
    """Rows of `crackdown_weeks.csv`, one for each arm, some series and week: the difference."""
    found = []
    for arm in study.arms:
        for series in (PRICE, PEOPLE, *RETURNING):
            weeks, bands = study.bands(series, arm)
            found += [labels(arm) | {"series": series.name, "week": int(week), "difference": short(mean),
                                     "low": short(low), "high": short(high)}
                      for week, (mean, low, high) in zip(weeks, bands.T.tolist())]
    return found
