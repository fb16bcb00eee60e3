"""Findings as pieces of HTML, which the template of `sim.report` assembles.

Cells and sentences may contain the Markdown that pages use: `code`, **strong**, *emphasis*.
"""

import re

from markupsafe import Markup, escape

from sim.findings import Cell, Number, Table
from sim.findings.text import MARKS

LINK = re.compile(r"\[([^][]+)\]\((#[\w:-]+)\)")  # Markdown: a link within the page
ELEMENTS = {"`": "code", "**": "b", "*": "em"}
NUMERIC = re.compile(r"[<>≥≤+\-−–]?\s?[\d.,\s]*\d|–")  # beginning of a text that is a number


def inline(text: str) -> Markup:
    """A text as HTML: escaped, with Markdown turned into elements."""
    def element(match):
        name = ELEMENTS[match[1]]
        content = Markup(match[2]) if name == "code" else inline(Markup(match[2]).unescape())
        return Markup("<{0}>{1}</{0}>").format(Markup(name), content)

    return Markup(LINK.sub(r'<a href="\2">\1</a>', MARKS.sub(element, str(escape(text)))))


def shown(cell: Cell) -> Markup:
    """A cell as HTML, with minus signs instead of hyphens and the verdict in an element with a class."""
    text = inline(whole_numbers(str(cell).replace("-", "−")) if is_number(cell) else whole_numbers(str(cell)))
    if isinstance(cell, Number) and cell.row:
        text = Markup('<a class="number" href="#{0}" title="row of summary.csv">{1}</a>').format(row_id(cell.row), text)
    if isinstance(cell, Number) and cell.verdict:
        return Markup('{} <span class="verdict {}">{}</span>').format(text, cell.verdict.split(" ")[0], cell.verdict)
    return text


def row_id(row: str) -> str:
    """The id of the element of a page that shows a row of summary.csv."""
    return f"row-{row.replace(':', '-')}"


def is_number(cell: Cell) -> bool:
    """Whether a cell is a number, which is aligned to the right."""
    return isinstance(cell, Number) or bool(NUMERIC.match(cell))


def whole_numbers(text: str) -> str:
    """The text with non-breaking spaces within numbers."""
    return re.sub(r"(?<=\d) (?=[\d%])", "\u00a0", text)


def numeric_columns(table: Table) -> list[bool]:
    """For each column, whether it holds only numbers and empty cells; False for the first column."""
    columns = list(zip(*table.rows)) or [()] * len(table.head)
    return [k > 0 and any(map(bool, column)) and all(not cell or is_number(cell) for cell in column)
            for k, column in enumerate(columns)]


def groups(table: Table) -> list[list[tuple[Cell, ...]]]:
    """Rows in groups; a row whose first cell is empty belongs to the group of the row above it."""
    grouped = []
    for row in table.rows:
        if row[0] == "" and grouped:
            grouped[-1].append(row)
        else:
            grouped.append([row])
    return grouped
