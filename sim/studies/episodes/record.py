"""The four episodes: months, measures of police, pressure, and the ratios by which draws are judged.

Every ratio is the logarithm of mean monthly detections in some months over those in others.  Pressure is what would
come at unchanged news:

- until 2020, detections on the Eastern Mediterranean route relative to the reference months, to the power e.  They
  collapsed in April 2016 and in April 2020 for reasons of their own, so e says how much of a fall came from there;
- in 2022-2023, the model's season.  Visa-free nationalities that the detections name are left out there.
"""

from typing import NamedTuple

import numpy as np

from sim.registry import series
from sim.world.calendar import Calendar

VISA_FREE = ("IND", "TUN")  # named nationals who could fly in without a visa until 2022 and were hardly registered


class Ratio(NamedTuple):
    """Detections in `months` over those in `over`, each given as its first and last month."""

    name: str
    months: tuple[str, str]
    over: tuple[str, str]


class Episode(NamedTuple):
    """One episode: simulated from `first` to `last`; `measures` are (first date, last date, name of the strength)."""

    name: str
    label: str
    first: str
    last: str
    reference: tuple[str, str]  # months with which the simulation begins, in a steady state
    measures: tuple
    ratios: tuple[Ratio, ...]
    without: tuple = ()  # nationalities that are left out
    counting: str = ""  # first month from which crossings are counted otherwise
    upstream: bool = True  # pressure from the Eastern Mediterranean route, else from the season

    @property
    def months(self) -> np.ndarray:
        """The months of the episode."""
        return between(self.first, self.last)


def raids(nights: int = 7) -> tuple:
    """The documented operations of 2022 and 2023, each of `police.operation_nights`."""
    begins = sorted({figure.date for figure in series.of("operation_found")})
    return tuple((day, str(np.datetime64(day) + np.timedelta64(nights - 1, "D")), "raid") for day in begins)


CLOSED = (("2016-03-09", "2019-12-31", "closing"),)  # the end of the humanitarian corridor; the regime that followed
LOCKED = (("2020-03-16", "2020-05-06", "shock"),)  # state of emergency in Serbia
EPISODES = (
    Episode("closing", "2016: the route is closed", "2016-01", "2016-12", ("2016-02", "2016-02"), CLOSED, (
        Ratio("March 2016", ("2016-03", "2016-03"), ("2016-02", "2016-02")),
        Ratio("April to June 2016", ("2016-04", "2016-06"), ("2016-02", "2016-02")),
        Ratio("July to December 2016", ("2016-07", "2016-12"), ("2016-02", "2016-02"))), counting="2016-03"),
    Episode("empty", "2017–2019: the route stays empty", "2016-01", "2019-10", ("2016-02", "2016-02"), CLOSED, (
        Ratio("2017", ("2017-01", "2017-12"), ("2016-02", "2016-02")),
        Ratio("2018", ("2018-01", "2018-12"), ("2016-02", "2016-02")),
        Ratio("January to October 2019", ("2019-01", "2019-10"), ("2016-02", "2016-02"))), counting="2016-03"),
    Episode("shock", "2020: a shock of a month", "2020-01", "2020-09", ("2020-01", "2020-02"), LOCKED, (
        Ratio("April 2020", ("2020-04", "2020-04"), ("2020-01", "2020-02")),
        Ratio("May 2020", ("2020-05", "2020-05"), ("2020-01", "2020-02")),
        Ratio("June and July 2020", ("2020-06", "2020-07"), ("2020-01", "2020-02")),
        Ratio("August and September 2020", ("2020-08", "2020-09"), ("2020-01", "2020-02")))),
    Episode("raids", "2022–2023: raids of days", "2022-05", "2023-09", ("2022-05", "2022-06"), raids(), (
        Ratio("August 2022 over June", ("2022-08", "2022-08"), ("2022-06", "2022-06")),
        Ratio("September and October 2022 over June", ("2022-09", "2022-10"), ("2022-06", "2022-06")),
        Ratio("January 2023 over October 2022", ("2023-01", "2023-01"), ("2022-10", "2022-10")),
        Ratio("March 2023 over October 2022", ("2023-03", "2023-03"), ("2022-10", "2022-10")),
        Ratio("September 2023 over July", ("2023-09", "2023-09"), ("2023-07", "2023-07"))),
        without=VISA_FREE, upstream=False),
)


def between(first: str, last: str) -> np.ndarray:
    """All months from the first to the last."""
    return np.arange(np.datetime64(first), np.datetime64(last) + np.timedelta64(1, "M"))


def reported(episode: Episode) -> np.ndarray:
    """Reported detections by month of the episode."""
    return series.detected("western_balkan", episode.months, episode.without)


def nights_of(episode: Episode) -> np.ndarray:
    """All nights of the episode, as dates."""
    end = (episode.months[-1] + np.timedelta64(1, "M")).astype("datetime64[D]")
    return np.arange(episode.months[0].astype("datetime64[D]"), end)


def upstream(episode: Episode) -> np.ndarray:
    """ln of Eastern Mediterranean detections by night, interpolated, relative to the reference months' mean.

    It is 0 until the last reference month begins, so that the episode begins in a steady state.
    """
    months = np.arange(episode.months[0] - 1, episode.months[-1] + 2)
    months = months[months <= series.LAST.astype("datetime64[M]")]
    level = np.log(np.maximum(series.detected("eastern_mediterranean", months), 1.0))
    middle = (months.astype("datetime64[D]") + np.timedelta64(14, "D")).astype(float)
    nights = nights_of(episode)
    usual = np.log(series.detected("eastern_mediterranean", between(*episode.reference)).mean())
    by_night = np.interp(nights.astype(float), middle, level) - usual
    return np.where(nights < np.datetime64(episode.reference[1]), 0.0, by_night)


def seasonal(episode: Episode, parameters) -> np.ndarray:
    """ln of the model's seasonal factor by night, relative to the mean over the reference months."""
    calendar = Calendar(parameters)
    nights = nights_of(episode)
    level = np.log([calendar.season(calendar.night_of(str(night))) for night in nights])
    here = np.isin(nights.astype("datetime64[M]"), between(*episode.reference))
    return level - np.log(np.exp(level[here]).mean())


def strengths(episode: Episode, draws: dict) -> np.ndarray:
    """Measures of police by night and draw (nights, n)."""
    nights, total = nights_of(episode), 0.0
    for first, last, name in episode.measures:
        on = (nights >= np.datetime64(first)) & (nights <= np.datetime64(last))
        total = total + on[:, None] * draws[name]
    return total


def ratios(episode: Episode, by_month: np.ndarray) -> np.ndarray:
    """The logarithms of the episode's ratios (ratios, ...) of monthly values (months, ...)."""
    def mean(period):
        return by_month[np.isin(episode.months, between(*period))].mean(axis=0)

    return np.array([np.log(mean(r.months)) - np.log(mean(r.over)) for r in episode.ratios])
