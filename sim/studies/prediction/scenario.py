"""The calendar beyond September 2023: what is known until then, two ways to carry arrivals on, one dated operation.

An arm knows registrations up to its origin, the last known month, and goes on for a year in one of two ways:

- `repeated`: the registrations of the same month a year before;
- `season`: the model's own season on a level that grows as it did, a G^(k/12) g_m, where G is January to September of
  the origin's year over the same months a year before, and `a` gives the total of the last twelve known months.

How many really come nobody knows.  Every draw therefore multiplies arrivals after the origin by exp(s z), with z
standard normal and s from how documented detections changed from one year to the next up to the origin: their root mean
square where a year is repeated, their deviation from their own mean where growth is carried on.

The one documented change is the operation that began on 27 October 2023: the ministry's count covers 27 October to
8 November (F3), five days of it were reported while it was still running (F6).  No figure of the documents on these
weeks is used, and nothing later than September 2023 is read.  `hindcast_…` arms stand a year earlier.
"""

from typing import NamedTuple

import numpy as np
from scipy.special import ndtri

from sim.registry import series
from sim.registry.configuration import configure
from sim.registry.parameters import ConfigurationError, registry
from sim.studies.history import arrivals as history
from sim.world.calendar import Calendar

NAME = "prediction"
MONTH, YEAR = np.timedelta64(1, "M"), np.timedelta64(12, "M")
LEAST, MOST = 31, 365  # nights that can be predicted
SEED = 2  # of the levels of arrivals


class Arm(NamedTuple):
    """What one arm knows and assumes."""

    origin: np.datetime64  # last known month
    arrivals: str  # "season" or "repeated"
    operation: bool
    label: str


AHEAD, BEHIND = np.datetime64("2023-09"), np.datetime64("2022-09")
ARMS = {
    "season": Arm(AHEAD, "season", True, "season and growth"),
    "repeated": Arm(AHEAD, "repeated", True, "last year repeated"),
    "no_operation": Arm(AHEAD, "repeated", False, "last year repeated, no operation"),
    "hindcast_season": Arm(BEHIND, "season", False, "hindcast, season and growth"),
    "hindcast_repeated": Arm(BEHIND, "repeated", False, "hindcast, last year repeated"),
}


def label_of(arm: str) -> str:
    """An arm in words."""
    return ARMS[arm].label if arm in ARMS else arm


# arrivals ----------------------------------------------------------------------------------------------------------
def known(parameters, origin) -> dict[np.datetime64, float]:
    """Registrations by month up to the origin, as fed to `history_registered`."""
    return {month: value for month, value in zip(history.WINDOW, history.registered(parameters)) if month <= origin}


def carried_on(arm: Arm, parameters) -> dict[np.datetime64, float]:
    """Registrations expected in the twelve months after the origin."""
    past = known(parameters, arm.origin)
    ahead = arm.origin + MONTH * np.arange(1, 13)
    if arm.arrivals == "repeated":
        return {month: past[month - YEAR] for month in ahead}
    growth, last = growth_of(past, arm.origin), arm.origin + MONTH * np.arange(-11, 1)
    shape = {month: history.days([month])[0] * season(parameters, month) * growth ** ((month - arm.origin).astype(int)
             / 12) for month in (*last, *ahead)}
    level = sum(past[month] for month in last) / sum(shape[month] for month in last)
    return {month: level * shape[month] for month in ahead}


def growth_of(past: dict, origin) -> float:
    """Registrations from January to the origin over those of the same months a year before."""
    this_year = [month for month in past if origin.astype("datetime64[Y]") <= month <= origin]
    return sum(past[month] for month in this_year) / sum(past[month - YEAR] for month in this_year)


def season(parameters, month) -> float:
    """The model's season, mean of a month's days."""
    calendar = Calendar(parameters)
    first = calendar.night_of(f"{month}-01")
    return float(np.mean([calendar.season(night) for night in range(first, first + history.days([month])[0])]))


def changes(origin) -> np.ndarray:
    """Logarithms of documented detections over those of the same month a year before, up to the origin."""
    found = series.monthly("detections_route")
    return np.array([np.log(found[month] / found[month - YEAR]) for month in found
                     if month <= origin and month - YEAR in found])


def spread(arm: Arm) -> float:
    """s: standard deviation of the logarithm of the level of arrivals after the origin."""
    past = changes(arm.origin)
    return float(np.sqrt(np.mean(past**2))) if arm.arrivals == "repeated" else float(np.std(past, ddof=1))


def levels(arm: Arm, draws: int) -> np.ndarray:
    """exp(s z): the first `draws` of one sequence spread evenly over the quantiles; more draws keep those before."""
    from scipy.stats.qmc import Halton

    even = Halton(2, scramble=True, rng=SEED).random(draws)[:, 1]  # base 3: apart from the priors' Sobol' points
    return np.exp(spread(arm) * ndtri(even))


def shocks(arm: Arm, parameters, level: float = 1.0) -> list[dict]:
    """Dated factors on arrivals: known months as registered, the year after the origin carried on times `level`."""
    months = {**known(parameters, arm.origin), **{m: level * v for m, v in carried_on(arm, parameters).items()}}
    share = registry()["observation.registered"].default
    names = np.array(list(months))
    return history.steps(np.array(list(months.values())) / share / history.days(names) / history.before(share), names)


def rows(draws: list[dict], seed: int) -> list[dict]:
    """Points of the experiment: every draw in every arm, with a seed a draw that its arms share."""
    level, plain = {name: levels(arm, len(draws)) for name, arm in ARMS.items()}, configure()
    found = []
    for k, draw in enumerate(draws):
        for name, arm in ARMS.items():
            row = {"arm": name, "seed": seed + k, **draw, "start_date": f"{arm.origin + MONTH}-01"}
            if not arm.operation:
                row["police.crackdown_nights"] = 0
            found.append(row | {"migrants.shocks": shocks(arm, plain, float(level[name][k]))})
    return found


def check(parameters) -> None:
    """ConfigurationError where the calendar says nothing of a night, or an arm's own keys are set."""
    if not LEAST <= parameters.nights <= MOST:
        raise ConfigurationError(f"nights={parameters.nights}: must be {LEAST} to {MOST}: a whole month at least, and "
                                 "arrivals are told for one year")
    first = f"{ARMS['repeated'].origin + MONTH}-01"
    if parameters.start_date != first:
        raise ConfigurationError(f"start_date={parameters.start_date}: must be {first}; every arm of the prediction "
                                 "begins after the last month it knows")
