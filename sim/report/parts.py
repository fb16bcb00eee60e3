"""What both kinds of report share: the frame of the page, sections, figures, numbers as people read them."""

import math
import re
from pathlib import Path
from string import Template

from sim.findings.text import number
from sim.report.html import Html, el, join, picture

NAME = "report.html"
ASKS = ("The model asks what centralised control, compared with fragmented competition, does to prices, crossings, "
        "violence, extortion, corruption and the people who cross, and through which lever. No rule knows the word.")


def template() -> Template:
    return Template((Path(__file__).parent.parent / "registry" / "report.html").read_text(encoding="utf-8"))


def section(name, *content) -> Html:
    return el("section", el("h2", name), *content)


def figures(source) -> Html:
    """Every figure of the folder with its caption."""
    file = source.folder / "figures" / "captions.md"
    if not file.exists():
        return Html("")
    found = re.findall(r"^\*\*(\w+)\.\*\* (.*)$", file.read_text(encoding="utf-8"), flags=re.M)
    shown = []
    for count, (name, caption) in enumerate(found, start=1):
        path = file.parent / f"{name}.png"
        if path.exists():
            bare = "" if re.search(r"interval|% band", caption) else " No interval is drawn."
            first, _, rest = caption.partition(". Simulated under")
            said = join(el("b", f"Figure {count}. "), f"{first}.{bare}", f" Simulated under{rest}" if rest else "")
            shown.append(picture(path, said, first.partition(":")[0]))
    return section("Figures", *shown) if shown else Html("")


def percent(share, digits=0) -> str:
    """A share as a signed percentage."""
    if not math.isfinite(share):
        return "–"
    return together(f"{100 * share:+.{digits}f} %".replace("-", "−"))


def together(words_said: str) -> str:
    """The same with spaces within numbers that no line is broken at."""
    return re.sub(r"(?<=\d) (?=[\d%])", "\u00a0", words_said)


def span(low, high, digits, beside=0.0, signed=True) -> str:
    """Two ends of an interval in brackets; nothing where there is none."""
    if low == "" or math.isnan(low):
        return ""
    if math.isinf(low):
        return " (no bounds)"
    return f" ({number(low, digits, signed, beside)} to {number(high, digits, signed, beside)})"
