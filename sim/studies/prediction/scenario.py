"""The calendar after September 2023: known registrations, two ways to extrapolate arrivals, and one dated operation.

An arm knows registrations up to its origin, the last known month, and extrapolates them for a year in one of two ways:

- `repeated`: the registrations of the same month a year before;
- `season`: the model's own season on a growing level, a G^(k/12) g_m, where G is the ratio of January to September of
  the origin's year to the same months a year before, and `a` is such that the last twelve known months have their
  total.

True arrivals are unknown.  Every draw therefore multiplies arrivals after the origin by exp(s z), with z standard
normal and s estimated from log changes of documented detections from one year to the next up to the origin: their root
mean square if a year is repeated, their standard deviation if growth is extrapolated.

The one documented change is the operation that began on 27 October 2023: the ministry's count covers 27 October to
8 November (F3), five days of it were reported while it was still running (F6).  No figure of the documents on these
weeks is used, and nothing later than September 2023 is read.  The origin of `hindcast_…` arms is a year earlier.
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
    """The information and the assumptions of one arm."""

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
    """The label of an arm."""
    return ARMS[arm].label if arm in ARMS else arm


# arrivals ----------------------------------------------------------------------------------------------------------
def known(parameters, origin) -> dict[np.datetime64, float]:
    """Registrations by month up to the origin, as in `history_registered` [persons / month]."""
    return {month: value for month, value in zip(history.WINDOW, history.registered(parameters)) if month <= origin}


def carried_on(arm: Arm, parameters) -> dict[np.datetime64, float]:
    """Expected registrations in the twelve months after the origin [persons / month]."""
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
    """Ratio of registrations from January to the origin to those of the same months a year before."""
    this_year = [month for month in past if origin.astype("datetime64[Y]") <= month <= origin]
    return sum(past[month] for month in this_year) / sum(past[month - YEAR] for month in this_year)


def season(parameters, month) -> float:
    """The model's seasonal factor, as the mean over a month's days."""
    calendar = Calendar(parameters)
    first = calendar.night_of(f"{month}-01")
    return float(np.mean([calendar.season(night) for night in range(first, first + history.days([month])[0])]))


def changes(origin) -> np.ndarray:
    """Log ratios of documented detections to those of the same month a year before, up to the origin."""
    detections = series.monthly("detections_route")
    return np.array([np.log(detections[month] / detections[month - YEAR]) for month in detections
                     if month <= origin and month - YEAR in detections])


def spread(arm: Arm) -> float:
    """The standard deviation s of the logarithm of the level of arrivals after the origin."""
    past = changes(arm.origin)
    return float(np.sqrt(np.mean(past**2))) if arm.arrivals == "repeated" else float(np.std(past, ddof=1))


def levels(arm: Arm, draws: int) -> np.ndarray:
    """The levels exp(s z): the first `draws` of one low-discrepancy sequence, which more draws only extend."""
    from scipy.stats.qmc import Halton

    even = Halton(2, scramble=True, rng=SEED).random(draws)[:, 1]  # base 3, independent of the priors' Sobol' points
    return np.exp(spread(arm) * ndtri(even))


def shocks(arm: Arm, parameters, level: float = 1.0) -> list[dict]:
    """Dated factors on arrivals: known months as registered, and the extrapolated year times `level`."""
    months = {**known(parameters, arm.origin), **{m: level * v for m, v in carried_on(arm, parameters).items()}}
    share = registry()["observation.registered"].default
    names = np.array(list(months))
    return history.steps(np.array(list(months.values())) / share / history.days(names) / history.before(share), names)


def rows(draws: list[dict], seed: int) -> list[dict]:
    """Points of the experiment: every draw in every arm; the arms of a draw share its seed."""
    level, plain = {name: levels(arm, len(draws)) for name, arm in ARMS.items()}, configure()
    points = []
    for k, draw in enumerate(draws):
        for name, arm in ARMS.items():
            row = {"arm": name, "seed": seed + k, **draw, "start_date": f"{arm.origin + MONTH}-01"}
            if not arm.operation:
                row["police.crackdown_nights"] = 0
            points.append(row | {"migrants.shocks": shocks(arm, plain, float(level[name][k]))})
    return points


def check(parameters) -> None:
    """Raise ConfigurationError if nights lie outside the calendar, or if a key of the arms is set."""
    if not LEAST <= parameters.nights <= MOST:
        raise ConfigurationError(f"nights={parameters.nights}: must be {LEAST} to {MOST}: at least a whole month, and "
                                 "at most the year for which arrivals are extrapolated")
    first = f"{ARMS['repeated'].origin + MONTH}-01"
    if parameters.start_date != first:
        raise ConfigurationError(f"start_date={parameters.start_date}: must be {first}; every arm of the prediction "
                                 "begins after the last month it knows")
