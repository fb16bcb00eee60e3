"""The experiment `ablation`: its arms, its noise floor, and its verdicts."""

import numpy as np
import pytest

from conftest import analysed, read_csv
from sim.command.preflight import parse
from sim.registry.parameters import ConfigurationError
from sim.runs.plan import make_plan
from sim.studies import findings_of, load, needs
from sim.studies.ablation.study import (
    ALL_OFF,
    BASE,
    IRRELEVANT,
    SHARES,
    VERDICTS,
    check_arms,
    every_outcome,
    scenario_rows,
    share,
)
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


def test_one_arm_switches_all_levers_off_that_centralised_switches_on():
    plan = make_plan(parse(["+experiment=ablation"]), needs)
    here = [point for point in plan.points if point.values["arm"] == ALL_OFF]
    assert [point.scenario for point in here] == ["centralised"]
    levers = {key: value for key, value in here[0].base.items() if key.startswith("organisation.levers.")}
    on = {key for key, value in levers.items() if value}
    assert on == {key for key, value in here[0].changes.items() if value is False} and len(on) == 9


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


def test_a_share_is_the_change_without_one_lever_over_that_without_all():
    luck, small = np.random.default_rng(5).normal(100, 3, 12), np.random.default_rng(6).normal(0, 0.1, (2, 12))
    for size in (-10.0, 10.0):
        found = share(luck, luck + 0.8 * size + small[0], luck + size + small[1])
        assert found["share"] == pytest.approx(0.8, abs=0.02)
        assert found["share_low"] < found["share"] < found["share_high"]
        assert found["share_high"] - found["share_low"] < 0.1
    against = share(luck, luck - 5, luck + 10 + small[0])
    assert against["share"] < 0 and against["share_high"] < 0
    unsure = share(luck, luck + 1 + small[0], luck + small[1])
    assert not np.isfinite(unsure["share_low"])
    assert share(luck, luck + 1, luck) == dict.fromkeys(SHARES, "")


def test_shares_stand_in_the_rows_of_levers_alone():
    draw = np.random.default_rng(3).normal(100, 1, (5, 6))
    names = [BASE, IRRELEVANT, "lever skim off", ALL_OFF, "M1 no season"]
    at = {("centralised", name): list(range(6 * k, 6 * k + 6)) for k, name in enumerate(names)}
    lines = {row["arm"]: row for row in scenario_rows("centralised", at, {"price_mean": draw.ravel()})}
    assert [arm for arm, row in lines.items() if row["share"] != ""] == ["lever skim off"]
    assert len({tuple(row) for row in lines.values()}) == 1  # the same columns in every row
    del at["centralised", ALL_OFF]
    assert all(row["share"] == "" for row in scenario_rows("centralised", at, {"price_mean": draw.ravel()}))
