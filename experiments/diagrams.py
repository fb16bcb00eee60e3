"""What is drawn or listed from the code: one night (from `sim/night.py`) as SVG and as a list, and the modules (from
their imports) as SVG."""

import ast
from functools import cache
from importlib import import_module
from inspect import getdoc
from pathlib import Path
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
    """A whole picture on white, so that it can be read on any page."""
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
    """Blocks of `one_night`: (its comment, whether only on nights of review, calls as (name, replaceable))."""
    source = (PACKAGE / "night.py").read_text(encoding="utf-8")
    lines = source.splitlines()
    night = next(n for n in ast.parse(source).body if isinstance(n, ast.FunctionDef) and n.name == "one_night")
    blocks = []
    for statement in night.body[1:]:
        comment = lines[statement.lineno - 2].strip()
        if comment.startswith("# "):
            blocks.append((comment[2:], isinstance(statement, ast.If), []))
        if blocks:
            blocks[-1][2].extend(calls(statement))
    return blocks


def calls(statement) -> list[tuple[str, bool]]:
    """Calls of rules (`rules.x…`) and of functions of rule modules, in the order in which they are written."""
    found = []
    for node in ast.walk(statement):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            name = ast.unparse(node.func)
            head = name.split(".")[0] if "(" not in name else ""
            if ("(" not in name and name.startswith("rules.")) or (PACKAGE / "rules" / f"{head}.py").exists():
                found.append((node.lineno, node.col_offset, name.removeprefix("rules."), name.startswith("rules.")))
    return [(name, replaceable) for _, _, name, replaceable in sorted(found)]


def called(name: str, replaceable: bool):
    """The function that `one_night` calls by this name, that of the default alternative where there are several."""
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
    """docs/figures/night.svg."""
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
    dawn = "dawn: laws are checked, the night is recorded, people who are across, out or dead leave the table"
    parts.append(text(16, y + 14, dawn, "t"))
    return svg(width, y + 30, parts, "One night, in the order of sim/night.py")


# modules -----------------------------------------------------------------------------------------------------------
@cache
def dependencies() -> dict[str, frozenset[str]]:
    """Imports at the head of files, between the parts of the package: a module, or a folder of modules."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        place = path.relative_to(PACKAGE)
        if place.parts[0] in ("__init__.py", "__main__.py") or place.name == "__main__.py":
            continue
        part = place.parts[0].removesuffix(".py")
        found.setdefault(part, set())
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "sim":
                names = [node.module.split(".")[1]] if "." in node.module else [n.name for n in node.names]
            elif isinstance(node, ast.Import):
                names = [n.name.split(".")[1] for n in node.names if n.name.startswith("sim.")]
            else:
                continue
            found[part] |= {name for name in names if (name != part and (PACKAGE / f"{name}.py").exists())
                            or (name != part and (PACKAGE / name / "__init__.py").exists())}
    return {part: frozenset(names) for part, names in found.items()}


def levels() -> list[list[tuple[str, ...]]]:
    """Parts by depth, the lowest first: each imports, at its head, parts of lower levels, or those of its own tuple."""
    graph = nx.DiGraph((below, part) for part, names in dependencies().items() for below in names)
    graph.add_nodes_from(dependencies())
    whole = nx.condensation(graph)
    return [sorted(tuple(sorted(whole.nodes[k]["members"])) for k in row) for row in nx.topological_generations(whole)]


def modules() -> str:
    """docs/figures/modules.svg."""
    said = "each row imports only from rows below it; boxes that touch import each other"
    width, y, parts = 760.0, 44.0, [text(16, 26, said, "t"),
                                    text(744, 26, "blue: a folder of modules", "s", "end")]
    for row in reversed(levels()):
        x, top, chips = 30.0, y + 8, []
        for part, joined in [(p, p != ring[0]) for ring in row for p in ring]:
            folder = (PACKAGE / part).is_dir()
            count = len([p for p in (PACKAGE / part).glob("*.py") if p.stem[0] != "_"]) if folder else 0
            name = f"{part}/ {count}" if folder else part
            wide = len(name) * CHAR + 18
            x -= 8 * joined
            if x + wide > width - 30:
                x, top = 30.0, top + ROW + 6
            chips += [box(x, top, wide, ROW, MARK if folder else "white"), text(x + 9, top + 17, name, "m")]
            x += wide + 8
        height = top - y + ROW + 8
        parts += [box(16, y, width - 32, height), *chips]
        y += height + 8
    return svg(width, y + 8, parts, "Modules of sim/ by imports")
