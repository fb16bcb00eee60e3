"""What studies need of a plan, checked before the first run.

Each function raises ConfigurationError, one line, where the runs of a plan could not be read by the study in the end.
"""

from collections import Counter
from importlib.util import find_spec
from itertools import product

import numpy as np

from sim.registry.parameters import ConfigurationError
from sim.runs.arms import night_of
from sim.runs.plan import Plan, Point
from sim.statistics.events import WEEK


def value(point: Point, key: str):
    """The value of a key, or the scenario, at a point."""
    return point.scenario if key == "scenario" else point.values.get(key, point.base.get(key))


def values(plan: Plan, key: str) -> list:
    """The distinct values of a key over the points of a plan, in order."""
    return list(dict.fromkeys(value(point, key) for point in plan.points))


def study_of(plan: Plan) -> str:
    """The study that a plan ends with, as a complaint names it."""
    return f"analysis={plan.settings['analysis']}"


def swept(plan: Plan, *keys: str) -> None:
    """The keys are swept, in the experiment, on the command line or by the columns of a design."""
    for key in keys:
        if key != "scenario" and key not in plan.swept:
            raise ConfigurationError(f"{study_of(plan)}: needs a sweep over {key} ({', '.join(keys)})")


def holds(plan: Plan, key: str, wanted) -> None:
    """A value is among those of a swept key, because differences are taken from there."""
    if wanted not in values(plan, key):
        raise ConfigurationError(f"{study_of(plan)}: needs {key}={wanted} among the values swept, differences are "
                                 f"taken from there (there are {', '.join(map(str, values(plan, key)))})")


def alike(plan: Plan, *keys: str) -> None:
    """The keys have one value at all points."""
    for key in keys:
        if len(found := values(plan, key)) > 1:
            raise ConfigurationError(f"{study_of(plan)}: needs one value of {key} at all points (there are "
                                     f"{', '.join(map(str, found))})")


def is_at(point: Point, wanted: dict) -> bool:
    """Whether a point has these values."""
    return all(value(point, key) == one for key, one in wanted.items())


def distinct(plan: Plan, *keys: str) -> None:
    """Every point differs from all others in some of the keys, and all have the same replicates."""
    swept(plan, *keys)
    alike(plan, "replicates")
    count = Counter(tuple(value(point, key) for key in keys) for point in plan.points)
    place, times = count.most_common(1)[0]
    if times > 1:
        where = ", ".join(f"{key}={one}" for key, one in zip(keys, place))
        raise ConfigurationError(f"{study_of(plan)}: {where} is there {times} times, sweep nothing but "
                                 f"{', '.join(keys)}")


def full_grid(plan: Plan, *keys: str) -> None:
    """The points are every combination of the values of some keys, each once, with the same replicates."""
    distinct(plan, *keys)
    there = {tuple(value(point, key) for key in keys) for point in plan.points}
    for place in product(*(values(plan, key) for key in keys)):
        if place not in there:
            where = ", ".join(f"{key}={one}" for key, one in zip(keys, place))
            raise ConfigurationError(f"{study_of(plan)}: {where} is missing; sweep every combination of "
                                     f"{', '.join(keys)}")


def whole_week_after(plan: Plan, key: str) -> None:
    """The record holds a whole week that begins with the date of a key, or a number of weeks later."""
    alike(plan, key)
    when = value(plan.points[0], key)
    if when is None:
        raise ConfigurationError(f"{key}=null: give a date, weeks are counted from it")
    whole_week_from(plan, key, when)


def whole_week_from(plan: Plan, key: str, when: str) -> None:
    """The record holds a whole week that begins with a date, which a key gives, or a number of weeks later."""
    alike(plan, "start_date", "nights")
    base = plan.points[0]
    event = night_of(when, {"start_date": value(base, "start_date")})
    least = (event if event >= 0 else event % WEEK) + WEEK
    if value(base, "nights") < least:
        raise ConfigurationError(f"nights={value(base, 'nights')}: must be at least {least}, so that a whole week "
                                 f"follows {key}={when} (or set an earlier date)")


def months(plan: Plan, wanted: list[str]) -> None:
    """The record holds these calendar months ("2022_01") whole."""
    for point in plan.points:
        missing = sorted(set(wanted) - set(months_of(point)))
        if missing:
            raise ConfigurationError(f"nights={value(point, 'nights')}: with start_date={value(point, 'start_date')} "
                                     f"the record must hold the months {min(wanted)} to {max(wanted)}, and "
                                     f"{missing[0]} is not whole in it")


def months_of(point: Point) -> list[str]:
    """Calendar months ("2022_01") that lie wholly in the record of a point."""
    return months_run(value(point, "start_date"), value(point, "nights"))


def months_run(start_date: str, nights: int) -> list[str]:
    """Calendar months ("2022_01") that lie wholly in so many nights from a date on."""
    dates = np.datetime64(start_date, "D") + np.arange(nights + 1)
    starts = dates[dates == dates.astype("datetime64[M]")].astype("datetime64[M]")
    return [str(month).replace("-", "_") for month in starts[:-1]]


def package(plan: Plan, module: str, name: str) -> None:
    """An optional library is installed."""
    if find_spec(module) is None:
        raise ConfigurationError(f"{study_of(plan)}: needs {name}: pip install '.[analysis]'")
