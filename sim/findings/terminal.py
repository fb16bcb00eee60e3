"""Findings as text for a terminal."""

import textwrap

from sim.findings import Findings, Number, Table
from sim.findings.text import table as in_columns
from sim.findings.text import unmarked

WIDTH = 120  # characters per line of prose
HEAD = 18  # characters per line in the head of a column


def render(findings: Findings, tables=None) -> str:
    """Tables with titles and notes, followed by the remarks.

    tables: names of the tables to render; None renders all.
    """
    blocks = [render_table(table) for name, table in findings.tables.items() if tables is None or name in tables]
    if findings.remarks:
        blocks.append("\n".join(filled(remark) for remark in findings.remarks))
    return "\n\n".join(blocks)


def render_table(table: Table) -> str:
    """A table with aligned columns, its title and its note; verdicts are aligned to the right of their numbers."""
    columns = [aligned(column) for column in zip(*table.rows)]
    lines = [filled(table.title)] if table.title else []
    lines.append(in_columns([unmarked(cell) for cell in table.head], [list(row) for row in zip(*columns)], HEAD))
    return "\n".join([*lines, *([filled(table.note)] if table.note else [])])


def filled(text: str) -> str:
    """A text in lines of `WIDTH` characters; a text with line breaks keeps them instead."""
    return unmarked(text) if "\n" in text else textwrap.fill(unmarked(text), WIDTH)


def aligned(column) -> list[str]:
    """The cells of one column as texts, with verdicts padded to equal width."""
    width = max((len(cell.verdict) for cell in column if isinstance(cell, Number)), default=0)
    if not width:
        return [unmarked(str(cell)) for cell in column]
    return [f"{unmarked(str(cell))} {cell.verdict if isinstance(cell, Number) else '':<{width}}" for cell in column]
