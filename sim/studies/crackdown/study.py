"""An operation of 0, 3, 6 or 12 months as an event study, in worlds that differ in who decides for the groups.

Every effect is a paired difference from the same world without the operation; `sim.statistics.events` says how.  The
difference in differences is an effect less that of the same operation among rival groups (`REFERENCE`).
"""

import math
from pathlib import Path
from typing import NamedTuple

import numpy as np

from sim.figures import write_figures
from sim.findings.text import NOTE
from sim.registry.files import write_rows
from sim.registry.parameters import ConfigurationError
from sim.runs.arms import Nights, night_of, settings_of
from sim.statistics.events import AT, OUTCOMES, WEEK, Series, band, cumulative, recovery, shares, weekly, window
from sim.statistics.intervals import over

NIGHTS = True  # the sweep keeps them
LENGTH = "police.crackdown_nights"
REFERENCE = "fragmented"
MONTH = 365 / 12  # nights
AFTER = 13  # weeks that the window after the end lasts
WINDOWS = {"during": "during the operation", "after": f"the {AFTER} weeks after", "whole": "all from the start on"}
MOVES = {"attempts": tuple(Series(c, c, "attempts / night", (f"attempts_{c}",)) for c in AT),
         "crossings": tuple(Series(c, c, "persons / night", (f"crossings_{c}",)) for c in AT)}


class Study(NamedTuple):
    """Nights of all arms and when the operation began."""

    nights: Nights
    event: int  # night of its start
    scenarios: list[str]
    lengths: list[int]  # nights of it, above 0

    @property
    def last(self) -> int:
        """Night after the last whole week of the record."""
        return self.event + (int(self.nights.nights[-1]) + 1 - self.event) // WEEK * WEEK

    def span(self, name: str, length: int) -> tuple[int, int]:
        """First night of a window and the night after its last; none where the record ends before it."""
        end = self.event + length
        return {"during": (self.event, end), "after": (end, end + AFTER * WEEK),
                "whole": (self.event, self.last)}[name]

    def difference(self, series: Series, scenario: str, length: int) -> np.ndarray:
        """Paired difference from no operation: replicates × nights [series' unit]."""
        return self.nights(series, (scenario, length)) - self.nights(series, (scenario, 0))

    def effect(self, series: Series, scenario: str, length: int, name: str) -> np.ndarray:
        """The difference in a window, by replicate [series' unit of a window]."""
        return window(self.difference(series, scenario, length), self.nights.nights, *self.span(name, length),
                      series.flow)

    def weeks(self, series: Series, scenario: str, length: int) -> tuple[np.ndarray, np.ndarray]:
        """Weeks relative to the start, and mean, low, high of the difference in each [series' unit]."""
        weeks, means = weekly(self.difference(series, scenario, length), self.nights.nights, self.event)
        return weeks, band(means)

    def summed(self, series: Series, scenario: str, length: int) -> tuple[np.ndarray, np.ndarray]:
        """Weeks from the start on, and mean, low, high of the difference summed up to the end of each."""
        weeks, sums = cumulative(self.difference(series, scenario, length), self.nights.nights, self.event)
        return weeks, band(sums)

    def recovery(self, series: Series, scenario: str, length: int) -> int | None:
        """Weeks from the end of the operation until the band holds 0 again."""
        return recovery(*self.weeks(series, scenario, length), math.ceil(length / WEEK))

    def sample(self) -> str:
        """How many runs stand behind an effect."""
        n = len(self.nights.replicates)
        return f"{n} replicate{'s' if n > 1 else ''} an arm, the same seeds in all arms"


def analyse(folder: Path) -> str:
    """`crackdown.csv`, `crackdown_displacement.csv`, `crackdown_weeks.csv` and figures; returns tables to print."""
    from sim.studies.crackdown import figures
    from sim.studies.crackdown.tables import block, moved_text

    study = read(Path(folder))
    write_rows(rows_of(study), Path(folder) / "crackdown.csv")
    write_rows(displacement_rows(study), Path(folder) / "crackdown_displacement.csv")
    write_rows(week_rows(study), Path(folder) / "crackdown_weeks.csv")
    middle = study.lengths[len(study.lengths) // 2]
    drawn = {"crackdown": (lambda: figures.draw_worlds(study, middle), figures.caption_worlds(study, middle))}
    for scenario in study.scenarios:
        drawn[f"crackdown_{scenario}"] = (lambda s=scenario: figures.draw_lengths(study, s),
                                          figures.caption_lengths(study, scenario))
    write_figures(drawn, folder)
    blocks = [block(study, s, name) for s in study.scenarios for name in WINDOWS]
    return "\n\n".join([*blocks, moved_text(study), f"{study.sample()}; {NOTE}"])


def read(folder: Path) -> Study:
    """The study in a folder; ConfigurationError, one line, where arms are missing."""
    nights, base = Nights(folder, ("scenario", LENGTH)), settings_of(folder)
    scenarios = list(dict.fromkeys(scenario for scenario, _ in nights.arms))
    lengths = sorted({length for _, length in nights.arms})
    missing = [(s, length) for s in scenarios for length in (0, *lengths) if (s, length) not in nights.arms]
    if missing:
        raise ConfigurationError(f"{nights.path}: no runs of {missing[0][0]} with {LENGTH}={missing[0][1]}; every "
                                 "world needs every length, and 0")
    return Study(nights, night_of(base["police.crackdown_from"], base), scenarios, [x for x in lengths if x])


def months(length: int) -> str:
    """Nights of an operation in months, or in nights where it is shorter."""
    return f"{round(length / MONTH)} months" if length >= 2 * MONTH else f"{length} nights"


# tables on disk ----------------------------------------------------------------------------------------------------
def rows_of(study: Study) -> list[dict]:
    """Lines of `crackdown.csv`, one a world, length, series and window."""
    rows = []
    for scenario, length, series in ((s, x, y) for s in study.scenarios for x in study.lengths for y in OUTCOMES):
        recovered = study.recovery(series, scenario, length)
        for name in WINDOWS:
            effect, span = study.effect(series, scenario, length, name), study.span(name, length)
            base = window(study.nights(series, (scenario, 0)), study.nights.nights, *span, series.flow)
            row = {"scenario": scenario, "operation_nights": length, "series": series.name,
                   "unit": series.unit_of_window, "window": name, "n": len(effect), "without": float(base.mean())}
            row |= dict(zip(("difference", "low", "high"), over(effect).tolist()))
            beside = effect - study.effect(series, REFERENCE, length, name) if compared(study, scenario) else None
            row |= dict(zip(("did", "did_low", "did_high"), [""] * 3 if beside is None else over(beside).tolist()))
            rows.append(row | {"recovered_after_weeks": "" if recovered is None else recovered})
    return rows


def compared(study: Study, scenario: str) -> bool:
    """Whether a world has a difference in differences."""
    return REFERENCE in study.scenarios and scenario != REFERENCE


def moved(study: Study, what: str, scenario: str, length: int, name: str) -> tuple[np.ndarray, np.ndarray]:
    """What was lost at the first corridor, by replicate, and the shares of it at the others and nowhere."""
    effects = [study.effect(series, scenario, length, name) for series in MOVES[what]]
    return -effects[0], shares(-effects[0], effects[1:])


def displacement_rows(study: Study) -> list[dict]:
    """Lines of `crackdown_displacement.csv`, one a world, length, window, measure and place."""
    rows = []
    for scenario, length in ((s, x) for s in study.scenarios for x in study.lengths):
        for name, what in ((w, m) for w in WINDOWS for m in MOVES):
            lost, found = moved(study, what, scenario, length, name)
            for place, share in zip((*AT[1:], "nowhere"), found.tolist()):
                row = {"scenario": scenario, "operation_nights": length, "window": name, "measure": what,
                       "n": len(lost)} | dict(zip(("lost", "lost_low", "lost_high"), over(lost).tolist()))
                rows.append(row | {"place": place} | dict(zip(("share", "low", "high"), share)))
    return rows


def week_rows(study: Study) -> list[dict]:
    """Lines of `crackdown_weeks.csv`, one a world, length, series and week."""
    rows = []
    for scenario, length, series in ((s, x, y) for s in study.scenarios for x in study.lengths for y in OUTCOMES):
        weeks, bands = study.weeks(series, scenario, length)
        rows += [{"scenario": scenario, "operation_nights": length, "series": series.name, "unit": series.unit,
                  "week": int(week), "difference": mean, "low": low, "high": high}
                 for week, (mean, low, high) in zip(weeks, bands.T.tolist())]
    return rows


def documented(reference: Path) -> dict[str, str]:
    """Places of docs/crackdown.md, from the reference run."""
    from sim.studies.crackdown.tables import documented

    return documented(reference)
