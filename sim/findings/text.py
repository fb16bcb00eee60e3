"""Numbers, outcomes and their units as people read them."""

import math
import re
import textwrap

from sim.registry.outcomes import PER_10K, outcomes

MARKS = re.compile(r"(`|\*\*|\*)(?=\S)(.+?)(?<=\S)\1")  # Markdown: code, strong, emphasis
NOTE = "95 % intervals of chance in the simulation alone, under stated assumptions."


def number(value, digits, signed=False, beside=0.0) -> str:
    """A number as people read it: thousands apart, millions as M, also where it stands `beside` millions."""
    if value == "" or not math.isfinite(value):
        return "–"
    sign = "+" if signed else ""
    if max(abs(value), abs(beside)) >= 1e6:
        return f"{value / 1e6:{sign}.1f} M"
    return f"{value:{sign},.{digits}f}".replace(",", " ")


def unmarked(text: str) -> str:
    """A text without marks of Markdown, for a terminal."""
    return unmarked(MARKS.sub(r"\2", text)) if MARKS.search(text) else text


def of_setting(value) -> str:
    """A parameter's value; records are counted."""
    if isinstance(value, (list, tuple)) and value and isinstance(value[0], dict):
        return f"{len(value)} records"
    if isinstance(value, (list, tuple)):
        return ", ".join(of_setting(each) for each in value)
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    return f"{value:g}" if isinstance(value, (int, float)) else str(value)


def short(name) -> str:
    """An outcome in a word or three, for a sentence."""
    label = outcomes()[name].label
    return (label.split(" per ")[0].split(" of the ")[0].split(",")[0]).lower()


def title(name) -> str:
    entry = outcomes()[name]
    unit = f" [{entry.unit}]" if entry.unit and entry.unit.split(" ")[0].lower() not in entry.label.lower() else ""
    return entry.label + unit


def level_text(mean, half, digits) -> str:
    """Mean ± half-width, the latter only where there is one."""
    return number(mean, digits) + (f" ± {number(half, digits, beside=mean)}" if math.isfinite(half) else "")


def table(head: list[str], body: list[list[str]], widest: int = 200) -> str:
    """Aligned columns: names to the left, numbers to the right; heads wider than `widest` are wrapped."""
    body = [[cell.replace("\n", " ") for cell in line] for line in body]  # a cell's lines stand side by side
    wrapped = [textwrap.wrap(cell, widest) or [""] for cell in head]
    depth = max(map(len, wrapped))
    heads = [[(cell[k] if k < len(cell) else "") for cell in wrapped] for k in range(depth)]
    widths = [max(len(line[k]) for line in [*heads, *body]) for k in range(len(head))]
    lines = ["  ".join([line[0].ljust(widths[0]), *(cell.rjust(w) for cell, w in zip(line[1:], widths[1:]))])
             for line in [*heads, *body]]
    return "\n".join(line.rstrip() for line in [*lines[:depth], "─" * len(lines[0]), *lines[depth:]])


def named(name: str) -> tuple[str, str, int]:
    """Label, unit and digits shown of an outcome."""
    if name in PER_10K:
        return (*PER_10K[name][:2], 0)
    entry = outcomes()[name]
    return entry.label, entry.unit, entry.digits


def heading(name: str) -> str:
    """Label, with the unit where the label does not say it."""
    label, unit, _ = named(name)
    return label if is_said(label, unit) else f"{label} [{unit}]"


def is_said(label: str, unit: str) -> bool:
    """Whether a label names its unit."""
    return unit.split(" ")[0] in label.lower() or " / 10 000" in unit


def of_axis(name: str, unit_is: float = 1.0, width: int = 24) -> str:
    """Label of an axis with its unit, broken into lines; `unit_is` 1e6 where values are shown in millions."""
    label, unit, _ = named(name)
    if unit_is > 1:
        unit = f"M {unit}"
    elif is_said(label, unit):
        unit = ""
    whole = f" ({unit})".replace(" ", "\u00a0").replace("\u00a0", " ", 1) if unit else ""
    return "\n".join(textwrap.wrap(label + whole, width))
