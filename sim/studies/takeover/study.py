"""The transition of groups to one organisation: its path, its cost, and whether the long run makes up for it.

Arms differ in the organisation's demands on groups and in the hazards of takeover and defection; the reference arms are
rival groups throughout and one organisation from the start.  With d_w the paired difference of a flow from rival groups
in week w and L that of one organisation from the start in the same record, a year's long-run difference is 52 L; the
cost of transition is the largest mean of Σ_{u ≤ w} d_u over w, or 0 if it never exceeds 0.  `sim.statistics.events`
computes weeks.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np

from sim.registry.parameters import ConfigurationError
from sim.runs.arms import Nights, night_of, settings_of
from sim.statistics.events import WEEK, Series, band
from sim.statistics.intervals import over, sign
from sim.studies.event_study import OUTCOMES, EventStudy

KEYS = ("organisation.control", "organisation.structure", "organisation.takeover", "organisation.defection")
TERMS = {"truce": "nothing asked", "merger": "share of profit asked", "franchise": "tax per crossing asked",
         "tribute": "lump sum asked"}
SHARE = Series("controlled", "Groups controlled", "share", ("controlled",), flow=False, digits=2, per="groups_active")
KILLED = Series("fighters_killed", "Members of groups killed", "persons / night", ("fighters_killed",), digits=1)
DEATHS = Series("deaths", "Deaths of people", "persons / night",
                ("deaths_authorities", "deaths_groups", "deaths_clashes", "deaths_environment"), digits=1)
MOVES = tuple(Series(name, name.capitalize(), "groups / night", (name,), digits=1)
              for name in ("takeovers", "defections"))
SERIES = (SHARE, *MOVES, *OUTCOMES, DEATHS, KILLED)
VIOLENCE = {series.name: series for series in SERIES
            if series.name in ("clashes", "fighters_killed", "deaths_clashes", "deaths", "abductions")}
WEEKS = 52  # length of a year in weeks, for the long-run difference


class Arm(NamedTuple):
    """One row of the design."""

    control: float  # share of groups under the organisation from the first night on
    structure: str  # the organisation's demand on groups, a key of TERMS
    takeover: float  # hazard of takeover [1 / night]
    defection: float  # hazard of defection [1 / night]

    @property
    def name(self) -> str:
        """The name of the arm in tables and figures."""
        if not self.takeover:
            return "one organisation from the start" if self.control else "rival groups"
        began = f", {self.control:g} from the start" if self.control else ""
        leave = "" if self.structure == "truce" else f", defection {self.defection:g}"  # no group leaves a free truce
        return f"takeover {self.takeover:g}, {TERMS[self.structure]}{began}{leave}"


@dataclass(frozen=True)
class Takeovers(EventStudy):
    """Arms by who decides for the groups; the event is the first night on which groups are approached."""

    rivals: Arm
    whole: Arm  # one organisation from the start
    paths: list[Arm]

    @property
    def arms(self) -> list[Arm]:
        """All arms: rival groups, the paths, and one organisation from the start."""
        return [self.rivals, *self.paths, self.whole]

    def reference(self, arm: Arm) -> Arm:
        """Return the arm of rival groups, the reference of every arm."""
        return self.rivals

    def total(self, series: Series, arm: Arm) -> np.ndarray:
        """Sum of a flow, or mean of a level, from the start of takeovers on, by replicate."""
        return self.window(series, self.level(series, arm), self.event, self.end)

    def bands(self, series: Series, arm: Arm) -> tuple[np.ndarray, np.ndarray]:
        """Weeks, and mean, low and high of a series in each [series' unit]."""
        weeks, means = self.weeks(self.level(series, arm))
        return weeks, band(means)

    def summed(self, series: Series, arm: Arm) -> tuple[np.ndarray, np.ndarray]:
        """Weeks from the start on, and the cumulative difference from rival groups to the end of each, by replicate."""
        return self.sums(self.difference(series, arm))


class Transition(NamedTuple):
    """The cost of transition in one kind of violence, and the long-run difference that may make up for it."""

    week: int  # week in which the cumulative difference is largest
    cost: np.ndarray  # cumulative difference at that week, by replicate; 0 if the mean never exceeds 0
    year: np.ndarray  # long-run difference of a year, by replicate
    even: int | None  # week from which on the mean of the cumulative difference stays at or below 0

    @property
    def verdict(self) -> str:
        """Verdict on whether the cost exceeds a year's long-run fall, by the 95 % interval of cost + 52 L."""
        if not self.year.mean() < 0:
            return "no long-run fall"
        return {1: "more", -1: "less", 0: "undecided"}[int(sign(over(self.cost + self.year)))]


def transition(weeks, summed, whole, nights: int) -> Transition:
    """Return the transition of a path.

    summed, whole: cumulative differences of the path and of one organisation from the start, replicates × weeks;
    nights: length of the record that they cover.
    """
    mean = summed.mean(axis=0)
    worst = int(mean.argmax())
    cost = summed[:, worst] if mean[worst] > 0 else np.zeros(len(summed))
    below = mean <= 0
    stays = next((int(weeks[k]) for k in range(worst, len(mean)) if below[k:].all()), None)
    return Transition(int(weeks[worst]), cost, whole[:, -1] * WEEKS * WEEK / nights, stays)


def read(folder: Path) -> Takeovers:
    """Read the nights in a folder; ConfigurationError if a reference arm is missing."""
    nights, base = Nights(folder, KEYS), settings_of(folder)
    arms = [Arm(*arm) for arm in nights.arms]
    ends = [[arm for arm in arms if arm.control == control and not arm.takeover and not arm.defection]
            for control in (0.0, 1.0)]
    if not all(ends):
        raise ConfigurationError(f"{nights.path}: an arm without takeover and defection is needed at "
                                 f"organisation.control 0 and 1")
    paths = [arm for arm in arms if arm.takeover]
    if base["organisation.takeover_from"] is None:
        raise ConfigurationError(f"{nights.path}: organisation.takeover_from=null: groups were approached from the "
                                 "first night on, so there is no start to count weeks from")
    return Takeovers(nights, night_of(base["organisation.takeover_from"], base), ends[0][0], ends[1][0], paths)


# rows of the tables ------------------------------------------------------------------------------------------------
def rows(study: Takeovers) -> dict[str, list[dict]]:
    """Rows of the tables of totals by arm, the path by week, and the cost of transition."""
    return {"takeover": total_rows(study), "takeover_path": path_rows(study),
            "takeover_transition": transition_rows(study)}


def tag(arm: Arm) -> dict:
    """The columns that identify an arm."""
    return {"arm": arm.name, **arm._asdict()}


def total_rows(study: Takeovers) -> list[dict]:
    """Rows of `takeover.csv`, one for each arm and series."""
    rows = []
    for arm in study.arms:
        for series in SERIES:
            total = study.total(series, arm)
            row = tag(arm) | {"series": series.name, "unit": series.unit_of_window, "n": len(total)}
            for words, end in ((("mean", "low", "high"), None),
                               (("difference", "difference_low", "difference_high"), study.rivals),
                               (("from_whole", "from_whole_low", "from_whole_high"), study.whole)):
                row |= dict(zip(words, over(total if end is None else total - study.total(series, end)).tolist()))
            rows.append(row)
    return rows


def path_rows(study: Takeovers) -> list[dict]:
    """Rows of `takeover_path.csv`, one for each arm and week."""
    rows = []
    for arm in study.arms:
        weeks, bands = study.bands(SHARE, arm)
        for week, (mean, low, high) in zip(weeks.tolist(), bands.T.tolist()):
            rows.append(tag(arm) | {"week": week, "n": len(study.nights.replicates), "controlled": mean, "low": low,
                                    "high": high})
    return rows


def transitions(study: Takeovers) -> dict[tuple[str, Arm], Transition]:
    """Transitions by kind of violence and path."""
    by_path = {}
    for name, series in VIOLENCE.items():
        weeks, whole = study.summed(series, study.whole)
        for arm in study.paths:
            by_path[name, arm] = transition(weeks, study.summed(series, arm)[1], whole, WEEK * len(weeks))
    return by_path


def transition_rows(study: Takeovers) -> list[dict]:
    """Rows of `takeover_transition.csv`, one for each kind of violence and path."""
    rows = []
    for (name, arm), t in transitions(study).items():
        row = tag(arm) | {"series": name, "unit": VIOLENCE[name].unit_of_window, "n": len(t.cost), "peak_week": t.week}
        row |= dict(zip(("cost", "cost_low", "cost_high"), over(t.cost).tolist()))
        row |= dict(zip(("year", "year_low", "year_high"), over(t.year).tolist()))
        rows.append(row | {"even_after_weeks": "" if t.even is None else t.even, "verdict": t.verdict})
    return rows
