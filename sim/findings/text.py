"""Numbers, settings and names of outcomes as text."""

import math
import re
import textwrap

from sim.registry.outcomes import PER_10K, outcomes

MARKS = re.compile(r"(`|\*\*|\*)(?=\S)(.+?)(?<=\S)\1")  # Markdown: code, strong, emphasis
NOTE = "95 % intervals of chance in the simulation alone, under stated assumptions."


def number(value, digits, signed=False, beside=0.0) -> str:
    """A number as text, with spaces between thousands and `M` for millions; an empty or infinite value is a dash.

    digits: decimal places; signed: whether a plus sign is written; beside: a number next to it in the same cell, whose
    unit of millions it shares.
    """
    if value == "" or not math.isfinite(value):
        return "–"
    sign = "+" if signed else ""
    if max(abs(value), abs(beside)) >= 1e6:
        return f"{value / 1e6:{sign}.1f} M"
    return f"{value:{sign},.{digits}f}".replace(",", " ")


def unmarked(text: str) -> str:
    """A text without Markdown, for a terminal."""
    return unmarked(MARKS.sub(r"\2", text)) if MARKS.search(text) else text


def brief(value: float, signed: bool = False) -> str:
    """A number as text with three significant digits or all of its whole digits, for sentences."""
    sign = "+" if signed else ""
    return number(value, 0, signed) if abs(value) >= 100 else f"{value:{sign}.3g}"


def of_setting(value) -> str:
    """The value of a parameter as text; of a list of records, only their number."""
    if isinstance(value, (list, tuple)) and value and isinstance(value[0], dict):
        return f"{len(value)} records"
    if isinstance(value, (list, tuple)):
        return ", ".join(of_setting(each) for each in value)
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    return f"{value:g}" if isinstance(value, (int, float)) else str(value)


def short(name) -> str:
    """A short name of an outcome, from its label, for use in a sentence."""
    label = outcomes()[name].label
    return (label.split(" per ")[0].split(" of the ")[0].split(",")[0]).lower()


def title(name) -> str:
    """The label of an outcome, with its unit unless the label names it."""
    entry = outcomes()[name]
    unit = f" [{entry.unit}]" if entry.unit and entry.unit.split(" ")[0].lower() not in entry.label.lower() else ""
    return entry.label + unit


def level_text(mean, half, digits) -> str:
    """Mean ± half-width; the mean alone if the half-width is not finite."""
    return number(mean, digits) + (f" ± {number(half, digits, beside=mean)}" if math.isfinite(half) else "")


def table(head: list[str], body: list[list[str]], widest: int = 200) -> str:
    """A table in aligned columns, the first to the left and the others to the right.

    Names of columns with more than `widest` characters are wrapped.
    """
    body = [[cell.replace("\n", " ") for cell in line] for line in body]  # a row is one line
    wrapped = [textwrap.wrap(cell, widest) or [""] for cell in head]
    depth = max(map(len, wrapped))
    heads = [[(cell[k] if k < len(cell) else "") for cell in wrapped] for k in range(depth)]
    widths = [max(len(line[k]) for line in [*heads, *body]) for k in range(len(head))]
    lines = ["  ".join([line[0].ljust(widths[0]), *(cell.rjust(w) for cell, w in zip(line[1:], widths[1:]))])
             for line in [*heads, *body]]
    return "\n".join(line.rstrip() for line in [*lines[:depth], "─" * len(lines[0]), *lines[depth:]])


def named(name: str) -> tuple[str, str, int]:
    """Label, unit and decimal places of an outcome as shown."""
    if name in PER_10K:
        return (*PER_10K[name][:2], 0)
    entry = outcomes()[name]
    return entry.label, entry.unit, entry.digits


def heading(name: str) -> str:
    """The label of an outcome as shown, with its unit unless the label names it."""
    label, unit, _ = named(name)
    return label if names_unit(label, unit) else f"{label} [{unit}]"


def names_unit(label: str, unit: str) -> bool:
    """Whether a label already names its unit."""
    return unit.split(" ")[0] in label.lower() or " / 10 000" in unit


def of_axis(name: str, unit_is: float = 1.0, width: int = 24) -> str:
    """The label of an axis with its unit, in lines of `width` characters; `unit_is` is 1e6 for values in millions."""
    label, unit, _ = named(name)
    if unit_is > 1:
        unit = f"M {unit}"
    elif names_unit(label, unit):
        unit = ""
    whole = f" ({unit})".replace(" ", "\u00a0").replace("\u00a0", " ", 1) if unit else ""
    return "\n".join(textwrap.wrap(label + whole, width))
