"""Figures of the documents that seem to contradict each other, and their measurement in an observed year.

A figure is an interval around a documented value; its measure computes the same quantity from one year of one run, as
seen by an imperfect observer.
"""

from typing import NamedTuple

import numpy as np

from sim.findings.text import number
from sim.observation import SERIES

YEAR = 365.25  # nights


class Year(NamedTuple):
    """One observed year; a record of another length is converted to rates by its length `years`."""

    nights: dict
    truth: dict
    seen: dict
    years: float

    def total(self, name: str) -> float:
        """Observed events per year."""
        return float(self.seen[name].sum() / self.years)

    def peak(self, name: str) -> float:
        """Observed events per night in the month with most of them; only months of at least 20 nights if there are
        any."""
        whole = self.seen["nights"] >= min(20, self.seen["nights"].max())
        return float((self.seen[name] / self.seen["nights"])[whole].max())


def ratio(a, b) -> float:
    return float(a / b) if b else float("nan")


def moved(year: Year) -> float:
    """Announced people moved in the month with most of them [persons]."""
    return float(year.seen["moved_announced"].max())


def suspects_per_100(year: Year) -> float:
    """Announced suspects per 100 announced people moved, in the month with most people moved."""
    month = int(year.seen["moved_announced"].argmax())
    return 100 * ratio(year.seen["suspects_announced"][month], year.seen["moved_announced"][month])


def per_registered(year: Year) -> float:
    """Published interceptions per registered person."""
    return ratio(year.seen["interceptions_published"].sum(), year.seen["registered"].sum())


def latent_clashes(year: Year) -> float:
    """Latent clashes per night."""
    return float(np.mean(year.nights["clashes"]))


def highest_quote(year: Year) -> float:
    """The highest price quoted in the record [EUR]; NaN without a quote."""
    quotes = year.seen["price_as_high_as"]
    return float(np.nanmax(quotes)) if np.isfinite(quotes).any() else float("nan")


class Figure(NamedTuple):
    """A figure of the documents: description, interval, source, and its measurement in a year."""

    text: str
    unit: str
    low: float
    high: float
    source: str
    of: object  # measurement: Year -> float

    def holds(self, values) -> np.ndarray:
        """Whether each value lies in the interval."""
        return (values >= self.low) & (values <= self.high)

    def bounds(self) -> str:
        """The interval in words."""
        if self.high == np.inf:
            return f"at least {number(self.low, digits(self.low))}"
        return f"{number(self.low, digits(self.low))} to {number(self.high, digits(self.high))}"


def digits(value: float) -> int:
    """Decimals shown for a number of this size."""
    return 2 if abs(value) < 1 else 1 if abs(value) < 10 else 0


PEAK = Figure("attempts published a night, peak month", "attempts / night", 1000, 1200, "F2",
              lambda y: y.peak("attempts_published"))
MEAN = Figure("attempts published a night, mean of the year", "attempts / night", 1000, 1200, "F2, read as a mean",
              lambda y: y.total("attempts_published") / YEAR)
PER_REGISTERED = Figure("interceptions published per person registered", "ratio", 1.6, 2.2,
                        "2.0, 2.2 and 1.6 in 2021, 2022 and 2023", per_registered)
MOVED = Figure("found and moved, in the month with most of them, as announced", "persons", 4000, 5500, "F3", moved)
MOVED_YEAR = Figure("found and moved in a year, as announced", "persons", 4000, 12000,
                    "F3 and about 670 in two earlier operations of 2023, or several like it",
                    lambda y: y.total("moved_announced"))
SUSPECTS = Figure("suspects per 100 of these, as announced", "ratio", 1, 5, "F3: 127 beside 4500; 13 beside 300",
                  suspects_per_100)
ARRESTED = Figure("suspects arrested in a year, as announced", "persons", 4500, np.inf, "F3, read as suspects",
                  lambda y: y.total("suspects_announced"))
DAILY = Figure("clashes a night that happened", "clashes / night", 0.3, 1.0, "F4: \"almost daily\"", latent_clashes)
NGO = Figure("clashes in an NGO's list, in 15 months", "clashes", 10, np.inf, "F4: at least 10",
             lambda y: 1.25 * y.total("clashes_ngo"))
PRESS = Figure("clashes in the press, in 16 months", "clashes", 7, 22, "13, with the 95 % limits of a Poisson count",
               lambda y: 4 / 3 * y.total("clashes_press"))
PRESS_DAILY = Figure("clashes a night in the press", "clashes / night", 0.3, 1.0, "F4, read as reported",
                     lambda y: y.total("clashes_press") / YEAR)
PRICE = Figure("mean posted price", "EUR", 500, 1100, "F1: 1000, and offers from 500",
               lambda y: float(np.mean(y.truth["price_quoted"])))
QUOTE = Figure("highest price heard", "EUR", 2000, np.inf, "2350 from one ring", highest_quote)
OUTSIDE = Figure("people outside camps, mean of counts", "persons", 775, 2600, "775–2600 in 2021–22",
                 lambda y: float(y.seen["outside_counted"].mean()))
DEATHS = Figure("recorded deaths per 10 000 registered", "deaths / 10 000", 2, 4, "about 3 recorded in 2022",
                lambda y: 1e4 * ratio(sum(y.seen[s.name].sum() for s in SERIES if s.name.startswith("deaths_")),
                                      y.seen["registered"].sum()))
PAIRS = {  # name: the two figures
    "peak and interceptions": (PEAK, PER_REGISTERED), "mean and interceptions": (MEAN, PER_REGISTERED),
    "moved at once and suspects": (MOVED, SUSPECTS), "moved in a year and suspects": (MOVED_YEAR, SUSPECTS),
    "moved in a year and arrested": (MOVED_YEAR, ARRESTED),
    "almost daily and the NGO's list": (DAILY, NGO), "almost daily and the press": (DAILY, PRESS),
    "almost daily in the press": (DAILY, PRESS_DAILY), "a thousand and 2350": (PRICE, QUOTE),
    "few outside and many attempts": (OUTSIDE, PER_REGISTERED), "deaths and interceptions": (DEATHS, PER_REGISTERED),
}
