"""Sweeps that keep nights: they are those of the runs, and a run without them is run again."""

import numpy as np
import pyarrow.parquet as pq

from sim.command.preflight import parse
from sim.runs.nights import part_of, write_tables
from sim.runs.plan import make_plan, write_plan
from sim.runs.run import simulate
from sim.runs.store import Journals
from sim.runs.work import work
from sim.studies import needs
from sim.world.draws import replicate_seed


def plan_of(analysis: str, *words):
    small = ["scale=0.05", "nights=12", "warmup=2", "replicates=2", "police.crackdown_from=2023-01-06"]
    return make_plan(parse(["+experiment=crackdown", *small, f"analysis={analysis}", "scenarios=[fragmented]",
                            "design=null", "sweep={police.crackdown_nights:[0,5]}", *words]), needs)


def test_nights_are_those_of_the_run_and_a_run_without_them_is_run_again(tmp_path):
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
