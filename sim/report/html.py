"""HTML in small pieces: everything is escaped unless it was made here."""

import base64
from html import escape
from pathlib import Path


class Html(str):
    """Text that is HTML already."""


def text(value) -> Html:
    """A value as HTML; escaped unless it is HTML already."""
    return value if isinstance(value, Html) else Html(escape(str(value)))


def el(name: str, *content, **attributes) -> Html:
    """One element; `class_` stands for class."""
    said = "".join(f' {key.rstrip("_")}="{escape(str(value))}"' for key, value in attributes.items() if value != "")
    return Html(f"<{name}{said}>{join(*content)}</{name}>")


def join(*content, by="") -> Html:
    """Pieces one after the other."""
    return Html(escape(by).join(text(piece) for piece in content))


def words(*content) -> Html:
    """Pieces with commas."""
    return join(*content, by=", ")


def codes(*names) -> Html:
    """Names of files or keys, with commas."""
    return words(*(el("code", name) for name in names))


def cell(value) -> Html:
    """A table cell: numbers (`Number`) to the right, words to the left."""
    return el("td", value, class_="num" if isinstance(value, Number) else "")


class Number(Html):
    """A number as people read it, for a cell to the right; true minus signs."""

    def __new__(cls, shown: str):
        return super().__new__(cls, escape(shown.replace("-", "−")))


def table(caption, head, groups, note="", class_="") -> Html:
    """A table with its caption above and a note below; `groups` of rows are not torn apart in print.

    A row is a list of cells; a first cell that is a tuple (content, rows) spans so many rows.
    """
    numeric = [isinstance(value, Number) for value in next(iter(groups))[0]] if groups else []
    numeric = numeric[len(numeric) - len(head):] if len(numeric) >= len(head) else [False] * len(head)
    heads = el("tr", *(el("th", name, scope="col", class_="num" if right else "")
                       for name, right in zip(head, numeric)))
    bodies = (el("tbody", *(el("tr", *map(any_cell, row)) for row in rows)) for rows in groups)
    whole = el("table", el("caption", caption), el("thead", heads), *bodies, class_=class_)
    return el("div", whole, el("p", note, class_="note") if note else Html(""), class_="table")


def any_cell(value) -> Html:
    """A cell, or a heading over several rows."""
    if isinstance(value, tuple):
        content, rows = value
        return el("th", content, scope="rowgroup", rowspan=rows)
    return cell(value)


def items(rows) -> Html:
    """Terms and what is said of them."""
    return el("dl", *(join(el("dt", name), el("dd", value)) for name, value in rows))


def picture(path: Path, caption, alternative: str) -> Html:
    """A PNG inside the page, with its caption."""
    data = base64.b64encode(path.read_bytes()).decode("ascii")
    return el("figure", Html(f'<img alt="{escape(alternative)}" src="data:image/png;base64,{data}">'),
              el("figcaption", caption))
