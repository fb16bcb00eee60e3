"""What a study found, as data: tables, figures, remarks, and the numbers that a page quotes.

A study makes one value, `Findings`; `terminal`, `markdown` and `html` each render it, so that no table is made twice
and no printed text is read back.
"""

import math
from collections.abc import Callable
from typing import NamedTuple

from sim.findings.text import number

__all__ = ["Cell", "Figure", "Findings", "Number", "Table"]


class Number(NamedTuple):
    """A number with its uncertainty, as a cell of a table."""

    value: float  # NaN is shown as a dash
    digits: int = 0  # after the decimal point
    half_width: float = math.nan  # of a 95 % interval that is symmetric about the value
    low: float = math.nan  # ends of an interval that need not be symmetric; infinite ends have no bounds
    high: float = math.nan
    signed: bool = False  # differences carry their sign
    unit: str = ""  # written behind the number, "%" say
    verdict: str = ""  # what the comparison shows: different, equivalent, undecided
    in_millions: bool = False  # with two digits, where a whole column is; else only numbers from a million on

    def __str__(self) -> str:
        """The number as people read it, without its verdict: `+51 ± 12`, `0.34 (0.20 to 0.48)`, `–`."""
        text = self.shown(self.value, self.signed)
        if math.isfinite(self.half_width):
            text += f" ± {self.shown(self.half_width, False, self.value)}"
        if math.isfinite(self.low) and math.isfinite(self.high):
            text += f" ({self.shown(self.low, self.signed)} to {self.shown(self.high, self.signed)})"
        elif math.isinf(self.low) or math.isinf(self.high):
            text += " (no bounds)"
        return f"{text} {self.unit}" if self.unit else text

    def shown(self, value: float, signed: bool, beside: float = 0.0) -> str:
        """One of its numbers in the cell's format."""
        if self.in_millions and math.isfinite(value):
            return f"{value / 1e6:{'+' if signed else ''}.2f} M"
        return number(value, self.digits, signed, beside)


Cell = str | Number


class Table(NamedTuple):
    """A table; the first cell of a row names the row, and a text in *asterisks* is emphasised."""

    title: str
    head: tuple[str, ...]  # the first names the rows, and may be empty
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""


class Figure(NamedTuple):
    """A figure that is drawn when it is asked for."""

    draw: Callable  # () -> matplotlib Figure
    caption: str


class Findings(NamedTuple):
    """All that a study found."""

    tables: dict[str, Table]
    remarks: tuple[str, ...] = ()  # sentences on how to read the tables
    values: dict[str, str] = {}  # numbers and names that the study's page quotes
