"""Figures of a results folder.  They read its tables and nothing else; `draw_all` makes every one."""

import re
from functools import partial
from pathlib import Path

from sim.findings import Figure
from sim.registry import LABEL
from sim.registry.files import write_text
from sim.registry.interrupts import shielded


def modules() -> tuple:
    """The modules of the standard figures in order.

    Each has `NAME` and functions of the tables: `possible`, `draw`, `caption`, `basis` and `alternative`.
    """
    from sim.figures import differences, harm, money, people, series, turf

    return series, differences, turf, money, harm, people


def draw_all(folder: Path) -> list[Path]:
    """Draw every figure the folder's tables allow (PDF and PNG) and `captions.md`; returns the files."""
    from sim.figures.data import Tables

    tables = Tables(Path(folder))
    drawn = {f"{number}_{module.NAME}": Figure(partial(module.draw, tables), module.caption(tables),
                                               module.basis(tables), module.alternative(tables))
             for number, module in enumerate(modules(), start=1)
             if module.possible(tables)}
    (Path(folder) / "figures" / "captions.md").unlink(missing_ok=True)
    write_figures(drawn, folder)
    return [Path(folder) / "figures" / f"{name}.{kind}" for name in drawn for kind in ("pdf", "png")]


def write_figures(drawn: dict[str, Figure], folder: Path) -> None:
    """Save figures by name, and add their captions and alternative texts to captions.md of the folder's `figures`."""
    from sim.figures.style import footed, in_style, save

    target = Path(folder) / "figures"
    target.mkdir(exist_ok=True)
    captions = {name: text for name, text in captions_in(target).items() if name not in drawn}
    alternatives = alternatives_in(target)
    for name, figure in drawn.items():
        with shielded(), in_style():
            picture = figure.draw()
            save(footed(picture, figure.basis) if figure.basis else picture, target / name, figure.alternative)
        captions[name] = f"{figure.caption} {LABEL}"
        alternatives[name] = figure.alternative
    paragraphs = [f"**{name}.** {text}\n" + (f"\n*Alternative text of {name}:* {alternatives[name]}\n"
                                             if alternatives.get(name) else "") for name, text in captions.items()]
    write_text(target / "captions.md", "\n".join(["# Captions\n", *paragraphs]))


def captions_in(figures: Path) -> dict[str, str]:
    """Captions of the figures in a folder, by name."""
    return found_in(figures, r"^\*\*(\w+)\.\*\* (.*)$")


def alternatives_in(figures: Path) -> dict[str, str]:
    """Alternative texts of the figures in a folder, by name."""
    return found_in(figures, r"^\*Alternative text of (\w+):\* (.*)$")


def found_in(figures: Path, pattern: str) -> dict[str, str]:
    """Names and texts that a pattern finds in captions.md of a folder of figures; none without the file."""
    file = figures / "captions.md"
    return dict(re.findall(pattern, file.read_text(encoding="utf-8"), re.M)) if file.exists() else {}
