"""Findings as Markdown for the pages of the documentation."""

from sim.findings import Cell, Number, Table

MARKED = {"different": "**{}**", "equivalent": "*{}*", "undecided": "{}"}  # verdicts that pages show by the type alone


def render_table(found: Table) -> str:
    """A table; its title and note belong to the page around it."""
    return markdown_table(found.head, found.rows)


def markdown_table(head, rows) -> str:
    """A table as Markdown; bars in cells become look-alikes."""
    lines = ["| " + " | ".join(shown(cell).replace("|", "∣") for cell in line) + " |" for line in (head, *rows)]
    return "\n".join([lines[0], "|---" * len(head) + "|", *lines[1:]])


def shown(cell: Cell) -> str:
    """A cell as text: bold where it differs, italic where it is equivalent; other verdicts stand behind the number."""
    text = str(cell).replace("\n", "<br>")
    if isinstance(cell, Number) and cell.verdict:
        return MARKED.get(cell.verdict, f"{{}} {cell.verdict}").format(text)
    return text
