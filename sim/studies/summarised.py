"""The rows of summary.csv by outcome and scenario, and the cells that tables of a comparison share."""

import math

from sim.findings import Cell, Number, Table
from sim.findings.rows import value_of
from sim.findings.text import title
from sim.registry.outcomes import outcomes, primary

SHOWN = ("price_mean", "attempts_peak", "attempts_per_crossing", "clashes", "clashes_reported", "hhi_clients",
         "found_and_moved", "suspects_arrested", "in_camps_mean")  # outcomes shown beside the primary ones


class Summary:
    """Rows of summary.csv by outcome and scenario."""

    def __init__(self, rows: list[dict]):
        self.rows = rows
        self.find = {(row["outcome"], row["scenario"]): row for row in rows}
        self.scenarios = list(dict.fromkeys(row["scenario"] for row in rows))
        self.chosen = [name for name in (*primary(), *SHOWN) if (name, self.scenarios[0]) in self.find]
        self.compared = [s for s in self.scenarios if self.find[self.chosen[0], s]["pairs"] != ""]
        self.reference = next((s for s in self.scenarios if s not in self.compared), None)
        self.n = max(int(row["n"]) for row in rows)

    def table(self, heading: str, note: str, scenarios: list[str], cell) -> Table:
        """A table with one row for each outcome and one column for each scenario; cell: (row, digits) -> Number."""
        return Table(heading, ("outcome", *scenarios), tuple(
            (title(name), *(cell(self.find[name, s], outcomes()[name].digits)._replace(row=f"{name}:{s}")
                            for s in scenarios))
            for name in self.chosen), note)

    def is_main(self) -> bool:
        """Whether `centralised` is compared with `fragmented`, the comparison that emergence and ablation are about."""
        return self.reference == "fragmented" and "centralised" in self.compared


def half_width(row: dict) -> float:
    """Half-width of the interval of a difference [outcome's unit]; NaN without an interval."""
    return value_of(row, "difference_high") - value_of(row, "difference")


def difference(row: dict, digits: int) -> Number:
    """Difference ± half-width, and the verdict."""
    return Number(value_of(row, "difference"), digits, half_width(row), signed=True, verdict=row["verdict"])


def percent(row: dict) -> Number:
    """A relative difference with its interval [%]."""
    rise, low, high = (100 * value_of(row, f"relative_{end}") for end in ("difference", "low", "high"))
    return Number(rise, 1, low=low, high=high, signed=True)


def rise(row: dict) -> Cell:
    """A relative difference without its interval [%]; a dash where the reference's mean is 0."""
    shown = Number(percent(row).value, signed=True, unit="%")
    return shown if math.isfinite(shown.value) else "–"
