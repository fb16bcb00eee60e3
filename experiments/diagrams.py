"""Diagrams from the code: one night (`sim/night.py`) as SVG and as a list, and the modules by imports as SVG."""

import ast
import re
import textwrap
from functools import cache
from importlib import import_module
from inspect import getdoc
from pathlib import Path
from typing import NamedTuple
from xml.sax.saxutils import escape

import networkx as nx

from sim.night import ALTERNATIVES

PACKAGE = Path(__file__).parent.parent / "sim"
PALE, LINE, MARK = "#f4f4f1", "#8a8a85", "#dbe7f3"
STYLE = ('<style>text{font-family:Helvetica,Arial,"DejaVu Sans",sans-serif;font-size:13px;fill:#1b1b1b}'
         '.t{font-weight:600}.s{font-size:11.5px;fill:#4a4a46}.m{font-family:Menlo,Consolas,"DejaVu Sans Mono",'
         'monospace;font-size:12px}</style>')
CHAR, ROW = 7.4, 26  # width of a monospaced character and height of a line, px


def svg(width: float, height: float, parts: list[str], title: str) -> str:
    """An SVG document with a white background, which is legible on any page."""
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" role="img" '
        f'width="{width:.0f}" height="{height:.0f}">', f"<title>{escape(title)}</title>", STYLE,
        f'<rect width="{width:.0f}" height="{height:.0f}" fill="white"/>', *parts, "</svg>"]) + "\n"


def text(x: float, y: float, words: str, style: str = "", anchor: str = "start") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" class="{style}" text-anchor="{anchor}">{escape(words)}</text>'


def box(x: float, y: float, width: float, height: float, fill: str = PALE) -> str:
    return (f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" rx="4" fill="{fill}" '
            f'stroke="{LINE}"/>')


# one night ---------------------------------------------------------------------------------------------------------
def stages() -> list[tuple[str, bool, list[tuple[str, bool]]]]:
    """Blocks of `one_night` as (comment, whether only on nights of review, calls as (name, replaceable))."""
    source = (PACKAGE / "night.py").read_text(encoding="utf-8")
    lines = source.splitlines()
    night = next(node for node in ast.parse(source).body
                 if isinstance(node, ast.FunctionDef) and node.name == "one_night")
    blocks = []
    for statement in night.body[1:]:
        comment = lines[statement.lineno - 2].strip()
        if comment.startswith("# "):
            blocks.append((comment[2:], isinstance(statement, ast.If), []))
        if blocks:
            blocks[-1][2].extend(calls(statement))
    return blocks


def calls(statement) -> list[tuple[str, bool]]:
    """Calls of rules (`rules.x…`) and of functions of rule modules, in the order of the source."""
    named = []
    for node in ast.walk(statement):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            name = ast.unparse(node.func)
            head = name.split(".")[0] if "(" not in name else ""
            if ("(" not in name and name.startswith("rules.")) or (PACKAGE / "rules" / f"{head}.py").exists():
                named.append((node.lineno, node.col_offset, name.removeprefix("rules."), name.startswith("rules.")))
    return [(name, replaceable) for _, _, name, replaceable in sorted(named)]


def called(name: str, replaceable: bool):
    """The function that `one_night` calls by this name, of the default alternative if there are several."""
    first, _, second = name.partition(".")
    if not replaceable:
        return getattr(import_module(f"sim.rules.{first}"), second)
    default = next(iter(ALTERNATIVES[first].values()))
    return getattr(default, second) if second else default


def schedule() -> list[str]:
    """Lines of Markdown: the calls of one night in their order, each with the first sentence of its docstring."""
    lines = []
    for number, (comment, on_review, named) in enumerate(stages(), 1):
        lines.append(f"{number}. {comment[0].upper()}{comment[1:]}{' (on nights of review)' if on_review else ''}:")
        for name, replaceable in named:
            words = " ".join(getdoc(called(name, replaceable)).split("\n\n")[0].split())
            sentence = words if words.endswith(".") else f"{words}."
            lines.append(f"   - `{'rules.' if replaceable else ''}{name}`: {sentence}")
    return lines


def night() -> str:
    """The text of docs/figures/night.svg."""
    width, y, parts = 760.0, 44.0, [text(16, 26, "dusk", "t"), text(744, 26, "blue: an alternative can be chosen "
                                                                 "(rules.…)   white: fixed", "s", "end")]
    for comment, weekly, named in stages():
        rows, x, chips, cy = 1, 30.0, [], y + 34
        for name, replaceable in named:
            wide = len(name) * CHAR + 18
            if x + wide > width - 30:
                x, cy, rows = 30.0, cy + ROW + 6, rows + 1
            chips += [box(x, cy, wide, ROW, MARK if replaceable else "white"), text(x + 9, cy + 17, name, "m")]
            x += wide + 8
        height = 44 + rows * (ROW + 6)
        parts += [box(16, y, width - 32, height), text(30, y + 22, comment, "t")]
        if weekly:
            parts.append(text(width - 30, y + 22, "every review night", "s", "end"))
        parts += chips
        y += height + 10
    dawn = "dawn: invariants are checked, the night is recorded, people who crossed, left or died are removed"
    parts.append(text(16, y + 14, dawn, "t"))
    return svg(width, y + 30, parts, "One night, in the order of sim/night.py")


# modules -----------------------------------------------------------------------------------------------------------
class Room(NamedTuple):
    """A part of the package: a folder of modules, or a single module directly in `sim/`."""

    name: str
    files: int  # modules in the folder; 0 for a flat module
    sentence: str  # first sentence of the docstring


@cache
def rooms() -> dict[str, Room]:
    """All parts of the package by name."""
    by_name = {}
    for path in sorted(PACKAGE.iterdir()):
        source = path / "__init__.py" if path.is_dir() else path
        if path.name.startswith("_") or source.suffix != ".py" or not source.exists():
            continue
        paragraph = (ast.get_docstring(ast.parse(source.read_text(encoding="utf-8"))) or "").split("\n\n")[0]
        sentence = re.split(r"[.;](?:\s|$)", " ".join(paragraph.split()))[0]
        files = len([p for p in path.rglob("*.py") if p.stem != "__init__"]) if path.is_dir() else 0
        by_name[path.stem] = Room(path.stem, files, sentence)
    return by_name


@cache
def dependencies() -> dict[str, frozenset[str]]:
    """The parts that each part imports, at the head of a file or within a function."""
    imported = {name: set() for name in rooms()}
    for path in sorted(PACKAGE.rglob("*.py")):
        part = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if part in imported else ():
            if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "sim":
                names = [node.module.split(".")[1]] if "." in node.module else [name.name for name in node.names]
            elif isinstance(node, ast.Import):
                names = [name.name.split(".")[1] for name in node.names if name.name.startswith("sim.")]
            else:
                continue
            imported[part] |= {name for name in names if name != part and name in imported}
    return {part: frozenset(names) for part, names in imported.items()}


def levels() -> list[list[str]]:
    """Parts by level, the lowest first; each part imports only from levels below its own."""
    graph = nx.DiGraph((below, part) for part, names in dependencies().items() for below in names)
    graph.add_nodes_from(dependencies())
    whole = nx.condensation(graph)
    return [sorted(name for k in row for name in whole.nodes[k]["members"])
            for row in nx.topological_generations(whole)]


def chip(room: Room, x: float, y: float, width: float, height: float, lines: list[str]) -> list[str]:
    """A part as a box with its name, the number of its modules and its sentence."""
    name, number = (f"{room.name}/", str(room.files)) if room.files else (f"{room.name}.py", "")
    return [box(x, y, width, height, MARK if room.files else "white"), text(x + 12, y + 20, name, "m t"),
            text(x + width - 12, y + 20, number, "s", "end"),
            *(text(x + 12, y + 36 + 14 * k, line, "s") for k, line in enumerate(lines))]


def modules() -> str:
    """The text of docs/figures/modules.svg: the parts of the package in levels, the lowest at the bottom."""
    width, gap, y = 760.0, 10.0, 40.0
    parts = [text(16, 24, "The package sim: what stands in a row imports only from rows below it", "t")]
    for row in reversed(levels()):
        wide = (width - 32 - gap * (len(row) - 1)) / len(row)
        wrapped = [textwrap.wrap(rooms()[name].sentence, int((wide - 24) / 6.3), max_lines=3, placeholder=" …")
                for name in row]
        height = 30 + 14 * max(map(len, wrapped))
        for k, (name, lines) in enumerate(zip(row, wrapped)):
            parts += chip(rooms()[name], 16 + k * (wide + gap), y, wide, height, lines)
        y += height + gap
    parts.append(text(16, y + 12, "Blue: a folder, with the number of its modules. White: one module.", "s"))
    return svg(width, y + 24, parts, "Rooms and modules of sim/ by imports")
