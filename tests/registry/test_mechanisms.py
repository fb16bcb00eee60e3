"""Every mechanism M1–M21 has an equation, code, keys, facts and tests, and all of them exist."""

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
    assert list(MECHANISMS) == [f"M{k}" for k in range(1, 22)]


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
    coded = {place.split("::")[0].rsplit("/", 1)[-1].removesuffix(".py") for place in places}
    assert {rules[next(iter(rules))].__module__.rsplit(".", 1)[-1] for rules in ALTERNATIVES.values()} <= coded


def test_every_key_is_read_somewhere():
    """A parameter that no code reads is a promise nobody keeps."""
    nodes = [node for p in (ROOT / "sim").rglob("*.py") for node in ast.walk(ast.parse(p.read_text(encoding="utf-8")))]
    read = {node.attr for node in nodes if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load)}
    named = {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    loops = {"guides", "drivers", "fixers", "fighters"}  # read by role
    seen = {f"observation.{key.removeprefix('not ')}" for series in SERIES
            for key in (*series.coverage, series.spread, series.routine)}  # read by a series' own list
    for key in registry():
        name = key.rsplit(".", 1)[-1]
        known = key.startswith(("rules.", "organisation.levers.")) or name in loops or key in seen
        assert known or name in read or key in named, key
