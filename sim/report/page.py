"""The page of a report: the filled template, and the sections that both kinds of report share."""

import base64
import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

import jinja2

from sim.figures import alternatives_in, captions_in
from sim.findings import Number, Table, html
from sim.registry import LABEL
from sim.registry.files import write_text
from sim.registry.parameters import STATUSES, registry

NAME = "report.html"


class Part(NamedTuple):
    """The sentences and tables of one section."""

    texts: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()


class Picture(NamedTuple):
    """A figure inside the page."""

    data: str  # PNG in base64
    caption: str
    alternative: str  # alternative text


@cache
def template() -> jinja2.Template:
    """The template, which escapes all texts."""
    filters = {each.__name__: each for each in (html.inline, html.shown, html.groups, html.numeric_columns)}
    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True,
                                     keep_trailing_newline=True)
    environment.filters |= filters
    return environment.from_string((Path(__file__).parent / NAME).read_text(encoding="utf-8"))


def write(folder: Path, **content) -> Path:
    """Write report.html into a folder and return the file; `content` fills the template's names."""
    values = {"missing": "", "opening": Part(), "worth": Part(), "held": (), "source": "", "columns": COLUMNS} | content
    page = template().render(label=LABEL, assumed=assumed(), figures=figures(folder), **values)
    write_text(folder / NAME, page)
    return folder / NAME


def figures(folder: Path) -> list[Picture]:
    """Every figure of the folder with its caption."""
    place = folder / "figures"
    alternatives = alternatives_in(place)
    return [picture(place / f"{name}.png", caption, alternatives.get(name, ""))
            for name, caption in captions_in(place).items() if (place / f"{name}.png").exists()]


def picture(path: Path, caption: str, alternative: str = "") -> Picture:
    """A figure with its caption, which states if no interval is drawn; the caption stands in for a lacking
    alternative text."""
    first, mark, rest = caption.partition(". Simulated under")
    bare = "" if re.search(r"interval|% band", caption) else " No interval is drawn."
    data = base64.b64encode(path.read_bytes()).decode("ascii")
    return Picture(data, f"{first}.{bare}" + (f" Simulated under{rest}" if mark else ""), alternative or first)


class Row(NamedTuple):
    """A row of summary.csv as the page shows it."""

    id: str
    line: int  # of the file, whose first line is the head
    cells: tuple[str, ...]


COLUMNS = ("outcome", "scenario", "n", "mean", "ci_low", "ci_high", "difference", "difference_low", "difference_high",
           "relative_difference", "pairs", "verdict")  # columns of summary.csv that the page shows


def rows_held(rows: list[dict], findings: list[Table]) -> tuple[Row, ...]:
    """Rows of summary.csv to which a number of some table belongs, in the order of the file."""
    wanted = {cell.row for table in findings for line in table.rows for cell in line if isinstance(cell, Number)}
    return tuple(Row(html.row_id(f"{row['outcome']}:{row['scenario']}"), line,
                     tuple(rounded(row.get(name, "")) for name in COLUMNS))
                 for line, row in enumerate(rows, start=2) if f"{row['outcome']}:{row['scenario']}" in wanted)


def rounded(text: str) -> str:
    """A cell of a CSV file with six significant digits, if it is a number."""
    try:
        return f"{float(text):.6g}".replace("-", "−")
    except ValueError:
        return text


def assumed() -> dict:
    """Number of parameters by status."""
    entries = list(registry().values())
    rows = tuple((status, str(sum(entry.status == status for entry in entries)), meaning)
                 for status, meaning in STATUSES.items())
    return {"count": len(entries), "table": Table("Parameters by status.", ("status", "parameters", "meaning"), rows)}


def commands(manifest: dict) -> list[str]:
    """Commands that reproduce the numbers."""
    checkout = [f"git checkout {manifest['commit']}"] if manifest["commit"] else []
    return [*checkout, "python -m pip install -e .", manifest["command"]]


def reproduce(manifest: dict, files: list[str]) -> list[tuple[str, str]]:
    """Version, commit, hashes, seeds, libraries and files."""
    commit = manifest["commit"] or "unknown (not run from a checkout)"
    if manifest["dirty"]:
        commit += ", with uncommitted changes: it gives these numbers only if the code of the model has the hash below"
    return [("Version", f"{manifest['package']} {manifest['version']}"), ("Commit", commit),
            ("Code of the model", f"`{manifest['model']}` (hash of the code that decides results)"),
            ("Configuration", f"`{manifest['configuration_hash']}` (hash)"),
            ("Seed", ", ".join(map(str, manifest["seeds"]))),
            ("Python", f"{manifest['python']}, {manifest['platform']}"),
            ("Libraries", ", ".join(f"{name} {version}" for name, version in manifest["libraries"].items())),
            ("Loops", manifest.get("loops", "numpy")),
            ("Files", ", ".join(f"`{name}`" for name in files))]
