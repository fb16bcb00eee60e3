"""Event studies: the nights of all arms around a date, and the series and tables that such studies share.

An effect is the paired difference of an arm from the arm without the event, by replicate; `sim.statistics.events`
computes weeks, sums and windows from nights.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np

from sim.findings import Table
from sim.findings.rows import with_half_width
from sim.runs.arms import Nights
from sim.statistics.events import Series, cumulative, weekly, window

CORRIDORS = ("rs_hu", "rs_ba", "rs_ro")
OUTCOMES = (
    Series("price", "Price", "EUR", ("price_mean",), flow=False),
    *(Series(f"attempts_{c}", f"Attempts, {c}", "attempts / night", (f"attempts_{c}",)) for c in CORRIDORS),
    Series("interceptions", "Interceptions", "persons / night", ("interceptions",)),
    Series("crossings", "Crossings", "persons / night", ("crossings",)),
    Series("people", "People present", "persons", ("people",), flow=False),
    Series("abductions", "Abductions", "persons / night", ("abductions",)),
    Series("deaths_authorities", "Deaths in pushbacks", "persons / night", ("deaths_authorities",), digits=1),
    Series("deaths_groups", "Deaths in captivity", "persons / night", ("deaths_groups",), digits=1),
    Series("deaths_clashes", "Deaths in clashes", "persons / night", ("deaths_clashes",), digits=1),
    Series("deaths_environment", "Deaths by accident", "persons / night", ("deaths_environment",), digits=1),
    Series("clashes", "Clashes", "clashes / night", ("clashes",)),
    Series("bribes", "Bribes", "EUR / night", ("flow_toll", "flow_payroll")),
    Series("state_cost", "Cost to the state", "EUR / night", ("state_cost",)),
)


@dataclass(frozen=True)
class EventStudy(ABC):
    """Nights of all arms and the night of the event; a subclass defines the reference of each arm."""

    nights: Nights
    event: int  # night

    @abstractmethod
    def reference(self, arm):
        """Return the arm without the event with which this arm is compared."""

    @property
    def end(self) -> int:
        """The first night after the record."""
        return int(self.nights.nights[-1]) + 1

    def level(self, series: Series, arm) -> np.ndarray:
        """A series in one arm: replicates × nights [its unit]."""
        return self.nights(series, arm)

    def difference(self, series: Series, arm) -> np.ndarray:
        """The paired difference from the reference of the arm: replicates × nights [series' unit]."""
        return self.level(series, arm) - self.level(series, self.reference(arm))

    def weeks(self, values) -> tuple[np.ndarray, np.ndarray]:
        """Weeks relative to the event, and means over each: replicates × weeks [unit of the nightly values]."""
        return weekly(values, self.nights.nights, self.event)

    def sums(self, values) -> tuple[np.ndarray, np.ndarray]:
        """Weeks from the event on, and sums from the event to the end of each: replicates × weeks."""
        return cumulative(values, self.nights.nights, self.event)

    def window(self, series: Series, values, first: int, last: int) -> np.ndarray:
        """Sum of a flow, or mean of a level, over nights first … last − 1, by replicate [series' unit of a window]."""
        return window(values, self.nights.nights, first, last, series.flow)

    def sample(self) -> str:
        """The number of runs behind an effect, in words."""
        return sample(len(self.nights.replicates))


def sample(n: int) -> str:
    """The number of runs behind an effect, in words."""
    return f"{n} replicate{'s' if n > 1 else ''} an arm, with the same seeds in all arms"


def heading(series: Series) -> str:
    """Label of a series with its unit over a window."""
    return f"{series.label} [{series.unit_of_window}]"


def series_table(title: str, series, columns: dict[str, dict[str, dict]], fields, signed: bool, note="") -> Table:
    """Table with one row for each series and one column for each arm, mean ± half-width.

    columns: head -> {name of a series: row of the CSV table}; fields: the row's columns of mean, low and high.
    """
    return Table(title, ("", *columns),
                 tuple((heading(each), *(with_half_width(rows[each.name], fields, each.digits, signed)
                                        for rows in columns.values())) for each in series), note)
