"""Findings as Markdown for the pages of the documentation."""

from sim.findings import Cell, Number, Table

MARKED = {"different": "**{}**", "equivalent": "*{}*", "undecided": "{}"}  # verdicts that typeface alone shows


def render_table(table: Table) -> str:
    """A table as Markdown, without its title and note, which the page provides."""
    return markdown_table(table.head, table.rows)


def markdown_table(head, rows) -> str:
    """Rows below a head as a Markdown table; `∣` replaces vertical bars in cells, which would end the cell."""
    lines = ["| " + " | ".join(shown(cell).replace("|", "∣") for cell in line) + " |" for line in (head, *rows)]
    return "\n".join([lines[0], "|---" * len(head) + "|", *lines[1:]])


def shown(cell: Cell) -> str:
    """A cell as Markdown: bold if different, italic if equivalent; any other verdict follows the number."""
    text = str(cell).replace("\n", "<br>")
    if isinstance(cell, Number) and cell.verdict:
        return MARKED.get(cell.verdict, f"{{}} {cell.verdict}").format(text)
    return text
