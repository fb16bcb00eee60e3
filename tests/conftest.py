"""What the tests share: small worlds, quick to run, with every law checked every night."""

import csv
import signal
from functools import cache
from importlib.util import find_spec

import numpy as np
import pytest
from hypothesis import settings

from sim.market import Market
from sim.registry.configuration import configure
from sim.runs.compile import compile_all
from sim.world.loops import compiled
from sim.world.opening import World

settings.register_profile("sim", deadline=None)  # how long an example takes is no law
settings.load_profile("sim")

@pytest.fixture(scope="session", autouse=True)
def loops_are_compiled():
    """As on any machine but at the first command; where Numba is not installed there is nothing to do."""
    if compiled():
        compile_all()


SMALL = ("scale=0.1", "nights=30", "warmup=20", "checks=true")


def play(scenario="status_quo", *overrides, seed=7):
    """A whole small run; returns the market."""
    market = Market(configure(scenario, [*SMALL, *overrides]), seed=seed)
    while market.running:
        market.step()
    return market


configured = cache(lambda scenario, *overrides: configure(scenario, list(overrides)))  # parameters are frozen


def first_night(*overrides, scenario="fragmented", people=0, seed=7, **columns):
    """A world before its first night, on which rules may be called one by one.

    people, columns: so many people with ids from 0, and values of their columns.
    """
    world = World(configured(scenario, *SMALL, *overrides), seed)
    world.books.cash_in(world.people.append(people, id=np.arange(people), **columns))
    world.arrived += people
    return world


@pytest.fixture(scope="session")
def small_market():
    """One small status_quo run, played to its end; tests must not change it."""
    return play()


def same(first, second):
    """AssertionError unless two records are equal bit for bit."""
    for a, b in ((first.nights, second.nights), (first.groups, second.groups)):
        assert a.keys() == b.keys()
        for name in a:
            assert a[name].tobytes() == b[name].tobytes(), name


def swept(folder, *words):
    """A small sweep run in this process, with its tables as the driver would write them; returns the folder."""
    from sim.command.preflight import parse
    from sim.runs.nights import write_tables
    from sim.runs.plan import make_plan, write_plan
    from sim.runs.store import Journals
    from sim.runs.table import collect, write_table
    from sim.runs.work import work
    from sim.studies import needs

    plan = make_plan(parse(["scale=0.05", "nights=35", "warmup=3", *words]), needs)
    work(folder, write_plan(plan, folder).name, 0, len(plan.points), "test", 1)
    write_table(collect([folder])[0], folder / "runs.parquet")
    write_tables(folder, plan, Journals(folder).refresh().runs)
    return folder


def compared(folder, *words):
    """A small comparison of scenarios with its tables, but without figures and report; returns the folder."""
    from sim.command.job import compare
    from sim.registry.configuration import compose_all

    assert compare([folder], *compose_all([*words]), finish=lambda *_: None) == 0
    return folder


def analysed(folder, analysis, *words):
    """A small sweep, analysed; what is said of it stands in `said.txt`; returns the folder."""
    from sim.findings import terminal
    from sim.studies import analyse

    findings = analyse(analysis, swept(folder, *words))
    (folder / "said.txt").write_text(terminal.render(findings), encoding="utf-8")
    return folder


def read_csv(path):
    """Rows of a table as texts by column."""
    with open(path, encoding="utf-8") as file:
        return list(csv.DictReader(file))


def needed(*modules):
    """A long test fails where a library of the extra `test-all` is missing; skipped, it would seem to have passed."""
    for module in modules:
        if find_spec(module.partition(".")[0]) is None or find_spec(module) is None:
            pytest.fail(f"{module} is not installed: pip install -e '.[test-all]'", pytrace=False)


def heed_signals():
    """For `preexec_fn`: a process started from a background job or under `nohup` would ignore Ctrl-C or a hang-up."""
    for number in (signal.SIGINT, signal.SIGHUP, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
