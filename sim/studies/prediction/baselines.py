"""Baselines of a prediction: the seasonal naive forecast, and a mean field without a market.

*Seasonal naive.* The forecast of a month is the same month of the year before, multiplied and divided by each change
from one year to the next that was documented up to the last known month: an ensemble of two members for each change.
Deaths are documented by year only; each documented year is a member, with a twelfth of it in each month.  A series
without documented past has no such baseline.

*Mean field.* Arrivals are at their expectation, and all persons are identical and go to the border at once
(`sim.verify`, V12 and V13): with p the probability of being intercepted, and d of giving up or being admitted after
that, a person makes 1/(1 − p(1 − d)) attempts and is intercepted p times that number.  p, d and the other risks of an
attempt are the run's own means over its nights; people found and moved follow arrivals times the probability on a night
with or without an operation; price and shares are constant at their means.  The baseline knows the run's levels and no
timing.
"""

import numpy as np

from sim.registry import series
from sim.studies.prediction.scenario import MONTH, YEAR, changes
from sim.world.calendar import Calendar

DEATHS = {  # recorded series: documented causes, one figure a year
    "deaths_drowning_recorded": ("deaths_drowning",), "deaths_vehicle_recorded": ("deaths_vehicle",),
    "deaths_exposure_recorded": ("deaths_exposure",),
    "deaths_recorded": tuple(f"deaths_{cause}" for cause in ("accident", "drowning", "exposure", "sickness", "unknown",
                                                             "vehicle", "violence")),
}
BY_ATTEMPT = ("deaths_authorities", "deaths_groups", "deaths_clashes", "deaths_environment", "deaths_drowning",
              "deaths_vehicle", "deaths_exposure", "deaths_other")


def seasonal_naive(name: str, months) -> np.ndarray | None:
    """Members × months of the seasonal naive forecast, from figures before the first month; None without any."""
    origin = months[0] - MONTH
    if name == "detections_route":
        return repeated(series.monthly(name), np.asarray(months), origin, changes(origin))
    return by_year(DEATHS[name], len(months), origin) if name in DEATHS else None


def repeated(known: dict, months, origin, logarithms) -> np.ndarray | None:
    """Values of the year before, multiplied and divided by the exponential of each past change; None if any is
    missing."""
    before = [known.get(month - YEAR, np.nan) if month - YEAR <= origin else np.nan for month in months]
    if not np.isfinite(before).all() or not len(logarithms):
        return None
    return np.exp([*logarithms, *(-logarithms)])[:, None] * np.array(before, float)


def by_year(causes, months: int, origin) -> np.ndarray:
    """A twelfth of each year that ended before the origin; a cause without a figure had no recorded death."""
    figures = [figure for figure in series.figures() if figure.series.startswith("deaths_")
               and np.datetime64(figure.date, "Y") < origin.astype("datetime64[Y]")]
    years = sorted({figure.date for figure in figures})
    totals = [sum(figure.value for figure in figures if figure.date == year and figure.series in causes)
              for year in years]
    return np.repeat(np.array(totals)[:, None] / 12, months, axis=1)


def mean_field(nights: dict, parameters) -> dict[str, np.ndarray]:
    """Expected flows by night: interceptions, people found and moved, deaths by cause.

    nights: columns of the run by night; parameters: the run's validated parameters.
    """
    total = {name: float(np.sum(nights[name])) for name in ("attempts", "interceptions", "left", "procedures",
                                                            "found_and_moved", *BY_ATTEMPT)}
    arrivals = expected_arrivals(parameters, len(nights["night"]))
    stopped = share(total["interceptions"], total["attempts"])
    dropout = min(1.0, share(total["left"] + total["procedures"], total["interceptions"]))
    tries = arrivals * attempts_each(stopped, dropout)
    operation = np.asarray(nights["operation"]) > 0
    chance = arrivals * np.where(operation, parameters.police.operation_find, parameters.police.routine_find)
    return {"interceptions": tries * stopped,
            "found_and_moved": chance * share(total["found_and_moved"], float(chance.sum())),
            **{name: tries * share(total[name], total["attempts"]) for name in BY_ATTEMPT}}


def expected_arrivals(parameters, nights: int) -> np.ndarray:
    """Expected arrivals λ g_t by night (M1) [persons]."""
    calendar = Calendar(parameters)
    return parameters.migrants.arrivals * parameters.scale * np.array([calendar.season(t) for t in range(nights)])


def attempts_each(stopped: float, dropout: float) -> float:
    """Attempts per person, 1/(1 − p(1 − d)) (V13); a probability p of 1 is replaced by a value just below 1."""
    return 1 / (1 - min(stopped, 1 - 1e-9) * (1 - dropout))


def share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0
