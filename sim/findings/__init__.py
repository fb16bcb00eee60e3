"""Findings of a study as data: tables, figures, remarks, and the numbers that its page quotes.

A study returns one value, `Findings`.  The modules `terminal`, `markdown` and `html` each render it, so that no table
is made twice and no printed text is parsed.
"""

import math
from collections.abc import Callable
from typing import NamedTuple

from sim.findings.text import number

__all__ = ["Cell", "Figure", "Findings", "Number", "Table"]


class Number(NamedTuple):
    """A number with its uncertainty, as a cell of a table."""

    value: float  # NaN is rendered as a dash
    digits: int = 0  # decimal places
    half_width: float = math.nan  # half-width of a symmetric 95 % interval
    low: float = math.nan  # ends of an interval that need not be symmetric; infinite ends mean no bounds
    high: float = math.nan
    signed: bool = False  # whether positive numbers have a plus sign, as differences do
    unit: str = ""  # text after the number, for example "%"
    verdict: str = ""  # verdict of a comparison: different, equivalent or undecided
    row: str = ""  # outcome and scenario of the row of summary.csv that holds the number, joined by a colon
    in_millions: bool = False  # whether the number is in millions with two decimal places, whatever its size

    def __str__(self) -> str:
        """The number and its interval without the verdict, for example `+51 ± 12`, `0.34 (0.20 to 0.48)` or `–`."""
        text = self.shown(self.value, self.signed)
        if math.isfinite(self.half_width):
            text += f" ± {self.shown(self.half_width, False, self.value)}"
        if math.isfinite(self.low) and math.isfinite(self.high):
            text += f" ({self.shown(self.low, self.signed)} to {self.shown(self.high, self.signed)})"
        elif math.isinf(self.low) or math.isinf(self.high):
            text += " (no bounds)"
        return f"{text} {self.unit}" if self.unit else text

    def shown(self, value: float, signed: bool, beside: float = 0.0) -> str:
        """The value, half-width or end of an interval in the format of this cell; `beside` is the value next to it."""
        if self.in_millions and math.isfinite(value):
            return f"{value / 1e6:{'+' if signed else ''}.2f} M"
        return number(value, self.digits, signed, beside)


Cell = str | Number


class Table(NamedTuple):
    """A table whose rows are named by their first cells; text in *asterisks* is emphasised."""

    title: str
    head: tuple[str, ...]  # names of the columns; the first may be empty
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""


class Figure(NamedTuple):
    """A figure that is drawn on demand."""

    draw: Callable  # () -> matplotlib Figure
    caption: str
    basis: str = ""  # sample, reference and intervals in one line, which is written at the foot of the figure
    alternative: str = ""  # what the figure shows, for those who cannot see it


class Findings(NamedTuple):
    """The findings of a study."""

    tables: dict[str, Table]
    remarks: tuple[str, ...] = ()  # sentences that explain the tables
    values: dict[str, str] = {}  # numbers and names by key, which the page of the study quotes
