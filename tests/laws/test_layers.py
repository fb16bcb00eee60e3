"""Imports run one way, rules are blind to each other and to centralisation, ids are neutral."""

import ast
from pathlib import Path

import pytest
import yaml

PACKAGE = Path(__file__).parents[2] / "sim"
FILES = sorted(PACKAGE.rglob("*.py"))


def imports(path):
    """Modules a file imports anywhere."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
        elif isinstance(node, ast.Import):
            yield from (name.name for name in node.names)


def code(path):
    """A file's text without docstrings and comments."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, ast.FunctionDef, ast.ClassDef)) and ast.get_docstring(node) is not None:
            node.body[0].value.value = ""
    return ast.unparse(tree)


@pytest.mark.parametrize("path", sorted((PACKAGE / "rules").glob("*.py")), ids=lambda p: p.stem)
def test_a_rule_knows_no_other_rule_and_no_scenario(path):
    found = set(imports(path))
    assert not {m for m in found if m.startswith("sim.rules")}
    foreign = ("hydra", "omegaconf", "matplotlib", "mesa", "pyarrow", "random")
    assert not {m for m in found if m.split(".")[0] in foreign}
    text = code(path).lower()
    for word in ("centralis", "scenario", "fragmented", "dossier", "status_quo", "np.random", "levers.joint",
                 "organisation.control"):
        assert word not in text, word


def test_heavy_libraries_stay_where_they_belong():
    where = {"hydra": {"configuration.py", "preflight.py", "__main__.py", "job.py", "plan.py"},
             "mesa": {"market.py", "columns.py"}}
    for path in FILES:
        for module in imports(path):
            library = module.split(".")[0]
            if library in where:
                assert path.name in where[library], f"{path.name} imports {library}"
            if library == "matplotlib":
                assert path.parent.name == "figures"


def test_the_world_knows_no_rules():
    for path in (PACKAGE / "world").glob("*.py"):
        assert not [m for m in imports(path) if m.startswith(("sim.rules", "sim.night", "sim.market", "sim.record"))]


def test_nothing_uses_a_global_generator():
    for path in FILES:
        if path.name == "conformance.py":  # it looks at the global generators, to see that nobody used them
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
    model = [*(PACKAGE / "rules").glob("*.py"), *(PACKAGE / "world").glob("*.py"), PACKAGE / "night.py",
             PACKAGE / "market.py", PACKAGE / "record.py"]
    assert not [path.name for path in model if "sim.observation" in set(imports(path))]
