"""Imports run one way and in no circle, rules are blind to each other and to centralisation, ids are neutral."""

import ast
import shutil
from pathlib import Path

import pytest
import yaml
from imports import MOST_FLAT, Tree, connected, layer

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "sim"
TREE = Tree(ROOT)
FILES = list(TREE.files.values())


def imports(path):
    """Modules a file imports anywhere."""
    return [found.target for found in TREE.of(TREE.name_of(path), path)]


def code(path):
    """A file's text without docstrings and comments."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, ast.FunctionDef, ast.ClassDef)) and ast.get_docstring(node) is not None:
            node.body[0].value.value = ""
    return ast.unparse(tree)


# layers and circles, imports inside functions included ---------------------------------------------------------------
def test_every_module_lies_in_a_layer_and_imports_no_higher_one():
    assert all(layer(name) is not None for name in TREE.files if name != "sim")
    assert not TREE.upward()


def test_no_module_reaches_itself():
    assert not TREE.circles()


def test_only_what_is_heavy_is_imported_inside_a_function():
    assert not TREE.needless()


def test_the_package_imports_nothing_that_is_not_shipped():
    beside = ("experiments", "benchmarks", "tests", "conftest")
    assert not [str(found) for found in TREE.imports if found.target.split(".")[0] in beside]


def test_few_modules_lie_beside_the_rooms():
    assert len(TREE.flat()) <= MOST_FLAT


@pytest.fixture
def altered(tmp_path):
    """Copies the tree, with a line added to one file (inside a function or not); returns the copy's `Tree`."""
    def altered(file, line, deferred):
        shutil.copytree(PACKAGE, tmp_path / "sim", ignore=shutil.ignore_patterns("__pycache__"))
        with open(tmp_path / "sim" / file, "a", encoding="utf-8") as opened:
            opened.write(f"\n\ndef late():\n    {line}\n" if deferred else f"\n{line}\n")
        return Tree(tmp_path)

    return altered


@pytest.mark.parametrize("deferred", [False, True])
@pytest.mark.parametrize("file, line, said", [
    ("rules/price.py", "from sim.runs.plan import make_plan", "sim.rules.price:{n} imports sim.runs.plan"),
    ("registry/files.py", "import sim.world.draws", "sim.registry.files:{n} imports sim.world.draws"),
    ("night.py", "from sim import runs", "sim.night:{n} imports sim.runs"),
    ("statistics/paired.py", "from ..figures import style", "sim.statistics.paired:{n} imports sim.figures.style"),
])
def test_a_stray_import_is_found(altered, file, line, said, deferred):
    tree = altered(file, line, deferred)
    number = len(tree.files[tree.name_of(tree.package / file)].read_text(encoding="utf-8").splitlines())
    expected = said.format(n=number) + (" inside a function" if deferred else "")
    assert set(tree.upward()) - set(TREE.upward()) == {expected}


@pytest.mark.parametrize("deferred", [False, True])
def test_a_circle_is_found(altered, deferred):
    tree = altered("world/draws.py", "from sim.world.calendar import Calendar; from sim.world import opening", deferred)
    new = [circle for circle in tree.circles() if circle not in TREE.circles()]
    assert len(new) == 1 and {"sim.world.draws", "sim.world.opening"} <= set(new[0])


def test_a_needless_import_inside_a_function_is_found_and_a_heavy_one_is_none(altered):
    tree = altered("world/draws.py", "from sim.registry import claims; from sim import market", True)
    new = set(tree.needless()) - set(TREE.needless())
    assert [line.split(" imports ")[1] for line in new] == ["sim.registry.claims inside a function"]


def test_connected_sets_of_a_small_graph():
    edges = {"a": {"b"}, "b": {"c"}, "c": {"a", "d"}, "d": {"e"}, "e": {"d"}, "f": {"a"}}
    assert sorted(map(sorted, connected(edges))) == [["a", "b", "c"], ["d", "e"], ["f"]]


# what is blind to what -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("path", sorted((PACKAGE / "rules").rglob("*.py")), ids=lambda p: p.stem)
def test_a_rule_knows_no_other_rule_and_no_scenario(path):
    found = set(imports(path))
    own = TREE.name_of(path).split(".")[2:3]  # a rule may be a package of several modules
    assert not {m for m in found if m.startswith("sim.rules") and m.split(".")[2:3] != own}
    foreign = ("hydra", "omegaconf", "matplotlib", "mesa", "pyarrow", "random")
    assert not {m for m in found if m.split(".")[0] in foreign}
    text = code(path).lower()
    for word in ("centralis", "scenario", "fragmented", "dossier", "status_quo", "np.random", "levers.joint",
                 "organisation.control"):
        assert word not in text, word


def test_heavy_libraries_stay_where_they_belong():
    where = {"hydra": ("sim.command", "sim.__main__", "sim.registry.configuration", "sim.registry.overrides",
                       "sim.runs.plan"),
             "mesa": ("sim.market", "sim.world.columns", "sim.interface"), "matplotlib": ("sim.figures",)}
    for found in TREE.imports:
        places = where.get(found.target.split(".")[0])
        drawn = found.target.startswith("matplotlib") and found.source.endswith(".figures")  # a study's own figures
        assert places is None or drawn or f"{found.source}.".startswith(tuple(f"{p}." for p in places)), str(found)


def test_nothing_uses_a_global_generator():
    for path in FILES:
        if path.name == "rule_watch.py":  # it looks at the global generators, to see that nobody used them
            continue
        assert "np.random" not in code(path) and "import random" not in code(path)


def test_names_of_organisations_stand_in_the_fact_ledger_only():
    rows = yaml.safe_load((PACKAGE / "registry" / "claims.yaml").read_text(encoding="utf-8"))
    proper = {name.lower() for row in rows for name in row.get("names", [])}
    assert proper
    checked = [*FILES, *(PACKAGE.parent / "configs").rglob("*.yaml"), PACKAGE / "registry" / "parameters.yaml"]
    for path in checked:
        text = path.read_text(encoding="utf-8").lower()
        found = {name for name in proper if len(name) > 3 and name in text}
        assert not found, f"{path.name}: {found}"


def test_the_model_does_not_know_how_it_is_observed():
    model = [*(PACKAGE / "rules").rglob("*.py"), *(PACKAGE / "world").glob("*.py"), PACKAGE / "night.py",
             PACKAGE / "market.py", PACKAGE / "record.py"]
    assert not [path.name for path in model if "sim.observation" in imports(path)]
