"""Sweeps end their pilot with the replicates that its spread asks for."""

import re
import subprocess
import sys
from types import SimpleNamespace

import numpy as np
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.registry.outcomes import outcomes, primary
from sim.runs.power import most_needed, pairs, replicates
from sim.statistics.replicates import replicates_for_power
from sim.statistics.summary import ALPHA, CAP, POWER

NAME = "crossed_within_30"  # its smallest effect is a number, not a share


def point(scenario, identity, count=6, **values):
    return SimpleNamespace(scenario=scenario, identity=identity, values=values, replicates=count)


@given(st.lists(st.floats(-0.1, 0.1), min_size=3, max_size=12))
def test_a_difference_needs_what_the_plan_of_a_study_says(differences):
    base = np.full(len(differences), 0.6)
    plan = replicates_for_power((base + differences) - base, outcomes()[NAME].smallest(1.0), POWER, ALPHA, CAP)
    assert replicates(NAME, base + differences, base) == (plan.n if plan.reached else np.inf)


def test_nothing_is_asked_where_nothing_can_be_said():
    assert replicates(NAME, np.array([0.1, np.nan]), np.array([0.2, 0.2])) == 0
    assert replicates("price_mean", np.arange(4.0), np.arange(4.0)) == 0  # no smallest effect was fixed
    assert most_needed([point("a", "1")], "a", {}) == (0, "")


def test_points_are_compared_with_the_first_of_their_scenario_and_the_reference_beside_them():
    points = [point(s, f"{s}{v}", patrols=v) for v in (40, 80) for s in ("a", "b")]
    found = [(other.identity, base.identity) for other, base in pairs(points, "a")]
    assert sorted(found) == [("a80", "a40"), ("b40", "a40"), ("b80", "a80"), ("b80", "b40")]


def test_the_noisiest_difference_is_named():
    points = [point("a", "1", patrols=40), point("a", "2", patrols=80)]
    runs = {(i, k): dict.fromkeys(primary(), 1.0 + (i == "2")) for i in "12" for k in range(6)}
    assert most_needed(points, "a", runs)[0] == 2  # no spread at all: two pairs are enough
    for k in range(6):
        runs["2", k] = {**runs["2", k], NAME: 0.5 + 0.2 * (k % 2)}
    count, which = most_needed(points, "a", runs)
    assert count > 6 and which == f"{NAME} in a at patrols=80"


@pytest.mark.long
@pytest.mark.parametrize("most, there", [(3, 3), (2, 2)])
def test_a_sweep_runs_as_many(tmp_path, most, there):
    words = ["-m", "police.patrols=40,160", "scale=0.05", "nights=35", "warmup=3", "replicates=2",
             f"most_replicates={most}", "workers=1", f"hydra.sweep.dir={tmp_path}/s"]
    done = subprocess.run([sys.executable, "-m", "sim", *words], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert pq.read_metadata(tmp_path / "s" / "runs.parquet").num_rows == 2 * there
    pilot = re.search(r"pilot of 2 replicates done; .*; running 3 \(most_replicates=3\)", done.stderr)
    assert bool(pilot) == (most > 2)
