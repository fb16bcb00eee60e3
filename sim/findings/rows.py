"""Cells from the rows of a CSV table, whose cells are texts; an empty one is no number."""

import math

from sim.findings import Number


def value_of(row: dict, field: str) -> float:
    """A cell as a number; NaN where it is empty."""
    return float(row[field] or "nan")


def with_ends(row: dict, fields: tuple[str, str, str], digits: int, signed: bool = False) -> Number:
    """A mean with the ends of its interval; `fields` name mean, low and high."""
    mean, low, high = (value_of(row, field) for field in fields)
    return Number(mean, digits, low=low, high=high, signed=signed)


def with_half_width(row: dict, fields: tuple[str, str, str], digits: int, signed: bool = False) -> Number:
    """A mean with the half-width of its interval; `fields` name mean, low and high."""
    mean, low, _ = (value_of(row, field) for field in fields)
    return Number(mean, digits, mean - low if math.isfinite(low) else math.nan, signed=signed)


def distinct(rows: list[dict], field: str) -> list[str]:
    """The different cells of a column, in order."""
    return list(dict.fromkeys(row[field] for row in rows))
