"""Cells of tables from the rows of a CSV file, whose values are texts; an empty text is no number."""

import math

from sim.findings import Number


def value_of(row: dict, field: str) -> float:
    """A value of a row as a number; NaN if it is empty."""
    return float(row[field] or "nan")


def with_ends(row: dict, fields: tuple[str, str, str], digits: int, signed: bool = False) -> Number:
    """A mean with the ends of its interval; `fields` are the columns of mean, low and high."""
    mean, low, high = (value_of(row, field) for field in fields)
    return Number(mean, digits, low=low, high=high, signed=signed)


def with_half_width(row: dict, fields: tuple[str, str, str], digits: int, signed: bool = False) -> Number:
    """A mean with the half-width of its interval; `fields` are the columns of mean, low and high."""
    mean, low, _ = (value_of(row, field) for field in fields)
    return Number(mean, digits, mean - low if math.isfinite(low) else math.nan, signed=signed)


def distinct(rows: list[dict], field: str) -> list[str]:
    """The distinct values of a column, in order of first occurrence."""
    return list(dict.fromkeys(row[field] for row in rows))
