"""The experiment `ablation`: its arms, its noise floor, and its verdicts."""

import numpy as np
import pytest

from conftest import analysed, read_csv
from sim.command.preflight import parse
from sim.registry.parameters import ConfigurationError
from sim.runs.plan import make_plan
from sim.studies import findings_of, load, needs
from sim.studies.ablation.study import BASE, IRRELEVANT, VERDICTS, check_arms, every_outcome, scenario_rows
from sim.world.ownership import LEVERS

ARMS = ("design=[{arm:base},{arm:irrelevant,migrants.price_sensitivity:0.00230023},"
        "{arm:joint work from 2030 on,police.joint_work_from:'2030-01-01'},{arm:no decoys,rules.decoys:none}]")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return analysed(tmp_path_factory.mktemp("ablation"), "ablation", "+experiment=ablation", "scenarios=[status_quo]",
                    "replicates=2", ARMS)


def test_every_lever_has_an_arm_and_every_mechanism_one():
    plan = make_plan(parse(["+experiment=ablation"]), needs)
    arms = {point.values["arm"] for point in plan.points}
    assert {f"lever {name} off" for name in LEVERS if name != "placebo"} <= arms
    assert {f"M{k}" for k in range(1, 22)} <= {arm.split(" ")[0] for arm in arms}
    load("ablation").check(plan)


def test_an_arm_that_changes_nothing_is_identical_and_a_change_is_paired(folder):
    rows = read_csv(folder / "ablation.csv")
    assert len(rows) == 3 * len(every_outcome())
    same = [row for row in rows if row["arm"].startswith("joint work")]
    assert {row["verdict"] for row in same} <= {"", VERDICTS[2]}
    assert all(float(row["difference"]) == 0 for row in same if row["difference"])
    assert any(float(row["difference"]) != 0 for row in rows if row["arm"] == "no decoys" and row["difference"])


def test_the_tables_have_a_row_for_each_arm_and_the_floor(folder):
    findings = findings_of("ablation", folder)
    first = [row[0] for row in findings.tables["status_quo"].rows]
    assert first == ["irrelevant", "joint work from 2030 on", "no decoys", "*noise floor, ±*"]
    assert "joint work from 2030 on" in findings.values["idle"]


def verdict(change: float, noise: float) -> str:
    """The verdict on an arm that shifts every run by `change`, where irrelevant arms differ by `noise` at random."""
    spread = np.random.default_rng(3).normal(0, 1, (3, 12))
    arms = {BASE: 100 + spread[0], IRRELEVANT: 100 + spread[0] + noise * spread[1],
            "arm": 100 + spread[0] + change + 0.1 * spread[2]}
    names = list(arms)
    at = {("s", name): list(range(12 * k, 12 * k + 12)) for k, name in enumerate(names)}
    runs = {"price_mean": np.concatenate([arms[name] for name in names])}
    return next(row["verdict"] for row in scenario_rows("s", at, runs) if row["arm"] == "arm")


def test_an_outcome_is_moved_only_beyond_chance_and_beyond_the_floor():
    assert verdict(5.0, 0.5) == VERDICTS[0]
    assert verdict(5.0, 20.0) == VERDICTS[1]  # differs from zero, but irrelevant changes do as much
    assert verdict(0.0, 0.5) == VERDICTS[1]


@pytest.mark.parametrize("arms, missing", [(["irrelevant"], BASE), ([BASE, "other"], IRRELEVANT)])
def test_a_design_without_base_or_noise_floor_is_refused(arms, missing):
    with pytest.raises(ConfigurationError, match=missing):
        check_arms([("dossier", arm) for arm in arms])
