"""An event study of a police operation of 0, 3, 6 or 12 months, in worlds that differ in who decides for the groups.

Every effect is a paired difference from the same world without the operation (`sim.statistics.events`).  The difference
in differences is an effect minus that of the same operation among rival groups (`REFERENCE`).
"""

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sim.registry.parameters import ConfigurationError
from sim.runs.arms import Nights, night_of, settings_of
from sim.statistics.events import WEEK, Series, band, recovery, shares
from sim.statistics.intervals import over
from sim.studies.event_study import CORRIDORS, OUTCOMES, EventStudy

LENGTH = "police.crackdown_nights"
REFERENCE = "fragmented"
MONTH = 365 / 12  # nights
AFTER = 13  # length of the window after the end, in weeks
WINDOWS = {"during": "during the operation", "after": f"the {AFTER} weeks after", "whole": "all from the start on"}
MOVES = {"attempts": tuple(Series(c, c, "attempts / night", (f"attempts_{c}",)) for c in CORRIDORS),
         "crossings": tuple(Series(c, c, "persons / night", (f"crossings_{c}",)) for c in CORRIDORS)}


@dataclass(frozen=True)
class Operations(EventStudy):
    """Operations by world and length; an arm is (scenario, nights of the operation)."""

    scenarios: list[str]
    lengths: list[int]  # nights, above 0

    def reference(self, arm: tuple[str, int]) -> tuple[str, int]:
        """The same world without the operation."""
        return arm[0], 0

    def span(self, name: str, length: int) -> tuple[int, int]:
        """First night of a window, and the night after its last."""
        end = self.event + length
        whole = self.event + (self.end - self.event) // WEEK * WEEK  # whole weeks only
        return {"during": (self.event, end), "after": (end, end + AFTER * WEEK), "whole": (self.event, whole)}[name]

    def effect(self, series: Series, scenario: str, length: int, name: str) -> np.ndarray:
        """The effect of the operation in a window, by replicate [series' unit of a window]."""
        return self.window(series, self.difference(series, (scenario, length)), *self.span(name, length))

    def without(self, series: Series, scenario: str, length: int, name: str) -> np.ndarray:
        """The series without the operation in a window, by replicate [series' unit of a window]."""
        return self.window(series, self.level(series, (scenario, 0)), *self.span(name, length))

    def bands(self, series: Series, scenario: str, length: int) -> tuple[np.ndarray, np.ndarray]:
        """Weeks relative to the start, and mean, low and high of the difference in each [series' unit]."""
        weeks, means = self.weeks(self.difference(series, (scenario, length)))
        return weeks, band(means)

    def recovery(self, series: Series, scenario: str, length: int) -> int | None:
        """Weeks from the end of the operation until the band contains 0 again; None if it does not in the record."""
        return recovery(*self.bands(series, scenario, length), math.ceil(length / WEEK))


def read(folder: Path) -> Operations:
    """Read the nights in a folder; ConfigurationError if an arm is missing."""
    nights, base = Nights(folder, ("scenario", LENGTH)), settings_of(folder)
    scenarios = list(dict.fromkeys(scenario for scenario, _ in nights.arms))
    lengths = sorted({length for _, length in nights.arms})
    missing = [(s, length) for s in scenarios for length in (0, *lengths) if (s, length) not in nights.arms]
    if missing:
        raise ConfigurationError(f"{nights.path}: no runs of {missing[0][0]} with {LENGTH}={missing[0][1]}; every "
                                 "world needs every length, and 0")
    return Operations(nights, night_of(base["police.crackdown_from"], base), scenarios, [x for x in lengths if x])


def months(length: int) -> str:
    """The length of an operation in words: months, or nights if it lasts less than two months."""
    return f"{round(length / MONTH)} months" if length >= 2 * MONTH else f"{length} nights"


# rows of the tables ------------------------------------------------------------------------------------------------
def rows(study: Operations) -> dict[str, list[dict]]:
    """Rows of the tables of effects by window, displacement, and weekly differences."""
    return {"crackdown": effect_rows(study), "crackdown_displacement": displacement_rows(study),
            "crackdown_weeks": week_rows(study)}


def effect_rows(study: Operations) -> list[dict]:
    """Rows of `crackdown.csv`, one for each world, length, series and window."""
    rows = []
    for scenario, length, series in ((s, x, y) for s in study.scenarios for x in study.lengths for y in OUTCOMES):
        recovered = study.recovery(series, scenario, length)
        for name in WINDOWS:
            effect = study.effect(series, scenario, length, name)
            base = study.without(series, scenario, length, name)
            row = {"scenario": scenario, "operation_nights": length, "series": series.name,
                   "unit": series.unit_of_window, "window": name, "n": len(effect), "without": float(base.mean())}
            row |= dict(zip(("difference", "low", "high"), over(effect).tolist()))
            beside = effect - study.effect(series, REFERENCE, length, name) if compared(study, scenario) else None
            row |= dict(zip(("did", "did_low", "did_high"), [""] * 3 if beside is None else over(beside).tolist()))
            rows.append(row | {"recovered_after_weeks": "" if recovered is None else recovered})
    return rows


def compared(study: Operations, scenario: str) -> bool:
    """Whether a world has a difference in differences."""
    return REFERENCE in study.scenarios and scenario != REFERENCE


def moved(study: Operations, what: str, scenario: str, length: int, name: str) -> tuple[np.ndarray, np.ndarray]:
    """Loss at the first corridor, by replicate, and the shares of it that appear at the other corridors and nowhere."""
    effects = [study.effect(series, scenario, length, name) for series in MOVES[what]]
    return -effects[0], shares(-effects[0], effects[1:])


def displacement_rows(study: Operations) -> list[dict]:
    """Rows of `crackdown_displacement.csv`, one for each world, length, window, measure and place."""
    rows = []
    for scenario, length in ((s, x) for s in study.scenarios for x in study.lengths):
        for name, what in ((w, m) for w in WINDOWS for m in MOVES):
            lost, displaced = moved(study, what, scenario, length, name)
            for place, share in zip((*CORRIDORS[1:], "nowhere"), displaced.tolist()):
                row = {"scenario": scenario, "operation_nights": length, "window": name, "measure": what,
                       "n": len(lost)} | dict(zip(("lost", "lost_low", "lost_high"), over(lost).tolist()))
                rows.append(row | {"place": place} | dict(zip(("share", "low", "high"), share)))
    return rows


def week_rows(study: Operations) -> list[dict]:
    """Rows of `crackdown_weeks.csv`, one for each world, length, series and week."""
    rows = []
    for scenario, length, series in ((s, x, y) for s in study.scenarios for x in study.lengths for y in OUTCOMES):
        weeks, bands = study.bands(series, scenario, length)
        rows += [{"scenario": scenario, "operation_nights": length, "series": series.name, "unit": series.unit,
                  "week": int(week), "difference": mean, "low": low, "high": high}
                 for week, (mean, low, high) in zip(weeks, bands.T.tolist())]
    return rows
