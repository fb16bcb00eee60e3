"""The experiment `crackdown`: what an imposed operation does and does not touch, and the study of its nights."""


import numpy as np
import pytest

from conftest import analysed, play, read_csv
from sim.command.preflight import parse
from sim.registry.parameters import ConfigurationError
from sim.runs.plan import make_plan
from sim.studies import analyse, findings_of, needs
from sim.studies.crackdown.study import LENGTH, WINDOWS, months
from sim.studies.event_study import CORRIDORS, OUTCOMES

SOON = "police.crackdown_from=2023-01-08"  # night 7


def bytes_of(record, nights=None) -> dict:
    """Nightly columns as bytes, of the first nights alone if asked."""
    return {name: column[:nights].tobytes() for name, column in record.nights.items()}


def operation(*words):
    """The nightly record of a small run."""
    return play("status_quo", SOON, *words).record()


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A tiny real study: two worlds, two lengths, two replicates."""
    return analysed(tmp_path_factory.mktemp("crackdown"), "crackdown", "+experiment=crackdown", "scale=0.1",
                    "nights=70", "warmup=10", "replicates=2", "police.crackdown_from=2023-01-15",
                    "scenarios=[fragmented,dossier]", f"sweep={{{LENGTH}:[0,14]}}")


def rows(folder, name="crackdown.csv"):
    return read_csv(folder / name)


# the operation -----------------------------------------------------------------------------------------------------
def test_no_nights_is_the_scenario_to_the_byte():
    plain, none = play("status_quo").record(), operation("police.crackdown_nights=0")
    assert repr(plain.run) == repr(none.run) and bytes_of(plain) == bytes_of(none)


@pytest.mark.long
def test_before_it_every_arm_is_the_same_to_the_last_bit():
    arms = [bytes_of(operation(f"police.crackdown_nights={n}"), 7) for n in (0, 5, 15)]
    assert arms[0] == arms[1] == arms[2]


def test_it_lasts_its_nights_at_full_strength_and_ends_once():
    record = operation("police.crackdown_nights=15", "police.operation_ramp=1", "police.heat_threshold=1e6")
    assert np.flatnonzero(record.nights["operation"]).tolist() == list(range(7, 22))
    assert record.run["operations"] == 1


def test_patrols_are_added_where_it_says_and_paid_for():
    none, some = (operation(f"police.crackdown_nights={n}", "police.heat_threshold=1e6", "police.operation_cost=0",
                            "police.move_cost=0", "police.crackdown_patrols=[0.5,0,1]").nights["state_cost"]
                  for n in (0, 4))
    extra = (some - none) / none
    assert not extra[:7].any() and not extra[11:].any()
    assert extra[7:11] == pytest.approx(0.5 * 5 / 8 + 2 / 8, abs=0.1)  # 8 units at this scale: 5, 1 and 2


# the study ---------------------------------------------------------------------------------------------------------
def test_the_experiment_is_every_world_with_every_length():
    plan = make_plan(parse(["+experiment=crackdown"]), needs)
    assert {p.scenario for p in plan.points} == {"fragmented", "status_quo", "dossier"} and plan.nights
    assert sorted({p.values[LENGTH] for p in plan.points}) == [0, 91, 182, 364] and len(plan.points) == 12
    assert [months(n) for n in (21, 91, 182, 364)] == ["21 nights", "3 months", "6 months", "12 months"]


@pytest.mark.long
def test_every_world_length_series_and_window_is_told(folder):
    told = {(r["scenario"], int(r["operation_nights"]), r["series"], r["window"]) for r in rows(folder)}
    assert told == {(s, 14, series.name, w) for s in ("fragmented", "dossier") for series in OUTCOMES for w in WINDOWS}
    by = {(r["scenario"], r["operation_nights"], r["series"], r["window"]): r for r in rows(folder)}
    assert not by["fragmented", "14", "price", "during"]["did"]
    one, other = (by[s, "14", "people", "whole"] for s in ("dossier", "fragmented"))
    assert float(one["did"]) == pytest.approx(float(one["difference"]) - float(other["difference"]))
    assert float(by["dossier", "14", "state_cost", "during"]["difference"]) > 0


@pytest.mark.long
def test_weeks_before_the_start_are_exactly_nothing(folder):
    before = [r for r in rows(folder, "crackdown_weeks.csv") if int(r["week"]) < 0]
    assert before and {float(r[k] or 0) for r in before for k in ("difference", "low", "high")} == {0.0}


@pytest.mark.long
def test_what_is_lost_goes_somewhere(folder):
    found = {}
    for row in rows(folder, "crackdown_displacement.csv"):
        key = (row["scenario"], row["operation_nights"], row["window"], row["measure"])
        found.setdefault(key, []).append(row)
    assert len(found) == 2 * 1 * 3 * 2
    for places in found.values():
        assert [row["place"] for row in places] == [*CORRIDORS[1:], "nowhere"]
        if float(places[0]["lost"]) > 0:
            assert sum(float(row["share"]) for row in places) == pytest.approx(1)
        else:
            assert not any(row["share"] for row in places)


@pytest.mark.long
def test_tables_hold_the_numbers_of_the_csv_files(folder):
    tables, by = findings_of("crackdown", folder).tables, {}
    for row in rows(folder):
        by[row["scenario"], row["series"], row["window"]] = row
    head, lines = tables["effects"].head, {line[0]: line[1:] for line in tables["effects"].rows}
    assert head[1:4] == tuple(f"fragmented: {words}" for words in WINDOWS.values()) and len(head) == 7
    cells = dict(zip([(s, w) for s in ("fragmented", "dossier") for w in WINDOWS], lines["Cost to the state [EUR]"]))
    for (scenario, name), cell in cells.items():
        row = by[scenario, "state_cost", name]
        assert cell.value == float(row["difference"])
        assert cell.half_width == pytest.approx(float(row["high"]) - float(row["difference"]))
    did = {line[0]: line[1:] for line in tables["did"].rows}["People present [persons]"]
    assert [cell.value for cell in did] == [float(by["dossier", "people", "whole"]["did"])]
    moved = {line[0]: line[3] for line in tables["moved"].rows}
    assert {s: cell.value for s, cell in moved.items()} == {
        row["scenario"]: float(row["lost"]) for row in rows(folder, "crackdown_displacement.csv")
        if (row["window"], row["measure"]) == ("during", "crossings")}
    assert len(tables["recovery"].rows) == len(OUTCOMES)


@pytest.mark.long
def test_figures_and_captions_are_there_and_nothing_is_recommended(folder):
    for name in ("crackdown.pdf", "crackdown.png", "crackdown_dossier.png", "captions.md"):
        assert (folder / "figures" / name).stat().st_size > 500
    said = (folder / "said.txt").read_text(encoding="utf-8") + (folder / "figures" / "captions.md").read_text("utf-8")
    assert not {"optimal", "best", "should", "recommend", "effective"} & set(said.lower().split())


@pytest.mark.long
def test_a_study_without_its_reference_length_is_one_line(folder, tmp_path):
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    table = pq.read_table(folder / "nights.parquet")
    pq.write_table(table.filter(pc.not_equal(table[LENGTH], 0)), tmp_path / "nights.parquet")
    plan = next(folder.glob("plan-*.json"))
    (tmp_path / plan.name).write_bytes(plan.read_bytes())
    with pytest.raises(ConfigurationError, match="every world needs every length, and 0"):
        analyse("crackdown", tmp_path)
