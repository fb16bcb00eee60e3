"""The estimator of event studies: planted effects, weeks, windows, recovery, shares; and sweeps that keep nights."""

import numpy as np
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.command.preflight import parse
from sim.registry.parameters import ConfigurationError
from sim.runs.nights import part_of, write_tables
from sim.runs.plan import make_plan, write_plan
from sim.runs.store import Journals
from sim.runs.work import work
from sim.statistics.events import STEADY, band, cumulative, recovery, shares, weekly, window
from sim.studies import needs

NIGHTS, EVENT = np.arange(200), 56
NOISE = np.random.default_rng(1)


def planted(effect: float, length: int, replicates: int = 6) -> np.ndarray:
    """Differences of a series that moves by `effect` for `length` nights from the event on, with noise after it."""
    after = NIGHTS >= EVENT
    return effect * (after & (length > NIGHTS - EVENT)) + after * NOISE.normal(0, 0.5, (replicates, 1))


def test_a_planted_effect_is_recovered():
    weeks, means = weekly(planted(-8.0, 70), NIGHTS, EVENT)
    mean, low, high = band(means)
    during, after = (weeks >= 0) & (weeks < 10), weeks >= 10
    assert weeks[0] == -8 and not means[:, weeks < 0].any()
    assert ((low <= -8) & (high >= -8))[during].all() and ((low <= 0) & (high >= 0))[after].all()
    assert recovery(weeks, (mean, low, high), 10) == 0
    assert abs(window(planted(-8.0, 70), NIGHTS, EVENT, EVENT + 70, True).mean() / 70 + 8) < 1
    assert np.isnan(window(planted(1.0, 7), NIGHTS, 300, 400, True)).all()


def test_recovery_waits_for_a_steady_band_and_may_not_come():
    weeks = np.arange(-2, 12)
    holds = np.array([1, 1, 0, 0, 0, 1, 1, 0, 1, 1, 1, 1, 1, 1], bool)
    bands = np.where(holds, 0.0, 2.0), np.where(holds, -1.0, 1.0), np.where(holds, 1.0, 3.0)
    assert recovery(weeks, bands, 2) == 4 and recovery(weeks, bands, 10) is None and STEADY == 4


@given(st.integers(0, 30), st.integers(30, 90))
def test_sums_by_week_end_at_the_window(first, weeks):
    values = NOISE.random((3, first + 7 * weeks))
    nights = np.arange(values.shape[1])
    told, summed = cumulative(values, nights, first)
    assert len(told) == weeks and told[0] == 0
    assert np.allclose(summed[:, -1], window(values, nights, first, first + 7 * weeks, True))


@given(st.lists(st.tuples(*[st.floats(-50, 50)] * 3), min_size=3, max_size=9))
def test_shares_of_what_was_lost_sum_to_one(draws):
    lost, *gained = np.array(draws).T + np.array([[100.0], [0], [0]])
    found = shares(lost, np.array(gained))
    assert found[:, 0].sum() == pytest.approx(1)
    assert found[0, 0] == pytest.approx(gained[0].mean() / lost.mean(), abs=1e-12)
    assert ((found[:, 1] <= found[:, 0] + 1e-9) & (found[:, 0] <= found[:, 2] + 1e-9)).all()


def test_nothing_lost_is_no_share():
    assert np.isnan(shares(np.array([-1.0, 0.5]), np.ones((2, 2)))).all()


# sweeps that keep nights -------------------------------------------------------------------------------------------
def plan_of(analysis: str, *words):
    small = ["scale=0.05", "nights=12", "warmup=2", "replicates=2", "police.crackdown_from=2023-01-06"]
    return make_plan(parse(["+experiment=crackdown", *small, f"analysis={analysis}", "scenarios=[fragmented]",
                            "sweep={police.crackdown_nights:[0,5]}", *words]), needs)


def test_nights_are_those_of_the_run_and_a_run_without_them_is_run_again(tmp_path):
    from sim.runs.run import simulate
    from sim.world.draws import replicate_seed

    plan = plan_of("null")
    work(tmp_path, write_plan(plan, tmp_path).name, 0, 2, "first", 1)
    assert not plan.nights and not (tmp_path / "nights").exists()
    kept = plan_of("crackdown")
    journals = Journals(tmp_path, kept.tables)
    journals.refresh()
    assert kept.nights and not journals.runs  # finished, but their nights were not kept
    work(tmp_path, write_plan(kept, tmp_path).name, 0, 2, "second", 1)
    journals.refresh()
    assert len(journals.runs) == 4
    write_tables(tmp_path, kept, journals.runs)
    table = pq.read_table(tmp_path / "nights.parquet")
    assert table.column_names[:4] == ["experiment", "police.crackdown_nights", "scenario", "replicate"]
    alone = simulate(kept.points[1].parameters, replicate_seed(1, 1)).nights
    rows = table.slice(36, 12)
    assert rows["police.crackdown_nights"].to_pylist() == [5] * 12 and rows["replicate"].to_pylist() == [1] * 12
    assert all(np.array_equal(rows[name].to_numpy(), alone[name].astype(rows[name].to_numpy().dtype), equal_nan=True)
               for name in ("people", "attempts", "price_mean", "state_cost", "operation"))
    part_of(tmp_path, kept.points[0].identity, 1).unlink()
    again = Journals(tmp_path, kept.tables)
    again.refresh()
    assert len(again.runs) == 3


# designs in experiment files ---------------------------------------------------------------------------------------
@pytest.mark.parametrize("design, said", [
    ("[{police.patrols:20},{police.patrolls:40}]", "unknown key `police.patrolls`"),
    ("[{police.patrols:20},{police.patrols:x}]", "design, row 2: police.patrols=x"),
    ("[{scenario:dossier}]", "design, row 1: scenario=dossier: must be one of the scenarios compared"),
    ("[20]", "design has 20: a row must be a mapping"),
])
def test_a_bad_row_of_a_design_is_one_line(design, said):
    with pytest.raises(ConfigurationError) as refused:
        make_plan(parse(["scenario=status_quo", f"design={design}"]))
    assert said in str(refused.value) and "\n" not in str(refused.value)
