"""Findings as text for a terminal."""

import textwrap

from sim.findings import Findings, Number, Table
from sim.findings.text import table

WIDTH = 120  # characters of a line of prose
HEAD = 18  # characters of a column's head before it is wrapped


def render(findings: Findings) -> str:
    """All tables, each with its title above and its note below, then the remarks."""
    blocks = [render_table(each) for each in findings.tables.values()]
    if findings.remarks:
        blocks.append("\n".join(remark if "\n" in remark else textwrap.fill(remark, WIDTH) for remark in findings.remarks))
    return "\n\n".join(blocks)


def render_table(found: Table) -> str:
    """Aligned columns; verdicts stand to the right of their numbers, one below the other."""
    columns = [aligned(column) for column in zip(*found.rows)]
    lines = [textwrap.fill(found.title, WIDTH)] if found.title else []
    lines.append(table(list(found.head), [list(row) for row in zip(*columns)], HEAD))
    return "\n".join([*lines, *([textwrap.fill(found.note, WIDTH)] if found.note else [])])


def aligned(column) -> list[str]:
    """The cells of one column as text."""
    width = max((len(cell.verdict) for cell in column if isinstance(cell, Number)), default=0)
    if not width:
        return [str(cell) for cell in column]
    return [f"{cell} {cell.verdict if isinstance(cell, Number) else '':<{width}}" for cell in column]
