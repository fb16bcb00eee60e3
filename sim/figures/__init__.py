"""Figures of a results folder.  They read its tables and nothing else; `draw_all` makes every one."""

from pathlib import Path


def draw_all(folder: Path) -> list[Path]:
    """Draw every figure the folder's tables allow (PDF and PNG) and `captions.md`; returns the files."""
    from sim.figures import differences, harm, money, people, series, turf
    from sim.figures.data import Tables
    from sim.figures.style import in_style, save
    from sim.registry.files import write_text

    tables = Tables(Path(folder))
    target = Path(folder) / "figures"
    target.mkdir(exist_ok=True)
    files, captions = [], ["# Captions", ""]
    for number, module in enumerate((series, differences, turf, money, harm, people), start=1):
        name = f"{number}_{module.NAME}"
        with in_style():
            figure = module.draw(tables)
            if figure is None:
                continue
            files += save(figure, target / name)
        captions += [f"**{name}.** {module.caption(tables)} {tables.note()}", ""]
    write_text(target / "captions.md", "\n".join(captions))
    return files


def write_figures(drawn: dict, folder: Path, captions_in: str = "captions.md") -> None:
    """Save figures {name: (function that draws one, caption)} and their captions in the folder's `figures`."""
    from sim.figures.style import in_style, save
    from sim.registry import LABEL
    from sim.registry.files import write_text

    target = Path(folder) / "figures"
    target.mkdir(exist_ok=True)
    captions = ["# Captions", ""]
    for name, (draw, caption) in drawn.items():
        with in_style():
            save(draw(), target / name)
        captions += [f"**{name}.** {caption} {LABEL}", ""]
    write_text(target / captions_in, "\n".join(captions))
