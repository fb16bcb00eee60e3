"""What the modules of a package import, read from their syntax: layers, circles, imports inside functions.

    python tests/laws/imports.py [FOLDER]     counts of a tree with a folder `sim` (default: this one)

An edge leads from a module to every module of the package that a statement of it names, wherever the statement stands.
`from sim.verify import force` leads to `sim.verify.force` where that is a module, else to `sim.verify`.
"""

import ast
import sys
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

LAYERS = (  # each imports only from those before it, and from itself
    ("sim.registry",),
    ("sim.world",),
    ("sim.rules",),
    ("sim.night", "sim.market", "sim.record", "sim.checkpoint", "sim.observation", "sim.identity"),
    ("sim.statistics",),
    ("sim.findings",),
    ("sim.figures",),
    ("sim.runs",),
    ("sim.studies",),
    ("sim.report",),
    ("sim.verify", "sim.view", "sim.interface"),
    ("sim.command",),
    ("sim.__main__",),
)
FREE = ("sim", "sim.__main__")  # may import anything inside a function: both must stay quick to start
HEAVY = ("matplotlib", "mesa", "hydra", "sbi", "torch", "numba", "pyarrow", "pandas", "statsmodels", "scipy", "sklearn",
         "SALib")  # libraries that are slow to load: a module that loads one may be imported inside a function
MOST_FLAT = 10  # modules beside the folders of `sim/`


class Import(NamedTuple):
    """One statement's way from a module to another, or to another package's."""

    source: str
    target: str
    deferred: bool  # inside a function
    line: int

    def __str__(self) -> str:
        return f"{self.source}:{self.line} imports {self.target}" + (" inside a function" if self.deferred else "")


class Tree:
    """The modules of the folder `sim` in `root`, and their imports."""

    def __init__(self, root: Path):
        self.package = Path(root) / "sim"
        self.files = {self.name_of(path): path for path in sorted(self.package.rglob("*.py"))}

    def name_of(self, path: Path) -> str:
        """`sim.world.draws` for sim/world/draws.py, `sim.world` for sim/world/__init__.py."""
        parts = path.relative_to(self.package.parent).with_suffix("").parts
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    @cached_property
    def imports(self) -> list[Import]:
        """Every import, of modules of the package (whole names) and of other packages."""
        return [found for name, path in self.files.items() for found in self.of(name, path)]

    def of(self, name: str, path: Path) -> list[Import]:
        """The imports of one file."""
        found = []

        def visit(node, deferred):
            deferred = deferred or isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda))
            for target in self.targets(name, path, node):
                found.append(Import(name, target, deferred, node.lineno))
            for child in ast.iter_child_nodes(node):
                visit(child, deferred)

        visit(ast.parse(path.read_text(encoding="utf-8")), False)
        return list(dict.fromkeys(found))

    def targets(self, name: str, path: Path, node) -> list[str]:
        """Modules that a statement names."""
        if isinstance(node, ast.Import):
            return [alias.name for alias in node.names]
        if not isinstance(node, ast.ImportFrom):
            return []
        base = node.module or ""
        if node.level:  # relative
            parts = name.split(".") if path.name == "__init__.py" else name.split(".")[:-1]
            base = ".".join([*parts[:len(parts) - node.level + 1], *filter(None, [base])])
        return [f"{base}.{alias.name}" if f"{base}.{alias.name}" in self.files else base for alias in node.names]

    @cached_property
    def own(self) -> list[Import]:
        """Imports of modules of the package."""
        return [each for each in self.imports if each.target in self.files and each.target != each.source]

    # laws ----------------------------------------------------------------------------------------------------------
    def upward(self) -> list[str]:
        """Imports of a higher layer, and of or from modules that lie in none."""
        found = []
        for each in self.own:
            if "sim" in (each.source, each.target):  # holds the version; what it gives it imports when asked
                continue
            low, high = layer(each.source), layer(each.target)
            if low is None or high is None or high > low:
                found.append(str(each))
        return found

    def circles(self) -> list[list[str]]:
        """Sets of modules each of which reaches all others of its set."""
        edges: dict[str, set] = {name: set() for name in self.files}
        for each in self.own:
            edges[each.source].add(each.target)
        return [sorted(group) for group in connected(edges) if len(group) > 1]

    def deferred(self) -> list[Import]:
        """Imports of own modules inside functions, a line each."""
        return [each for each in self.own if each.deferred]

    def needless(self) -> list[str]:
        """Deferred imports of own modules that load no heavy library which the importing module does without."""
        return [str(each) for each in self.deferred() if each.source not in FREE
                and not self.heavy[each.target] - self.heavy[each.source]]

    @cached_property
    def heavy(self) -> dict[str, set[str]]:
        """Heavy libraries that importing a module loads, directly or through other modules."""
        at_once: dict[str, set] = {name: set() for name in self.files}
        loaded: dict[str, set] = {name: set() for name in self.files}
        for each in self.imports:
            if not each.deferred:
                library = each.target.split(".")[0]
                if library in HEAVY:
                    loaded[each.source].add(library)
                for name in (each.target, *parents(each.target)):
                    if name in self.files and name != "sim":
                        at_once[each.source].add(name)
        changed = True
        while changed:
            changed = False
            for name, others in at_once.items():
                more = set().union(*(loaded[other] for other in others)) - loaded[name]
                loaded[name] |= more
                changed |= bool(more)
        return loaded

    def flat(self) -> list[str]:
        """Modules that lie beside the folders of `sim/`."""
        return [path.name for path in sorted(self.package.glob("*.py"))]

    def __str__(self) -> str:
        circles, deferred = self.circles(), self.deferred()
        lines = sum(len(path.read_text(encoding="utf-8").splitlines()) for path in self.files.values())
        return "\n".join([
            f"files                                {len(self.files)}", f"lines                                {lines}",
            f"flat modules (with __init__)         {len(self.flat())}",
            f"circles, modules in them             {len(circles)}, {sum(map(len, circles))}",
            f"imports of own modules in functions  {len({(e.source, e.line) for e in deferred})} statements, "
            f"{len(deferred)} ways; {len(self.needless())} spare no heavy library",
            f"imports of a higher layer            {len(self.upward())}"])


def parents(name: str) -> list[str]:
    """Packages that a module lies in."""
    parts = name.split(".")
    return [".".join(parts[:end]) for end in range(1, len(parts))]


def layer(name: str) -> int | None:
    """Number of the layer that a module lies in; None for one that lies nowhere."""
    for number, rooms in enumerate(LAYERS):
        if any(f"{name}.".startswith(f"{room}.") for room in rooms):
            return number
    return None


def connected(edges: dict[str, set]) -> list[list[str]]:
    """Strongly connected sets of a graph (Tarjan 1972)."""
    number, low, stack, found = {}, {}, [], []

    def visit(name):
        number[name] = low[name] = len(number)
        stack.append(name)
        for other in edges[name]:
            if other not in number:
                visit(other)
                low[name] = min(low[name], low[other])
            elif other in stack:
                low[name] = min(low[name], number[other])
        if low[name] == number[name]:
            cut = stack.index(name)
            found.append(stack[cut:])
            del stack[cut:]

    for name in edges:
        if name not in number:
            visit(name)
    return found


def main() -> None:
    """Print the counts, and what breaks the laws."""
    tree = Tree(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[2])
    print(tree)
    if "-v" in sys.argv:
        for title, lines in (("circles", map(" ".join, tree.circles())), ("of a higher layer", tree.upward()),
                             ("needless in functions", tree.needless())):
            print(f"\n{title}", *lines, sep="\n  ")


if __name__ == "__main__":
    main()
