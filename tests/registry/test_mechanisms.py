"""Every mechanism has an equation, code, keys, facts and tests, and all of them exist."""

import ast
from pathlib import Path

import pytest

from experiments.registries import mechanisms
from sim.night import ALTERNATIVES
from sim.observation import SERIES
from sim.registry.claims import load
from sim.registry.parameters import registry
from sim.verify import limits

ROOT = Path(__file__).parents[2]
MECHANISMS = {m["id"]: m for m in mechanisms()}


def test_all_are_there():
    assert list(MECHANISMS) == [f"M{k}" for k in range(1, 24)]


@pytest.mark.parametrize("m", MECHANISMS.values(), ids=MECHANISMS)
def test_a_mechanism_lacks_nothing(m):
    assert m["does"] and m["equation"]
    assert m["code"] and m["keys"] and m["facts"] and m["tests"]
    for place in m["code"]:
        file, name = place.split("::")
        tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
        assert name in {n.name for n in tree.body if isinstance(n, (ast.FunctionDef, ast.ClassDef))}, place
    assert set(m["keys"]) <= set(registry())
    assert set(m["facts"]) <= {claim.id for claim in load()}
    for test in m["tests"]:
        assert test in limits() or (ROOT / test).exists(), test


def test_every_rule_belongs_to_a_mechanism():
    places = [place for m in MECHANISMS.values() for place in m["code"]]
    files = [Path(place.split("::")[0]).with_suffix("") for place in places]
    coded = {part for file in files if file.parts[1] == "rules" for part in file.parts[2:3]}
    assert {rules[next(iter(rules))].__module__.split(".")[2] for rules in ALTERNATIVES.values()} <= coded


GROUPS = {key.split(".")[0] for key in registry() if "." in key}


def group_of(node, local) -> str | None:
    """The group of parameters that an expression stands for: `….gangs`, or a name that was given one."""
    if isinstance(node, ast.Attribute) and node.attr in GROUPS:
        return node.attr
    return local.get(node.id) if isinstance(node, ast.Name) else None


def keys_read(function) -> set[str]:
    """Keys `group.name` that a function reads, by the group its expressions stand for."""
    local = {arg.arg: arg.arg for arg in function.args.args if arg.arg in GROUPS}
    for node in ast.walk(function):
        if isinstance(node, ast.Assign):
            target, value = node.targets[0], node.value
            both = isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple)
            for name, given in zip(target.elts, value.elts) if both else [(target, value)]:
                if isinstance(name, ast.Name) and group_of(given, local):
                    local[name.id] = group_of(given, local)
    found = ((group_of(node.value, local), node.attr) for node in ast.walk(function) if isinstance(node, ast.Attribute))
    return {f"{group}.{name}" for group, name in found if group}


def test_every_key_is_read_somewhere():
    """A parameter that no code reads is a promise nobody keeps; an attribute of that name elsewhere does not count."""
    nodes = [node for p in (ROOT / "sim").rglob("*.py") for node in ast.walk(ast.parse(p.read_text(encoding="utf-8")))]
    read = set().union(*(keys_read(node) for node in nodes if isinstance(node, ast.FunctionDef)))
    settings = {node.attr for node in nodes if isinstance(node, ast.Attribute)}  # keys without a group
    roles = {f"gangs.{role}" for role in ("guides", "drivers", "fixers", "fighters")}  # read by role
    seen = {f"observation.{key.removeprefix('not ')}" for series in SERIES
            for key in (*series.coverage, series.spread, series.routine)}  # read by a series' own list
    known = {key for key in registry() if key.startswith(("rules.", "organisation.levers."))} | roles | seen
    subscripts = {node.slice.value for node in nodes  # of a flat configuration, {key: value}
                  if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant)}
    read |= {key for key in subscripts if isinstance(key, str)}
    unread = {key for key in registry() if key not in read | known and ("." in key or key not in settings)}
    assert not unread
    assert "gangs.nothing" in keys_read(ast.parse("def f(world):\n g, x = world.p.gangs, 1\n return g.nothing").body[0])
