"""The study of emergence: a proper design, paired draws, the right table, and draws that can be played again."""

import json

import numpy as np
import pytest

from sim.command.preflight import check, parse
from sim.registry.configuration import compose_all, configure
from sim.registry.files import read_rows
from sim.registry.parameters import ConfigurationError, flatten
from sim.registry.ranges import varied
from sim.runs.design import ARM, read_design
from sim.runs.plan import make_plan, write_plan
from sim.runs.work import work
from sim.studies import analyse, findings_of, needs
from sim.studies.emergence.study import HEADLINES, design, other_signs, rounds, rows_to_run, signs

TINY = ["+experiment=emergence", "parameter_draws.count=3", "scale=0.05", "nights=8", "warmup=8"]


def test_the_design_is_a_latin_hypercube_within_the_ranges():
    rows = design(40, 1)
    for entry in varied():
        low, high = entry.range
        values = np.array([row[entry.key] for row in rows], float)
        assert (values >= low).all() and (values <= high).all()
        if entry.type == "float" and high > low:
            assert len(set(np.floor((values - low) / (high - low) * 40 - 1e-9))) == 40


def test_what_a_scenario_or_the_command_line_sets_stays():
    bases = {"fragmented": flatten(configure("fragmented", ["police.patrols=33"]).as_dict())}
    row = rows_to_run(bases, 1)[0]
    assert not {"gangs.large_share", "police.patrols"} & set(row)
    assert {"gangs.count", "police.staffing"} & {entry.key for entry in varied()} <= set(row)


def test_scenarios_are_paired_by_seed_and_draws_are_not():
    rows = next(rounds(*compose_all(TINY)))
    assert [row["scenario"] for row in rows] == ["fragmented", "centralised"] * 3
    assert [row[ARM] for row in rows] == [f"draw_{k // 2}" for k in range(6)]
    assert len({row["seed"] for row in rows}) == 3 and rows[0]["seed"] == rows[1]["seed"]


def test_two_scenarios_are_compared():
    with pytest.raises(ConfigurationError, match="give two"):
        next(rounds(*compose_all([*TINY, "scenarios=[fragmented]", "reference=null"])))


def test_the_experiment_is_a_sweep_that_chooses_its_own_points():
    assert needs("emergence").own_points and check(["+experiment=emergence"])[0] == "-m"


def test_signs_are_counted():
    differences = [dict.fromkeys(HEADLINES, value) for value in (1.0, 2.0, -3.0, 0.0)]
    row = signs(differences)[0]
    assert (row["rises"], row["falls"], row["verdict"], row["draw_of_the_other_sign"]) == (0.5, 0.25, "either way", 2)
    assert signs([dict.fromkeys(HEADLINES, 1.0)] * 30)[0]["verdict"] == "premise"
    assert signs([dict.fromkeys(HEADLINES, 0.0)] * 9 + [dict.fromkeys(HEADLINES, 1.0)])[0]["verdict"] == "either way"
    assert signs([dict.fromkeys(HEADLINES, np.nan)] * 3)[0]["verdict"] == "not seen"


def test_the_other_sign_comes_with_its_configuration():
    rows = design(4, 1)
    table = signs([dict.fromkeys(HEADLINES, value) for value in (1.0, 2.0, -3.0, 0.0)])
    lines = other_signs(table, rows)
    assert [line["key"] for line in lines] == [e.key for e in varied()]
    assert lines[0]["clashes"] == rows[2][lines[0]["key"]]


# a sweep -----------------------------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A tiny sweep, analysed."""
    folder = tmp_path_factory.mktemp("emergence")
    plan = make_plan(parse(TINY), needs, next(rounds(*compose_all(TINY))))
    work(folder, write_plan(plan, folder).name, 0, len(plan.points), "test", 1)
    (folder / "manifest.json").write_text(json.dumps({"configuration_hash": plan.name}))
    analyse("emergence", folder)
    return folder


def test_tables_are_of_the_runs(folder):
    draws, table = read_rows(folder / "draws.csv"), read_rows(folder / "emergence.csv")
    assert len(draws) == 3 and [row["outcome"] for row in table] == list(HEADLINES)
    assert any(row["rises"] for row in table)
    for row in filter(lambda row: row["rises"], table):
        values = np.array([float(draw[row["outcome"]] or "nan") for draw in draws])
        assert float(row["rises"]) == pytest.approx((values[np.isfinite(values)] > 0).mean(), abs=1e-4)


def test_a_draw_can_be_played_again_to_the_same_points(folder):
    """The design file gives the very points of the sweep, so that the store knows their runs already."""
    rows = read_design(folder / "other_signs_design.csv")
    names = {row[ARM] for row in rows}
    again = make_plan(parse([f"design={folder / 'other_signs_design.csv'}"]), needs)
    first = make_plan(parse(TINY), needs, next(rounds(*compose_all(TINY))))
    assert len(again.points) == 2 * len(names)
    assert {p.identity for p in again.points} == {p.identity for p in first.points if p.values[ARM] in names}


def test_the_table_shows_shares_in_per_cent(folder):
    shown = findings_of("emergence", folder).tables["signs"].rows
    for row, line in zip(shown, read_rows(folder / "emergence.csv"), strict=True):
        assert row[0] == line["label"]
        assert str(row[2]) == (f"{100 * float(line['rises']):.1f} %" if line["rises"] else "–")
