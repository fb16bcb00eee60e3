"""Experiments with arms: plans, comparisons with known answers, accounts of protection, and the four studies."""

import math
import re
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from conftest import analysed, play, read_csv
from sim.command.preflight import parse
from sim.registry.outcomes import outcomes, primary
from sim.runs.grid import Grid
from sim.runs.plan import make_plan
from sim.studies import findings_of, needs
from sim.studies.policies.study import KEYS, Place, every_outcome, own_line, rows_of
from sim.world.calendar import Calendar

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "results" / "reference"
STUDIES = ("camps", "pushbacks", "protection", "branding")
ROWS = "arm,police.patrols\nnone,\nsame,\nmore,160\nagain,160\n"  # a design with names for its rows


# plans -------------------------------------------------------------------------------------------------------------
def plan(*words):
    return make_plan(parse(list(words)), needs)


def test_arms_are_crossed_with_scenarios_and_swept_values(tmp_path):
    (tmp_path / "rows.csv").write_text(ROWS)
    points = plan("scenarios=[fragmented,dossier]", "camps.rent=10,12", f"design={tmp_path / 'rows.csv'}").points
    assert [(p.values["arm"], p.values["camps.rent"], p.scenario) for p in points] == [
        (arm, rent, scenario) for arm in ("none", "same", "more", "again") for rent in (10, 12)
        for scenario in ("fragmented", "dossier")]
    assert {p.parameters.police.patrols for p in points if p.values["arm"] == "more"} == {160}
    assert {p.parameters.police.patrols for p in points if p.values["arm"] == "same"} == {80}


@pytest.mark.long
@pytest.mark.parametrize("study", STUDIES)
def test_a_study_starts_from_its_base_and_names_no_arm_twice_by_value(study):
    points = [p for p in plan(f"+experiment={study}").points if p.scenario == "status_quo"]
    assert len({p.identity for p in points}) == len(points) > 3


@pytest.mark.long
@pytest.mark.parametrize("study, arm, scenario", [
    ("camps", "spring_2025", "camp_closures"), ("pushbacks", "ended", "pushback_end"),
    ("branding", "attracts", "branding"), ("branding", "none", "status_quo"), ("pushbacks", "default", "status_quo"),
])
def test_an_arm_of_status_quo_is_the_scenario_of_that_name(study, arm, scenario):
    """The same identity is the same parameters, seed and code, so the same bytes."""
    found = [p.identity for p in plan(f"+experiment={study}").points
             if (p.values["arm"], p.scenario) == (arm, "status_quo")]
    assert found == [p.identity for p in plan(f"scenarios=[{scenario}]").points]


# comparisons -------------------------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A tiny real sweep, analysed: four arms, two of them doubles, in two scenarios."""
    path = tmp_path_factory.mktemp("policies")
    (path / "rows.csv").write_text(ROWS)
    return analysed(path, "policies", "analysis=policies", "scenarios=[fragmented,centralised]", "replicates=2",
                    f"design={path / 'rows.csv'}")


@pytest.fixture(scope="module")
def rows(folder):
    return read_csv(folder / "single.csv")


@pytest.mark.long
def test_every_outcome_stands_in_every_arm_and_scenario(rows):
    assert set(primary()) <= set(every_outcome()) <= set(outcomes())
    for name in every_outcome():
        assert [(r["scenario"], r["arm"]) for r in rows if r["outcome"] == name] == [
            (s, a) for s in ("fragmented", "centralised") for a in ("none", "same", "more", "again")]


@pytest.mark.long
def test_the_base_is_compared_with_nothing_and_its_double_is_equal(rows):
    for row in rows:
        if row["arm"] == "none":
            assert row["difference"] == row["interaction"] == ""
        if row["arm"] == "same" and row["difference"]:
            assert float(row["difference"]) == float(row["difference_low"]) == float(row["difference_high"]) == 0
            assert row["difference_verdict"] in ("equivalent", "")
            assert row["interaction"] in ("", "0.0")


@pytest.mark.long
def test_arms_with_the_same_values_are_the_same(rows):
    more, again = ([{k: v for k, v in r.items() if k != "arm"} for r in rows if r["arm"] == arm]
                   for arm in ("more", "again"))
    assert more == again


@pytest.mark.long
def test_only_what_has_a_counterpart_is_compared_with_it(rows):
    assert all(r["control"] == "" for r in rows if r["scenario"] == "fragmented")
    assert any(r["control"] for r in rows if r["scenario"] == "centralised")


def made(tmp_path, effect, replicates=12):
    """A table of runs made up: noise that arms share, an effect of the arm, another with control."""
    keyed = np.random.default_rng(5)
    luck = keyed.normal(0, 30, replicates)
    lines = []
    for arm, scenario in ((a, s) for a in ("base", "policy") for s in ("status_quo", "dossier")):
        for k in range(replicates):
            value = 1000 + luck[k] + 200 * (scenario == "dossier") + keyed.normal(0, 1)
            value += (100 + effect * (scenario == "dossier")) * (arm == "policy")
            lines.append({"experiment": "made", "arm": arm, "scenario": scenario, "replicate": k}
                         | dict.fromkeys(outcomes(), 1.0) | {"outlay_per_arrival": value})
    pq.write_table(pa.Table.from_pylist(lines), tmp_path / "runs.parquet")
    return [r for r in rows_of(Grid(tmp_path, KEYS)) if r["outcome"] == "outlay_per_arrival" and r["arm"] == "policy"]


def test_a_planted_difference_in_differences_is_found(tmp_path):
    without, controlled = made(tmp_path, effect=-80.0)
    assert without["difference"] == pytest.approx(100, abs=2) and controlled["difference"] == pytest.approx(20, abs=2)
    assert controlled["control"] == pytest.approx(120, abs=2)
    assert controlled["interaction"] == pytest.approx(-80, abs=3)
    assert controlled["interaction_low"] < -80 < controlled["interaction_high"]
    assert controlled["interaction_verdict"] == "different" and without["interaction"] == ""


def test_where_none_is_planted_the_arm_does_the_same_with_control(tmp_path):
    _, controlled = made(tmp_path, effect=0.0)
    assert controlled["interaction_verdict"] == "equivalent"


def test_one_replicate_gives_levels_and_no_verdict(tmp_path):
    _, controlled = made(tmp_path, effect=0.0, replicates=1)
    assert controlled["mean"] > 0 and controlled["interaction_verdict"] == controlled["difference_verdict"] == ""


@pytest.mark.long
def test_figures_and_terminal_hold_the_arms(folder):
    assert {"single.pdf", "single.png", "captions.md"} <= {p.name for p in (folder / "figures").iterdir()}
    said = (folder / "said.txt").read_text(encoding="utf-8")
    assert "centralised: change less that in fragmented" in said and "again" in said


@pytest.mark.long
def test_findings_hold_every_comparison_with_its_verdict(folder, rows):
    findings = findings_of("policies", folder)
    assert list(findings.tables) == ["fragmented", "centralised", "centralised_less", "centralised_control"]
    find = {(r["outcome"], r["arm"]): r for r in rows if r["scenario"] == "centralised"}
    for name, line in zip(primary(), findings.tables["centralised_less"].rows):
        expected = [find[name, arm]["interaction_verdict"] for arm in ("same", "more", "again")]
        assert [getattr(cell, "verdict", "") for cell in line[1:]] == expected
    assert findings.values["arms"] == "4" and findings.values["n"] == "2"


def test_arms_with_budgets_stand_side_by_side_at_the_same_budget():
    findings = findings_of("policies", REFERENCE / "protection")
    assert list(findings.tables) == ["status_quo_at_2", "status_quo_at_5", "status_quo_at_11", "money"]
    for budget in ("2", "5", "11"):
        head = findings.tables[f"status_quo_at_{budget}"].head
        assert len(head) == 7 and all(name.endswith(f" {budget}") for name in head[2:])
    sure = {arm: math.isnan(cell.low) for _, arm, cell, *_ in findings.tables["money"].rows}
    assert all(sure[f"patrols {budget}"] for budget in ("2", "5", "11"))  # cost the same in every replicate
    assert not any(sure[f"operations {budget}"] for budget in ("2", "5", "11"))


# accounts of protection --------------------------------------------------------------------------------------------
UNIT_COSTS = ("camps.place_cost", "migrants.support_cost", "migrants.information_cost", "border.admission_cost")


def test_accounts_add_up_and_change_nothing(small_market):
    once = small_market.record().run
    twice = play("status_quo", "camps.place_cost=30", "migrants.support_cost=10", "migrants.information_cost=10",
                 "border.admission_cost=10000").record().run
    parts = ("cost_camps", "cost_support", "cost_admissions")
    assert once["protection_cost"] == pytest.approx(sum(once[name] for name in parts))
    for name, value in once.items():
        expected = 2 * value if name in (*parts, "protection_cost") else value
        assert twice[name] == pytest.approx(expected, nan_ok=True), name


def test_places_and_admissions_are_charged_as_they_are(small_market):
    p, run = small_market.world.p, small_market.record().run
    places = sum(p.camps.by_region) * round(p.camps.capacity * p.scale)
    assert run["cost_camps"] == pytest.approx(places * p.camps.place_cost * p.nights)
    assert run["cost_admissions"] == pytest.approx(run["admissions"] * p.border.admission_cost)
    patrols = round(p.police.patrols * p.scale) * p.police.patrol_cost * p.nights
    assert run["state_cost"] - run["cost_operations"] == pytest.approx(patrols)


# money -------------------------------------------------------------------------------------------------------------
CLAIMED = {"2": 6_000, "5": 15_000, "11": 30_000}  # EUR a night, as the head of the experiment's file says


def test_patrols_and_places_are_matched_by_arithmetic():
    points = {p.values["arm"]: p.parameters for p in plan("+experiment=protection").points
              if p.scenario == "status_quo"}
    base = points["base"]
    for budget, claimed in CLAIMED.items():
        more = points[f"patrols_{budget}"].police.patrols - base.police.patrols
        assert more * base.police.patrol_cost == claimed
        assert place_nights(points[f"camps_{budget}"]) - place_nights(base) == pytest.approx(
            claimed * base.nights / base.camps.place_cost, rel=0.015)


def place_nights(p) -> int:
    """Places times recorded nights on which their camp is open."""
    nights = 0
    closing = Calendar(p).closures
    for k in range(sum(p.camps.by_region)):
        nights += p.camps.capacity * max(0, min(closing.get(f"C{k + 1:02d}", p.nights), p.nights))
    return nights


def test_every_measure_came_near_its_budget_in_the_reference_run():
    rows = read_csv(REFERENCE / "protection" / "protection.csv")
    find = {Place(r["outcome"], r["scenario"], r["arm"]): r for r in rows}
    nights = plan("+experiment=protection").points[0].base["nights"]
    for arm in dict.fromkeys(r["arm"] for r in rows if r["arm"] != "base"):
        spent, low, high = own_line(find, "status_quo", arm)
        claimed = CLAIMED[arm.rpartition("_")[2]] * nights
        assert low <= claimed <= high or spent == pytest.approx(claimed, rel=0.1), arm


# pages -------------------------------------------------------------------------------------------------------------
PAGES = ["docs/policies.md", "docs/branding.md", *(f"experiments/{s}/README.md" for s in STUDIES),
         *(f"configs/experiment/{s}.yaml" for s in STUDIES)]


@pytest.mark.parametrize("page", PAGES)
def test_nothing_is_recommended(page):
    text = (ROOT / page).read_text(encoding="utf-8").lower()
    assert not re.search(r"\b(optim\w*|best|ideal\w*|should|recommend\w*|cost-effective\w*)\b", text)
