"""An event study of paths of police measures, in worlds that differ in who decides and in whether arrivals answer.

Every effect is a paired difference from the same world without a measure (`sim.statistics.events`), in windows during
and after the measure.  Two contrasts compare effects: with that of the same measure among rival groups (`REFERENCE`),
and with that where arrivals do not answer.
"""

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sim.registry.parameters import ConfigurationError
from sim.runs.arms import Nights, points_of
from sim.statistics.events import WEEK, Return, Series, band, half_life
from sim.statistics.intervals import over
from sim.statistics.student import fieller
from sim.studies.crackdown.paths import ANSWER, NONE, PolicyPath, paths_of
from sim.studies.event_study import EventStudy

REFERENCE = "fragmented"
NO_ANSWER = 1.0  # value of `ANSWER` at which arrivals do not answer
AFTER = 13  # weeks after the end
LATER, LATER_WEEKS = 6, 4  # weeks after the end at which the last window begins, and its length
WINDOWS = {"during": "during the measure", "second_half": "in its second half",
           "after": f"in the {AFTER} weeks after", "later": f"in weeks {LATER + 1} to {LATER + LATER_WEEKS} after"}

Arm = tuple[str, float, str]  # scenario, `ANSWER` and name of the path


@dataclass(frozen=True)
class Paths(EventStudy):
    """Nights by scenario, answer of arrivals and path."""

    scenarios: list[str]
    answers: list[float]  # values of `ANSWER`
    paths: dict[str, PolicyPath]  # by arm
    scale: float  # of the market; 1 is real

    @property
    def arms(self) -> list[Arm]:
        """All arms with a measure, in order."""
        return [(s, a, name) for s in self.scenarios for a in self.answers for name in self.paths]

    def reference(self, arm: Arm) -> Arm:
        """The same world without a measure."""
        return *arm[:2], NONE

    def span(self, name: str, arm: Arm) -> tuple[int, int]:
        """First night of a window, and the night after its last."""
        path = self.paths[arm[2]]
        end = path.end
        return {"during": (path.first, end), "second_half": ((path.first + end) // 2, end),
                "after": (end, end + AFTER * WEEK),
                "later": (end + LATER * WEEK, end + (LATER + LATER_WEEKS) * WEEK)}[name]

    def inside(self, name: str, arm: Arm) -> bool:
        """Whether the record holds a whole window."""
        return self.span(name, arm)[1] <= self.end

    def effect(self, series: Series, arm: Arm, name: str) -> np.ndarray:
        """The effect of a measure in a window, by replicate [series' unit of a window]; NaN if it is not recorded."""
        return self._in_window(series, self.difference(series, arm), arm, name)

    def without(self, series: Series, arm: Arm, name: str) -> np.ndarray:
        """The series without the measure in a window, by replicate [series' unit of a window]."""
        return self._in_window(series, self.level(series, self.reference(arm)), arm, name)

    def _in_window(self, series: Series, values, arm: Arm, name: str) -> np.ndarray:
        if not self.inside(name, arm):
            return np.full(len(values), math.nan)
        return self.window(series, values, *self.span(name, arm))

    def bands(self, series: Series, arm: Arm) -> tuple[np.ndarray, np.ndarray]:
        """Weeks relative to the start, and mean, low and high of the difference in each [series' unit]."""
        weeks, means = self.weeks(self.difference(series, arm))
        return weeks, band(means)

    def changes(self, series: Series, arm: Arm) -> tuple[np.ndarray, np.ndarray]:
        """Weeks relative to the start, and the change in each with Fieller's 95 % interval (3, weeks) [%]."""
        weeks, gaps = self.weeks(self.difference(series, arm))
        _, base = self.weeks(self.level(series, self.reference(arm)))
        return weeks, np.array([change(gap, level) for gap, level in zip(gaps.T, base.T)]).T

    def returned(self, series: Series, arm: Arm) -> Return:
        """How half of what the measure took away from a series came back after its end."""
        path = self.paths[arm[2]]
        return half_life(self.level(series, arm), self.level(series, self.reference(arm)), self.nights.nights,
                         path.first, path.end)

    def beside(self, arm: Arm) -> dict[str, Arm]:
        """The arms with whose effects that of an arm is compared, by the name of the contrast."""
        scenario, answer, name = arm
        others = {}
        if scenario != REFERENCE and REFERENCE in self.scenarios:
            others["owners"] = (REFERENCE, answer, name)
        if answer != NO_ANSWER and NO_ANSWER in self.answers:
            others["answer"] = (scenario, NO_ANSWER, name)
        return others


def change(difference, without) -> tuple[float, float, float]:
    """A difference in % of the mean level without the measure, with Fieller's 95 % interval; NaN at a level of 0."""
    base = float(np.mean(without))
    if not base or not math.isfinite(base):
        return math.nan, math.nan, math.nan
    ends = fieller(without, difference) if len(difference) > 1 else (math.nan, math.nan)
    return tuple(100 * share for share in (float(np.mean(difference)) / base, *ends))


def read(folder: Path) -> Paths:
    """Read the nights in a folder; ConfigurationError if an arm is missing."""
    nights, points = Nights(folder, ("scenario", ANSWER, "arm")), points_of(folder)
    paths = paths_of(points)
    scenarios = list(dict.fromkeys(arm[0] for arm in nights.arms))
    answers = list(dict.fromkeys(arm[1] for arm in nights.arms))
    for wanted in ((s, a, name) for s in scenarios for a in answers for name in (NONE, *paths)):
        if wanted not in nights.arms:
            raise ConfigurationError(f"{nights.path}: no runs of {wanted[0]} with {ANSWER}={wanted[1]} and "
                                     f"arm={wanted[2]}; every world needs every arm, and {NONE}")
    event = next(iter(paths.values())).first
    return Paths(nights, event, scenarios, answers, paths, float(points[0].base["scale"]))


def mean_of(values) -> list[float]:
    """Mean and ends of its 95 % interval over replicates."""
    return over(np.asarray(values)[None])[:, 0].tolist()
