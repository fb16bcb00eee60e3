"""The NumPy code of a function and its compiled loop give the same bytes, and nothing needs Numba."""

import ast
import copy
import importlib
import inspect
import os
import pickle
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import sim.market  # noqa: F401  every module with loops
from conftest import SMALL, needed, play
from sim.market import Market
from sim.registry.config_files import names
from sim.registry.configuration import configure
from sim.registry.errors import ConfigurationError
from sim.rules.choice import carry_out
from sim.rules.extortion import competing, exposed
from sim.rules.interception import averages, outcome
from sim.rules.learning import take_in
from sim.rules.shelter import fill
from sim.runs.compile import prepare
from sim.world import loops
from sim.world.accounts import credit_groups, debit_groups, debit_people
from sim.world.beliefs import believed
from sim.world.derived import way_cost
from sim.world.draws import Draws, stretches, uniforms
from sim.world.shares import nest_and_outside_shares, pick

pytestmark = pytest.mark.long

ROOT = Path(__file__).parents[2]
NAMES = [each.__name__ for each in loops.EVERY]
many = st.integers(0, 60)
seeds = st.integers(0, 2**32)


@pytest.fixture(scope="module", autouse=True)
def numba():
    """There is something to compare with."""
    needed("numba")


def flat(values):
    """Arrays and numbers as bytes with their types, whatever they are nested in."""
    if isinstance(values, tuple | list):
        return [flat(value) for value in values]
    return None if values is None else (np.asarray(values).dtype.kind, np.shape(values), np.asarray(values).tobytes())


def agree(function, *arguments):
    """Assert that both backends return the same and change their arguments alike; returns the result of NumPy."""
    plain, fast = copy.deepcopy(arguments), copy.deepcopy(arguments)
    expected, compiled = function.plain(*plain), function.fast(*fast)
    assert flat(expected) == flat(compiled), function.__name__
    assert flat(list(plain)) == flat(list(fast)), f"what {function.__name__} changes"
    return expected


@pytest.fixture(scope="module")
def met():
    """How often each function was called, with backends compared at every call, in small markets of several kinds."""
    calls = dict.fromkeys(NAMES, 0)

    def comparing(function):
        def call(*arguments):
            calls[function.__name__] += 1
            agree(function, *arguments)
            return function.plain(*arguments)

        return call

    with loops.backend(numba=True):
        for each in loops.EVERY:
            each.call = comparing(each)
        for scenario, *more in (("status_quo",), ("centralised", "rules.bribes=retainer"),
                                ("fragmented", "gangs.clash_rate=0.05", "rules.payment=guarantee"),
                                ("dossier", "gangs.abduction_rate=0.02", "camps.flat_share=0.9", "rules.stages=3")):
            play(scenario, "scale=0.05", "nights=25", *more)
    return calls


@pytest.mark.parametrize("name", NAMES)
def test_both_backends_agree_wherever_a_market_calls_them(met, name):
    assert met[name] > 50


@pytest.mark.parametrize("scenario", sorted(names("scenario")))
def test_a_run_is_the_same_and_no_loop_is_passed_over(monkeypatch, scenario):
    def record():
        market = Market(configure(scenario, [*SMALL, "scale=0.05", "nights=15"]), 5)
        while market.running:
            market.step()
        return market.record()

    with loops.backend(numba=False):
        plain = record()
    with loops.backend(numba=True):
        for each in loops.EVERY:  # arguments that a loop is not compiled for would be NumPy's
            monkeypatch.setattr(each, "plain", None)
        fast = record()
    for ours, theirs in ((plain.nights, fast.nights), (plain.groups, fast.groups)):
        assert {k: flat(v) for k, v in ours.items()} == {k: flat(v) for k, v in theirs.items()}
    assert str(plain.run) == str(fast.run)


# each with more than a market meets -----------------------------------------------------------------------------------
@given(st.lists(st.integers(0, 2**62), max_size=80), st.integers(0, 2**64 - 1))
def test_uniforms(ids, key):
    u = agree(uniforms, np.array(ids, np.int64), np.uint64(key))
    assert ((u > 0) & (u < 1)).all()


def test_uniforms_of_many_ids():
    agree(uniforms, np.arange(200_000) * 977, np.uint64(2**63 + 11))


@given(seeds, many, st.booleans(), st.booleans())
def test_debits_of_people(seed, n, family, counted):
    r = np.random.default_rng(seed)
    cash, means, outlay = (r.integers(0, 50, n + 3) for _ in range(3))
    agree(debit_people, cash, means, outlay, r.permutation(n + 3)[:n], r.integers(0, 120, n), family, counted)


@given(seeds, many, st.integers(1, 6), st.integers(1, 9), st.integers(2, 12))
def test_shares_and_pick(seed, n, kinds, groups, options):
    r = np.random.default_rng(seed)
    outside = np.where(r.random((options, n)) < 0.2, -np.inf, r.normal(0, 30, (options, n)))
    outside[0] = r.normal(0, 1, n)  # somebody can always do something
    inclusive = np.where(r.random(n) < 0.2, -np.inf, r.normal(0, 30, n))
    results = []
    for numba in (False, True):
        with loops.backend(numba):
            results.append(nest_and_outside_shares(inclusive, outside))
    assert flat(list(results[0])) == flat(list(results[1]))
    aided, rest = results[0]
    within = r.dirichlet(np.ones(groups), kinds) * r.choice([0.7, 1.0], (kinds, 1))  # sums are 1 but for rounding
    picked = agree(pick, r.random(n), within, r.integers(0, kinds, n), aided, np.ascontiguousarray(rest))
    assert ((picked >= 0) & (picked < groups + options)).all()


@given(seeds, many, st.integers(1, 6))
def test_places_in_camps(seed, n, camps):
    r = np.random.default_rng(seed)
    columns = [np.full(n, -1, t) for t in (np.int8, np.int16, np.int8, np.int16)]
    free = r.integers(0, 8, camps)
    taken = agree(fill, r.permutation(n), r.random(n) < 0.7, r.random(n), np.array([0.9, 0.5, 0.2]),
                  r.integers(0, 3, camps).astype(np.int8), free, *columns, 1)
    assert (taken <= free).all()


@given(seeds, st.integers(1, 12), many)
def test_stretches(seed, options, n):
    agree(stretches, np.random.default_rng(seed).random((options, n)))


def people(r, n):
    """Columns of people as the table has them, with every code that may stand in them; all rows, shuffled."""
    return SimpleNamespace(
        rows=r.permutation(n), origin=r.integers(0, 9, n).astype(np.int8), corridor=r.integers(0, 8, n).astype(np.int8),
        cash=r.integers(0, 99, n), debt=r.integers(0, 3, n), creditor=r.integers(-1, 9, n).astype(np.int16),
        shelter=r.integers(0, 4, n).astype(np.int8), camp=r.integers(-1, 3, n).astype(np.int16),
        place=r.integers(-1, 3, n).astype(np.int8), client_of=r.integers(-2, 9, n).astype(np.int16),
        failures=r.integers(0, 9, n).astype(np.int16), pushbacks=r.integers(0, 3, n).astype(np.int16),
        trust=r.random(n).astype(np.float32), frailty=r.random(n).astype(np.float32), aware=r.random(n) < 0.5,
        until=r.integers(-9, 9, n).astype(np.int32), engaged=r.integers(-9, 9, n).astype(np.int32),
        last_pushback=r.integers(-9999, 9, n).astype(np.int32), tipped_until=r.integers(-9999, 9, n).astype(np.int32))


@given(seeds, many, st.integers(1, 9), st.integers(1, 8), st.integers(1, 9))
def test_loops_over_people(seed, n, groups, corridors, origins):
    """Nine groups, eight corridors, nine origins: beyond what any scenario has."""
    r = np.random.default_rng(seed)
    p = people(r, n)
    p.origin %= origins
    p.corridor %= corridors
    p.client_of, p.creditor = (np.clip(column, -1, groups - 1) for column in (p.client_of, p.creditor))
    agree(way_cost, p.rows, p.place, p.camp, r.random(3), r.random(4))
    picked = r.integers(0, groups + 2 + corridors, n)
    agree(carry_out, p.rows, picked, p.origin, p.client_of, p.engaged, p.cash, p.until, p.corridor,
          r.random((origins, groups)), r.integers(0, 99, groups), 5, 3, -2)
    risk = agree(exposed, p.rows, p.last_pushback, p.debt, p.shelter, p.tipped_until, p.aware, 4, 7,
                 (0.3, 0.1, 0.7, 0.9), 0.3, 0.6, 1)
    by_group, pressure = r.random((3 + corridors, groups)), r.random(groups)
    agree(competing, p.rows, risk, p.place, p.corridor, p.client_of, p.debt, p.creditor, by_group, by_group.sum(axis=1),
          pressure, 3, 0.4)


@given(seeds, many, st.integers(1, 12), st.integers(1, 8))
def test_loops_over_parties(seed, parties, groups, corridors):
    r = np.random.default_rng(seed)
    size = r.integers(1, 5, parties)
    party, n = np.repeat(np.arange(parties), size), int(size.sum())
    p, group, corridor = people(r, n), r.integers(-1, groups, n), r.integers(0, corridors, parties)
    agree(averages, party, p.rows, group, p.frailty, r.random(groups), size)
    met = r.random(parties) < 0.5
    crossed, intercepted, number = agree(
        outcome, party, p.rows, group, corridor, size, met, met & (r.random(parties) < 0.3), r.random(parties) < 0.4,
        r.random(n) < 0.2, p.pushbacks, corridors)
    assert not (crossed & intercepted).any() and number[-corridors:].sum() == crossed.sum()
    counts = [r.random(shape) for shape in 2 * [(9, groups, corridors)] + 2 * [(groups, 12)] + 2 * [(9, corridors)]]
    agree(take_in, p.origin.astype(int), corridor[party], group, r.integers(0, 12, n), crossed, *counts)


@given(seeds, st.integers(1, 12), st.integers(1, 12))
def test_loops_over_groups(seed, origins, groups):
    r = np.random.default_rng(seed)
    agree(believed, r.random((origins, groups)), r.random((origins, groups)), 0.3, 0.6, 10.0)
    agree(debit_groups, r.integers(0, 50, groups), r.integers(-9, 90, groups))
    agree(credit_groups, r.integers(0, groups, origins), r.integers(0, 50, origins), groups)


# how it is chosen -----------------------------------------------------------------------------------------------------
def defined_here(module):
    """Names that a module gives a literal number."""
    tree = ast.parse(inspect.getsource(module))
    return {target.id for node in tree.body if isinstance(node, ast.Assign) and isinstance(node.value, ast.UnaryOp |
            ast.Constant) for target in node.targets if isinstance(target, ast.Name)}


@pytest.mark.parametrize("each", loops.EVERY, ids=NAMES)
def test_a_loop_depends_on_its_own_file_alone(each):
    """Numba keeps a compiled loop until its file changes: a number from another file would be kept with it."""
    found = inspect.getclosurevars(each.source).globals
    mine = defined_here(importlib.import_module(each.source.__module__))
    assert {name for name, value in found.items() if value is not np} <= mine
    assert not {"exp", "log", "log1p", "power", "sin", "cos"} & inspect.getclosurevars(each.source).unbound


def test_arguments_of_other_types_are_numpys():
    ids = np.arange(5, dtype=np.int64)
    with loops.backend(numba=True):
        paid, _, _ = debit_people(*(np.arange(5) for _ in range(3)), ids, ids.astype(np.int32), True, True)
        assert flat(paid) == flat(ids)
        with pytest.raises(TypeError):
            uniforms(ids)


def test_uniforms_of_any_shape():
    draws, ids = Draws(3), np.arange(24).reshape(4, 6)
    for some in (ids, ids[:, ::2], ids[0, ::3], 5, [1, 2]):
        whole = draws.uniform("choice", 0, np.ravel(some))
        assert np.array_equal(draws.uniform("choice", 0, some), whole.reshape(np.shape(some)))


@pytest.fixture
def choice(monkeypatch):
    """Sets SIM_LOOPS and forgets what was chosen before."""
    def choose(value):
        monkeypatch.setenv(loops.VARIABLE, value)
        loops.compiled.cache_clear()

    yield choose
    loops.compiled.cache_clear()


def test_the_choice(choice, monkeypatch):
    for value, expected in (("numpy", False), ("numba", True), ("auto", True), ("", True)):
        choice(value)
        assert loops.compiled() is expected
        assert loops.engine().startswith("numba " if expected else "numpy")
    choice("nunba")
    with pytest.raises(ConfigurationError, match="=nunba: must be one of auto, numba, numpy, did you mean `numba`"):
        loops.compiled()
    monkeypatch.setitem(sys.modules, "numba", None)  # as if it were not installed
    choice("auto")
    assert loops.compiled() is False
    choice("numba")
    with pytest.raises(ConfigurationError, match=r"pip install 'border-market-sim\[fast\]'"):
        loops.compiled()


def run(*words, cwd=ROOT, **environment):
    """A fresh process."""
    return subprocess.run([sys.executable, *words], cwd=cwd, capture_output=True, text=True,
                          env={**os.environ, "PYTHONPATH": str(ROOT), **environment})


def test_a_misspelt_choice_ends_with_2_and_writes_nothing(tmp_path):
    done = run("-m", "sim", "nights=1", "warmup=1", cwd=tmp_path, SIM_LOOPS="nump")
    assert done.returncode == 2 and done.stderr.count("\n") == 1 and "did you mean `numpy`?" in done.stderr
    assert not list(tmp_path.iterdir())


def test_a_machine_compiles_once(tmp_path):
    said = [run("-m", "sim", "compile", NUMBA_CACHE_DIR=str(tmp_path), SIM_LOOPS="numba").stdout for _ in range(2)]
    number = len(loops.EVERY)
    assert f"{number} compiled, 0 read" in said[0] and f"0 compiled, {number} read" in said[1]
    assert "in NumPy" in run("-m", "sim", "compile", SIM_LOOPS="numpy").stdout


@pytest.mark.parametrize("error, step", [(RuntimeError(), "__init__"), (OSError(28, "full"), "save_overload")])
def test_no_cache_is_needed(monkeypatch, error, step):
    """No folder for the cache can be written, or the disk is full."""
    from numba.core.caching import FunctionCache

    asked = []

    def fail(*_):
        asked.append(step)
        raise error

    monkeypatch.setattr(FunctionCache, step, fail)
    monkeypatch.setattr(FunctionCache, "load_overload", lambda *_: None)
    fresh = loops.Compilable(stretches.plain)
    fresh.signature, fresh.source = stretches.signature, stretches.source
    agree(fresh, np.random.default_rng(1).random((3, 4)))
    assert asked and not fresh.on_disk and stretches.on_disk


def test_the_driver_says_once_when_it_compiles(choice, monkeypatch, capsys):
    choice("numba")
    monkeypatch.setattr("sim.runs.compile.kept", lambda loop: False)  # as on a machine that has compiled nothing
    with loops.backend(numba=False):
        prepare()
        assert "compiling loops for this machine, once" in capsys.readouterr().err
        assert all(each.call is each.fast for each in loops.EVERY)
        prepare()
        assert not capsys.readouterr().err
    with loops.backend(numba=False):
        monkeypatch.setattr(uniforms, "on_disk", False)
        prepare()
        assert "set NUMBA_CACHE_DIR" in capsys.readouterr().err


@pytest.mark.parametrize("verb", ["verify", "conformance"])
def test_other_commands_refuse_a_misspelt_choice(verb, tmp_path):
    done = run("-m", "sim", verb, cwd=tmp_path, SIM_LOOPS="nump")
    assert done.returncode == 2 and done.stderr.count("\n") == 1 and not list(tmp_path.iterdir())


def test_functions_are_pickled_by_name():
    assert pickle.loads(pickle.dumps(uniforms)) is uniforms and copy.deepcopy(uniforms) is uniforms
