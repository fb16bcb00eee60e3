"""The page of a report: the filled template, and the sections that both kinds of report share."""

import base64
import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

import jinja2

from sim.figures import captions_in
from sim.findings import Table, html
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
    values = {"missing": "", "opening": Part(), "worth": Part()} | content
    page = template().render(label=LABEL, assumed=assumed(), figures=figures(folder), **values)
    write_text(folder / NAME, page)
    return folder / NAME


def figures(folder: Path) -> list[Picture]:
    """Every figure of the folder with its caption."""
    place = folder / "figures"
    return [picture(place / f"{name}.png", caption) for name, caption in captions_in(place).items()
            if (place / f"{name}.png").exists()]


def picture(path: Path, caption: str) -> Picture:
    """A figure with its caption, which states if no interval is drawn."""
    first, mark, rest = caption.partition(". Simulated under")
    bare = "" if re.search(r"interval|% band", caption) else " No interval is drawn."
    data = base64.b64encode(path.read_bytes()).decode("ascii")
    return Picture(data, f"{first}.{bare}" + (f" Simulated under{rest}" if mark else ""), first.partition(":")[0])


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
