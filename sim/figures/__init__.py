"""Figures of a results folder.  They read its tables and nothing else; `draw_all` makes every one."""

import re
from pathlib import Path

from sim.registry import LABEL
from sim.registry.files import write_text
from sim.registry.interrupts import shielded


def modules() -> tuple:
    """The modules of the standard figures in order; each has `NAME`, `draw(tables)` and `caption(tables)`."""
    from sim.figures import differences, harm, money, people, series, turf

    return series, differences, turf, money, harm, people


def draw_all(folder: Path) -> list[Path]:
    """Draw every figure the folder's tables allow (PDF and PNG) and `captions.md`; returns the files."""
    from sim.figures.data import Tables
    from sim.figures.style import in_style, save

    tables = Tables(Path(folder))
    target = Path(folder) / "figures"
    target.mkdir(exist_ok=True)
    files, captions = [], ["# Captions", ""]
    for number, module in enumerate(modules(), start=1):
        name = f"{number}_{module.NAME}"
        with shielded(), in_style():
            figure = module.draw(tables)
            if figure is None:
                continue
            files += save(figure, target / name)
        captions += [f"**{name}.** {module.caption(tables)} {tables.note()}", ""]
    write_text(target / "captions.md", "\n".join(captions))
    return files


def write_figures(drawn: dict, folder: Path) -> None:
    """Save figures {name: (function that draws one, caption)} and add their captions to the folder's `figures`."""
    from sim.figures.style import in_style, save

    target = Path(folder) / "figures"
    target.mkdir(exist_ok=True)
    captions = {name: text for name, text in captions_in(target).items() if name not in drawn}
    for name, (draw, caption) in drawn.items():
        with shielded(), in_style():
            save(draw(), target / name)
        captions[name] = f"{caption} {LABEL}"
    paragraphs = [f"**{name}.** {text}\n" for name, text in captions.items()]
    write_text(target / "captions.md", "\n".join(["# Captions\n", *paragraphs]))


def captions_in(figures: Path) -> dict[str, str]:
    """Captions of the figures in a folder, by name."""
    file = figures / "captions.md"
    return dict(re.findall(r"^\*\*(\w+)\.\*\* (.*)$", file.read_text(encoding="utf-8"), re.M)) if file.exists() else {}
