"""The experiment `concentration`: its grid, its laws, and what it says of a table that is not whole."""


import numpy as np
import pyarrow.parquet as pq
import pytest

from conftest import analysed, read_csv
from sim.command.preflight import parse
from sim.registry.configuration import configure
from sim.registry.parameters import ConfigurationError
from sim.runs.grid import Grid
from sim.runs.plan import make_plan
from sim.statistics.intervals import over, sign
from sim.studies import analyse, findings_of, needs
from sim.studies.concentration.study import KEYS, OUTCOMES, REFERENCE, is_unequal, read, shape_of
from sim.world.opening import group_sizes


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A tiny real sweep, analysed: 2 rules of sizes × 3 numbers of owners × 2 replicates."""
    return analysed(tmp_path_factory.mktemp("concentration"), "concentration", "+experiment=concentration",
                    "replicates=2", "sweep={gangs.count:[1,4,10]}")


@pytest.fixture(scope="module")
def rows(folder):
    return read_csv(folder / "concentration.csv")


def test_the_experiment_covers_one_to_twelve_owners_equal_and_unequal():
    plan = make_plan(parse(["+experiment=concentration"]), needs)
    points = [(p.values["gangs.count"], p.values["gangs.large_share"]) for p in plan.points]
    assert sorted(points) == sorted((n, s) for n in (1, 2, 3, 4, 6, 8, 10, 12) for s in (0.0, 0.6))
    assert {p.scenario for p in plan.points} == {"fragmented"}
    assert all(p.parameters.gangs.entry == p.parameters.gangs.split_chance == 0 for p in plan.points)


@pytest.mark.long
def test_every_outcome_stands_at_every_point(rows):
    for name in OUTCOMES:
        here = [(r["sizes"] == "equal groups", int(r["owners"])) for r in rows if r["outcome"] == name]
        assert here == [(True, 1), (True, 4), (True, 10), (False, 4), (False, 10)]


@pytest.mark.long
def test_a_point_does_not_differ_from_itself(rows):
    own = [r for r in rows if int(r["owners"]) == REFERENCE and r["mean"]]
    assert own
    for row in own:
        assert float(row["difference"]) == float(row["difference_low"]) == float(row["difference_high"]) == 0
    assert all(float(r["from_equal"]) == 0 for r in rows if r["sizes"] == "equal groups" and r["mean"])


@pytest.mark.long
def test_a_paired_difference_is_the_difference_of_means(rows):
    means = {(r["sizes"], r["owners"], r["outcome"]): float(r["mean"]) for r in rows if r["mean"]}
    for r in rows:
        if r["mean"]:
            apart = float(r["mean"]) - means[r["sizes"], str(REFERENCE), r["outcome"]]
            assert float(r["difference"]) == pytest.approx(apart, rel=1e-6, abs=1e-6)


@pytest.mark.long
def test_one_owner_holds_everything(rows):
    one = next(r for r in rows if r["outcome"] == "hhi_owners" and r["owners"] == "1")
    assert float(one["mean"]) == pytest.approx(1)


@pytest.mark.long
def test_a_single_group_is_the_same_market_whatever_the_large_share(folder):
    runs = Grid(folder, KEYS)
    equal, unequal = (runs["joint_surplus"][0, runs.place("gangs.large_share", s), 0] for s in (0.0, 0.6))
    assert np.array_equal(equal, unequal)


@pytest.mark.parametrize("count", [1, 2, 3, 4, 6, 10, 12])
def test_unequal_means_that_the_large_ones_are_larger(count):
    sizes = group_sizes(configure("fragmented", [f"gangs.count={count}", "gangs.large_share=0.6"]))
    assert sizes.sum() == pytest.approx(1)
    assert is_unequal(count, 2, 0.6) == (sizes[0] > sizes[-1] + 1e-9)


@pytest.mark.long
def test_figure_and_captions_are_there(folder):
    for name in ("concentration.pdf", "concentration.png", "captions.md"):
        assert (folder / "figures" / name).stat().st_size > 500
    assert "Simulated under stated assumptions" in (folder / "figures" / "captions.md").read_text(encoding="utf-8")
    assert "2 replicates of 35 nights a point" in (folder / "figures" / "captions.md").read_text(encoding="utf-8")


@pytest.mark.long
def test_tables_hold_the_numbers_of_the_csv_file(folder, rows):
    tables = findings_of("concentration", folder).tables
    assert tables["equal"].head == ("outcome", "1", "4", "10") and tables["unequal"].head == ("outcome", "4", "10")
    here = {(r["sizes"] == "equal groups", r["owners"]): r for r in rows if r["outcome"] == "joint_surplus"}
    means, changes = (next(tables["equal"].rows[k + more] for k, line in enumerate(tables["equal"].rows)
                           if "Joint surplus" in line[0]) for more in (0, 1))
    assert [cell.value for cell in means[1:]] == [float(here[True, n]["mean"]) for n in ("1", "4", "10")]
    assert [cell.value for cell in changes[1:3]] == [float(here[True, n]["difference"]) for n in ("1", "4")]
    assert changes[3] == ""
    against = next(line for line in tables["unequal"].rows if "Joint surplus" in line[0])
    assert [cell.low for cell in against[1:]] == [float(here[False, n]["from_equal_low"]) for n in ("4", "10")]
    assert len(tables["shape"].rows) == 2 * len(OUTCOMES)


def test_a_hill_is_not_monotone_and_a_slope_is():
    luck = np.linspace(-0.1, 0.1, 8) * np.array([[1], [-1], [0.5], [1]])
    hill, slope, flat = (np.array(v)[:, None] + luck for v in ([0, 3, 2, 1], [0, 1, 2, 3], [1, 1, 1, 1]))
    owners = [1, 3, 6, 12]
    found = shape_of(owners, hill)
    assert not found.monotone and found.rise[:2] == (1, 3) and found.fall[:2] == (3, 12)
    found = shape_of(owners, slope)
    assert found.monotone and found.rise[:2] == (1, 12) and found.fall is None
    assert shape_of(owners, flat) == (None, None) and shape_of(owners, hill[:, :1]) == (None, None)


def test_signs_need_an_interval_without_zero():
    assert sign(over(np.array([[1.0, 1.1, 0.9], [-1.0, 1.0, 0.1], [-2.0, -2.1, -1.9]]))).tolist() == [1, 0, -1]


@pytest.mark.parametrize("spoil, said", [
    (lambda t: t.slice(1), "1 of 12 runs are missing, first gangs.large_count=2, gangs.large_share=0.0"),
    (lambda t: t.drop_columns(["gangs.large_share"]), "no column gangs.large_share; it must be swept"),
    (lambda t: t.filter(np.array(t["gangs.count"]) != 10), "no runs with gangs.count=10"),
    (lambda t: t.take([*range(t.num_rows), 0]), "stands there twice"),
])
@pytest.mark.long
def test_a_table_that_is_not_whole_is_refused_in_one_line(folder, tmp_path, spoil, said):
    pq.write_table(spoil(pq.read_table(folder / "runs.parquet")), tmp_path / "runs.parquet")
    with pytest.raises(ConfigurationError) as refused:
        read(tmp_path)
    assert said in str(refused.value) and "\n" not in str(refused.value)


def test_no_table_is_said_in_one_line(tmp_path):
    with pytest.raises(ConfigurationError, match="no such file"):
        analyse("concentration", tmp_path)
