"""Findings as text for a terminal."""

import textwrap

from sim.findings import Findings, Number, Table
from sim.findings.text import table, unmarked

WIDTH = 120  # characters of a line of prose
HEAD = 18  # characters of a column's head before it is wrapped


def render(findings: Findings, tables=None) -> str:
    """Tables (all, or those of these names), each with its title above and its note below, then the remarks."""
    blocks = [render_table(each) for name, each in findings.tables.items() if tables is None or name in tables]
    if findings.remarks:
        blocks.append("\n".join(filled(remark) for remark in findings.remarks))
    return "\n\n".join(blocks)


def render_table(found: Table) -> str:
    """Aligned columns; verdicts stand to the right of their numbers, one below the other."""
    columns = [aligned(column) for column in zip(*found.rows)]
    lines = [filled(found.title)] if found.title else []
    lines.append(table([unmarked(cell) for cell in found.head], [list(row) for row in zip(*columns)], HEAD))
    return "\n".join([*lines, *([filled(found.note)] if found.note else [])])


def filled(text: str) -> str:
    """A text in lines of the terminal's width; what has line breaks keeps them."""
    return unmarked(text) if "\n" in text else textwrap.fill(unmarked(text), WIDTH)


def aligned(column) -> list[str]:
    """The cells of one column as text."""
    width = max((len(cell.verdict) for cell in column if isinstance(cell, Number)), default=0)
    if not width:
        return [unmarked(str(cell)) for cell in column]
    return [f"{unmarked(str(cell))} {cell.verdict if isinstance(cell, Number) else '':<{width}}" for cell in column]
