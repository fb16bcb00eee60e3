"""The decomposition: a small real sweep with a placebo, games with known values, what is refused, the figure."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from conftest import SMALL, play, read_csv, swept
from sim.command.preflight import parse
from sim.registry.config_files import names
from sim.registry.parameters import ConfigurationError
from sim.runs.plan import make_plan
from sim.studies import analyse, needs
from sim.studies.decomposition.study import EXACT, KEY, TOTAL, effect_rows, read_game
from sim.studies.decomposition.tables import cell, in_millions
from sim.world.ownership import LEVERS

ALL = [*(lever for lever in LEVERS if lever != "placebo"), "central_costs"]
SWEPT = ("joint_pricing", "joint_restraint", "placebo")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Folder of a finished sweep: two levers and the placebo in all 8 combinations, two seeds, the other levers off."""
    off = [f"{KEY}{lever}=choice(false)" for lever in ALL if lever not in SWEPT]
    small = [*SMALL, "nights=20", "warmup=15", "replicates=2"]
    return swept(tmp_path_factory.mktemp("decomposition"), "+experiment=decomposition", *small,
                 f"{KEY}placebo=false,true", *off)


@pytest.fixture(scope="module")
def said(folder):
    return analyse("decomposition", folder)


def rows_of(folder, name="shapley.csv"):
    return read_csv(folder / name)


def synthetic(folder, value, levers, seeds=3, **more) -> Path:
    """A folder with a table of runs in which `price_mean` is value(levers that are on, seed)."""
    masks = np.repeat(np.arange(1 << len(levers)), seeds)
    on = [{lever for i, lever in enumerate(levers) if mask >> i & 1} for mask in masks.tolist()]
    seed = np.tile(np.arange(seeds), 1 << len(levers))
    table = {"experiment": ["x"] * len(masks)}
    table |= {f"{KEY}{lever}": [lever in those for those in on] for lever in levers}
    table |= {"scenario": ["centralised"] * len(masks), "replicate": seed,
              "price_mean": [float(value(those, s)) for those, s in zip(on, seed.tolist())]}
    table |= {name: [float(f(those, s)) for those, s in zip(on, seed.tolist())] for name, f in more.items()}
    pq.write_table(pa.table(table), folder / "runs.parquet")
    return folder


# the experiments ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("experiment, scenario", [("decomposition", "centralised"),
                                                  ("decomposition_dossier", "dossier")])
def test_an_experiment_is_every_combination_of_the_levers_that_matter(experiment, scenario):
    plan = make_plan(parse([f"+experiment={experiment}"]), needs)
    combinations = {tuple(point.values[f"{KEY}{lever}"] for lever in ALL) for point in plan.points}
    assert len(combinations) == len(plan.points) == 2 ** len(ALL) and plan.swept == [f"{KEY}{lever}" for lever in ALL]
    assert {point.scenario for point in plan.points} == {scenario} and plan.settings["analysis"] == "decomposition"
    assert names("experiment")[experiment]
    alone = make_plan(parse(plan.command(plan.points[5]).split()[3:]), needs)  # what is printed where a point fails
    assert len(alone.points) == 1 and alone.points[0].identity == plan.points[5].identity
    assert alone.settings["analysis"] is None
    assert not any(vars(plan.points[0].parameters.organisation.levers).values())


@pytest.mark.parametrize("scenario, base", [("dossier", "status_quo"), ("centralised", "fragmented")])
def test_without_levers_it_is_the_baseline(scenario, base):
    off = play(scenario, *(f"{KEY}{lever}=false" for lever in ALL)).record()
    other = play(base).record()
    assert repr(off.run) == repr(other.run)
    assert all(off.nights[name].tobytes() == other.nights[name].tobytes() for name in off.nights)


# a real sweep ------------------------------------------------------------------------------------------------------
@pytest.mark.long
def test_the_placebo_gets_exactly_nothing(folder, said):
    placebo = [row for row in rows_of(folder) if row["lever"] == "placebo"]
    assert len(placebo) > 8
    for row in placebo:
        assert {float(v) for k, v in row.items() if v and k not in ("outcome", "part", "unit", "lever", "n")} == {0.0}
    pairs = [row for row in rows_of(folder, "interactions.csv") if "placebo" in (row["lever"], row["other"])]
    assert pairs and {float(row["mean"]) for row in pairs} == {0.0}
    for name, columns in (("values", 6), ("apart", 5)):
        cells = next(line[1:] for line in said.tables[name].rows if line[0] == "placebo")
        assert [str(cell) for cell in cells] == ["0"] * columns


@pytest.mark.long
def test_values_sum_to_the_difference_and_parts_to_the_ratio(folder, said):
    rows = rows_of(folder)
    for name in {row["outcome"] for row in rows}:
        whole = {row["lever"]: float(row["mean"]) for row in rows if row["outcome"] == name and not row["part"]}
        total = whole.pop(TOTAL)
        assert sum(whole.values()) == pytest.approx(total, rel=EXACT, abs=1e-9 * max(map(abs, whole.values())))
        parts = [float(row["mean"]) for row in rows if row["outcome"] == name and row["part"]]
        assert not parts or sum(parts) == pytest.approx(total, rel=1e-9)
    assert float(said.values["error"]) < EXACT


@pytest.mark.long
def test_a_total_is_the_paired_difference_of_two_runs(folder, said):
    runs = pq.read_table(folder / "runs.parquet").to_pylist()
    price = {(run[f"{KEY}joint_pricing"], run[f"{KEY}joint_restraint"], run["replicate"]): run["price_mean"]
             for run in runs}
    expected = np.mean([price[True, True, k] - price[False, False, k] for k in range(2)])
    row = next(row for row in rows_of(folder) if (row["outcome"], row["lever"]) == ("price_mean", TOTAL))
    assert float(row["mean"]) == pytest.approx(expected) and row["unit"] == "EUR" and row["n"] == "2"
    name, cell, *_ = said.tables["apart"].rows[-1]
    assert (name, cell.value) == ("*all: the difference*", float(row["mean"]))


@pytest.mark.long
def test_figure_and_caption_are_there(folder, said):
    for name in ("shapley.pdf", "shapley.png"):
        assert (folder / "figures" / name).stat().st_size > 10_000
    caption = (folder / "figures" / "captions.md").read_text(encoding="utf-8")
    assert "8 combinations × 2 seeds" in caption and "no estimate" in caption


# games with known values -------------------------------------------------------------------------------------------
def test_twins_get_the_same_and_a_product_is_shared(tmp_path):
    """v = 100 + 10 (a or b) + 4 (c and d): a and b are twins, c and d work only together, e does nothing."""
    def value(on, seed):
        return 100 + 10 * bool(on & {"a", "b"}) + 4 * ({"c", "d"} <= on)

    found = analyse("decomposition", synthetic(tmp_path, value, "abcde"))
    rows = {row["lever"]: row for row in rows_of(tmp_path)}
    assert rows["a"]["mean"] == rows["b"]["mean"] and float(rows["a"]["mean"]) == pytest.approx(5)
    assert float(rows["c"]["mean"]) == float(rows["d"]["mean"]) == pytest.approx(2) and float(rows["e"]["mean"]) == 0
    assert (float(rows["a"]["first_in"]), float(rows["a"]["last_in"])) == (10, 0)
    assert (float(rows["c"]["first_in"]), float(rows["c"]["last_in"])) == (0, 4)
    pairs = {(row["lever"], row["other"]): float(row["mean"]) for row in rows_of(tmp_path, "interactions.csv")}
    assert pairs["a", "b"] == pytest.approx(-10) and pairs["c", "d"] == pytest.approx(4) and pairs["a", "c"] == 0
    _, levers, interaction = found.tables["pairs"].rows[0]
    assert (levers, str(interaction)) == ("a × b", "-10")
    assert set(found.tables) == {"apart", "pairs"}  # there are no primary outcomes and no ratio in this game


def test_a_ratio_is_told_by_its_parts(tmp_path):
    folder = synthetic(tmp_path, lambda on, seed: 1, "ab", gross_income=lambda on, seed: 100 + 100 * ("b" in on) + seed,
                       bribes=lambda on, seed: 10 + 10 * ("a" in on),
                       bribes_per_gross=lambda on, seed: (10 + 10 * ("a" in on)) / (100 + 100 * ("b" in on) + seed))
    parts = analyse("decomposition", folder).tables["parts"]
    rows = {(row["part"], row["lever"]): float(row["mean"]) for row in rows_of(folder)
            if row["outcome"] == "bribes_per_gross"}
    assert rows["by_denominator", "a"] == rows["by_numerator", "b"] == 0
    assert rows["by_numerator", "a"] == pytest.approx(rows["", "a"]) and rows["", "a"] > 0 > rows["", "b"]
    assert [(line[0], *(cell.value for cell in line[1:])) for line in parts.rows] == [
        (lever, *(rows[part, lever] for part in ("", "by_numerator", "by_denominator"))) for lever in "ab"]


def test_a_seed_without_a_number_is_left_out_and_one_seed_has_no_interval(tmp_path):
    folder = synthetic(tmp_path, lambda on, seed: np.nan if seed and "a" in on else 3 * ("a" in on), "ab", seeds=2)
    row = next(row for row in effect_rows(read_game(folder / "runs.parquet"), "price_mean") if row["lever"] == "a")
    assert (row["n"], row["mean"]) == (1, 3) and np.isnan(row["low"])
    table = analyse("decomposition", folder).tables["apart"]
    assert [str(line[1]) for line in table.rows] == ["+3", "0", "+3"]


def test_a_column_is_in_millions_as_a_whole_and_exactly_nothing_is_bare():
    row = {"mean": -0.25e6, "high": 0.05e6}
    assert str(cell(row, "joint_surplus", in_millions([row, {"mean": 2e6}]))) == "-0.25 M ± 0.30 M"
    assert str(cell(row, "joint_surplus", in_millions([row]))) == "-250 000 ± 300 000"
    assert str(cell({"mean": 0.0, "high": 0.0}, "joint_surplus", True)) == "0"
    assert str(cell({"mean": 1.0, "high": 2.0}, "joint_surplus", True)) == "+0.00 M ± 0.00 M"


# what is refused ---------------------------------------------------------------------------------------------------
def refused(folder, change, said):
    path = synthetic(folder, lambda on, seed: len(on), "ab") / "runs.parquet"
    pq.write_table(change(pq.read_table(path)), path)
    with pytest.raises(ConfigurationError, match=said) as caught:
        analyse("decomposition", folder)
    assert "\n" not in str(caught.value)


def test_a_missing_combination_or_replicate_is_one_line(tmp_path):
    refused(tmp_path, lambda t: t.filter(~np.isin(np.arange(12), [3, 4, 5])), r"3 of 12 runs are missing, .* on: a \(")
    refused(tmp_path, lambda t: t.slice(0, 11), r"1 of 12 runs are missing, .* on: a, b \(replicate 2\)")


def test_other_keys_other_seeds_and_no_lever_are_one_line(tmp_path):
    def patrols(t):
        return t.add_column(1, "police.patrols", [list(range(12))])

    refused(tmp_path, patrols, "police.patrols varies too")
    refused(tmp_path, lambda t: t.append_column("seed", [list(range(12))]), "different seeds")
    refused(tmp_path, lambda t: t.drop_columns([f"{KEY}a", f"{KEY}b"]), "no lever was swept")
