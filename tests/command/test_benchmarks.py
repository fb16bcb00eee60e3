"""The benchmarks run and write what they say; the C kernels are a second reading of three rules.  No times here."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from benchmarks import compiled, floor, kernels, stages, startup, sweeps, twin
from benchmarks.__main__ import NAMES, main
from benchmarks.markets import QUICK, SEED, scene
from benchmarks.processes import python
from benchmarks.rows import Row, line, row
from benchmarks.timing import Times, interleaved
from conftest import SMALL
from sim.market import Market
from sim.registry.configuration import configure
from sim.world.draws import Draws

IN_PROCESS = [name for name in NAMES if name not in ("startup", "sweeps")]  # in test_fresh_processes
FIELDS = {"benchmark", "name", "value", "unit", "low", "high", "repeats", "target", "note", "met"}


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """The file of a quick run."""
    path = tmp_path_factory.mktemp("benchmarks") / "deep" / "quick.json"
    assert main([*IN_PROCESS, "--quick", "--output", str(path)]) == 0
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.mark.long
def test_the_file_has_its_schema(written):
    assert written["schema"] == 1 and written["quick"] is True
    assert {"date", "sim", "python", "numpy", "mesa", "cores"} <= set(written)
    for entry in written["rows"]:
        assert set(entry) == FIELDS
        assert entry["value"] is None or isinstance(entry["value"], float | int)
        assert entry["value"] is not None or entry["note"].startswith("skipped: ")
    assert {entry["benchmark"] for entry in written["rows"]} == set(IN_PROCESS)


@pytest.mark.long
def test_a_user_can_call_it(tmp_path):
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-m", "benchmarks", "year", "--quick", "--output", tmp_path / "a.json"],
                          cwd=root, capture_output=True, text=True)
    assert done.returncode == 0 and "recording and Mesa" in done.stdout and (tmp_path / "a.json").exists()
    with pytest.raises(SystemExit):
        main(["nothing of that name"])


@pytest.mark.long
def test_fresh_processes(monkeypatch):
    """Start-up and a sweep, as small as they go."""
    monkeypatch.setattr(startup, "COMMANDS", {"python -m sim --help": ("-m", "sim", "--help")})
    assert [r.name for r in startup.measure(QUICK)] == ["python -m sim --help"]
    assert {"runs per processor second"} <= {r.name for r in sweeps.measure(QUICK)}
    with pytest.raises(RuntimeError, match="ended with 2"):
        python("-m", "sim", "scenario=nowhere", cwd=".")


def test_the_twin_counts_the_same():
    if twin.load() is None:
        pytest.skip("tests/twin is not there")
    _, _, equal = twin.side_by_side(configure("status_quo", ["scale=0.02", "nights=5", "warmup=5"]), twin.load())
    assert all(equal)


@pytest.fixture(scope="module")
def c():
    try:
        return compiled.library()
    except compiled.NoCompiler as error:
        pytest.skip(str(error))


@pytest.mark.parametrize("name, night, draw", [("choice", -120, 0), ("camp region", 0, 2), ("accident", 364, 1)])
def test_draws_in_c_are_the_models(c, name, night, draw):
    ids = np.r_[0, 7, (4096 << 24) + np.arange(1000), 2**40]
    assert np.array_equal(Draws(2**62 + 5).uniform(name, night, ids, draw),
                          compiled.uniforms(2**62 + 5, name, night, ids, draw))


@pytest.mark.parametrize("overrides", [
    ["scale=0.3"], ["scale=1", "police.corruptible=0.9"],
    ["scale=0.3", "migrants.dissimilarity=1"],
    ["scale=0.3", "migrants.own_weight=1", "gangs.brand=0.8", "gangs.overlap=0"]], ids=" ".join)
def test_rules_in_c_are_the_models(c, overrides):
    """Choices, columns, money, demand and the fate of every attempt, on real nights."""
    market = Market(configure("status_quo", [*SMALL, *overrides]), SEED)
    choosers = attempts = passed = 0
    for night in range(24):
        if night % 4 != 3:
            market.step()
            continue
        tonight = scene(market)
        tonight.choosing.people.engaged[::3] -= 10  # some have been in the queue for too long
        choosers += kernels.compare_choice(tonight.choosing)
        attempts += kernels.compare_crossing(*tonight.crossing)
        passed += market.world.counts["bribed_passages"]
    assert choosers > 100 and attempts > 20 and (passed > 0 or "police.corruptible=0.9" not in overrides)


def test_disagreement_is_said(c):
    with pytest.raises(AssertionError, match="disagree about prices"):
        kernels.same([1.0, 2.0], [1.0, 2.1], "prices", exactly=False)


def test_watching_changes_nothing():
    """Stages are found in the schedule, their times sum to the night's, and the market plays on as before."""
    parameters = configure("status_quo", list(SMALL))
    watched, plain = Market(parameters, SEED), Market(parameters, SEED)
    found, whole = stages.breakdown(watched, 8)
    assert {"choice", "dispatch", "choice.drop_out", "payment.renew", "police.act", "patrols_by_sector",
            "recorder.take", "(the rest)"} <= set(found)
    assert sum(sum(t.values) for t in found.values()) == pytest.approx(sum(whole.values))
    asked = floor.drawn_tonight(watched)
    scene(watched)
    for _ in range(10):
        plain.step()
    assert {"choice", "interception", "leaving"} <= {call[0] for call in asked}
    assert type(watched.world.draws) is Draws
    for name, column in plain.world.people.state().items():
        assert np.array_equal(column, watched.world.people.state()[name]), name


def test_repeats_are_interleaved_and_summed_up():
    order = []
    times = interleaved({"a": lambda: order.append("a"), "b": (lambda: 5, lambda ready: order.append(ready))}, 3)
    assert order == ["a", 5, 5, "a", "a", 5] and len(times["a"].values) == 3
    three = Times((1.0, 2.0, 9.0))
    assert three.median == 2 and three.quartiles == (1.5, 5.5) and three.over(Times((1, 1, 3))).values == (1, 2, 3)


def test_targets():
    assert Row("b", "n", 3.0, "×", target="<= 3").met and not Row("b", "n", 40.0, "×", target=">= 50").met
    assert Row("b", "n", 3.0, "×").met is None
    assert "MISSED" in line(row("b", "n", Times((40.0, 41.0)), "×", ">= 50"))
