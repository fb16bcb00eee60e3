"""Findings as pieces of HTML; the template of `sim.report` puts them together.

Cells and sentences may carry the marks of Markdown that the pages use: `code`, **strong**, *emphasis*.
"""

import re

from markupsafe import Markup, escape

from sim.findings import Cell, Number, Table
from sim.findings.text import MARKS

ELEMENTS = {"`": "code", "**": "b", "*": "em"}
NUMERIC = re.compile(r"[<>≥≤+\-−–]?\s?[\d.,\s]*\d|–")  # how a text begins that is a number


def inline(text: str) -> Markup:
    """A text as HTML: escaped, with the marks of Markdown as elements."""
    def element(match):
        name = ELEMENTS[match[1]]
        content = Markup(match[2]) if name == "code" else inline(Markup(match[2]).unescape())
        return Markup("<{0}>{1}</{0}>").format(Markup(name), content)

    return Markup(MARKS.sub(element, str(escape(text))))


def shown(cell: Cell) -> Markup:
    """A cell with true minus signs; its verdict is marked by a class of its own."""
    text = inline(whole_numbers(str(cell).replace("-", "−")) if is_number(cell) else whole_numbers(str(cell)))
    if isinstance(cell, Number) and cell.verdict:
        return Markup('{} <span class="verdict {}">{}</span>').format(text, cell.verdict.split(" ")[0], cell.verdict)
    return text


def is_number(cell: Cell) -> bool:
    """Whether a cell is a number and stands to the right."""
    return isinstance(cell, Number) or bool(NUMERIC.match(cell))


def whole_numbers(text: str) -> str:
    """The same with spaces within numbers that no line is broken at."""
    return re.sub(r"(?<=\d) (?=[\d%])", "\u00a0", text)


def numeric_columns(table: Table) -> list[bool]:
    """Which columns hold numbers, and nothing else but empty cells; the first never does."""
    columns = list(zip(*table.rows)) or [()] * len(table.head)
    return [k > 0 and any(map(bool, column)) and all(not cell or is_number(cell) for cell in column)
            for k, column in enumerate(columns)]


def groups(table: Table) -> list[list[tuple[Cell, ...]]]:
    """Rows in groups: a row whose first cell is empty belongs to the row above it."""
    found = []
    for row in table.rows:
        if row[0] == "" and found:
            found[-1].append(row)
        else:
            found.append([row])
    return found
