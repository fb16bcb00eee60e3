"""The experiment `crackdown`: what an imposed operation does and does not touch, and the study of paths of measures."""

import math

import numpy as np
import pytest

from conftest import analysed, play, read_csv
from sim.command.preflight import parse
from sim.findings.rows import value_of
from sim.registry.parameters import ConfigurationError
from sim.runs.plan import make_plan
from sim.studies import analyse, check_needs, findings_of, needs
from sim.studies.crackdown import STUDY, words
from sim.studies.crackdown.effects import Rows
from sim.studies.crackdown.paths import duration, paths_of
from sim.studies.crackdown.rows import PLACES
from sim.studies.crackdown.series import CONTRASTED, RETURNING, SERIES
from sim.studies.crackdown.study import WINDOWS
from sim.studies.crackdown.tables import half_life_of

SOON = "police.crackdown_from=2023-01-08"  # night 7
DESIGN = ("design=[{arm:none},{arm:days,police.calendar:[{kind:operation,from:'2023-01-15',nights:7,"
          "corridors:[rs_hu]}]},{arm:weeks,police.calendar:[{kind:presence,from:'2023-01-15',nights:42}]}]")


def bytes_of(record, nights=None) -> dict:
    """Nightly columns as bytes, of the first nights alone if asked."""
    return {name: column[:nights].tobytes() for name, column in record.nights.items()}


def operation(*words):
    """The nightly record of a small run."""
    return play("status_quo", SOON, *words).record()


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A tiny real study: two worlds, two paths, arrivals that answer and not, two replicates."""
    return analysed(tmp_path_factory.mktemp("crackdown"), "crackdown", "+experiment=crackdown", "scale=0.05",
                    "nights=113", "warmup=10", "replicates=2", "scenarios=[fragmented,status_quo]", DESIGN)


def rows(folder, name="crackdown.csv"):
    return read_csv(folder / name)


def planned(*words):
    """The plan of the experiment, checked as before a run."""
    plan = make_plan(parse(["+experiment=crackdown", *words]), needs)
    check_needs(plan)
    return plan


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


def test_a_cap_of_one_is_arrivals_that_answer_to_nothing_to_the_byte():
    measure = "police.calendar=[{kind: presence, from: 2023-01-05, strength: 3}]"
    capped = play("status_quo", measure, "migrants.arrival_cap=1", "migrants.news_delay=2").record()
    off = play("status_quo", measure, "migrants.arrival_response=0", "migrants.arrival_network=0",
               "migrants.news_delay=2").record()
    answering = play("status_quo", measure, "migrants.news_delay=2").record()
    assert bytes_of(capped) == bytes_of(off) and bytes_of(capped) != bytes_of(answering)


# the paths ---------------------------------------------------------------------------------------------------------
def test_the_experiment_is_every_world_with_every_path_and_answer():
    plan = planned()
    assert {p.scenario for p in plan.points} == {"fragmented", "status_quo", "dossier"} and plan.nights
    assert len(plan.points) == 66 and plan.points[0].replicates == 8
    lengths = ["operation, 13 nights", "operation, 6 weeks", *(f"presence, {n} months" for n in (3, 6, 12))]
    assert [path.label for path in paths_of(plan.points).values()] == [
        f"{length}, {place}" for length in lengths for place in ("RS-HU", "all corridors")]
    assert all(path.first == 56 for path in paths_of(plan.points).values())
    assert [duration(n) for n in (7, 41, 42, 60, 61)] == ["7 nights", "41 nights", "6 weeks", "60 nights", "2 months"]


@pytest.mark.parametrize("design, said", [
    ("[{arm:none},{arm:a,police.calendar:[{kind:presence,from:'2023-01-15'}]}]", "one measure that ends"),
    ("[{arm:none,police.calendar:[{kind:presence,from:'2023-01-15',nights:3}]},{arm:a}]", "arm none"),
    ("[{arm:none}]", "there is none besides none"),
    ("[{arm:a,police.calendar:[{kind:presence,from:'2023-01-15',nights:3}]}]", "needs arm=none"),
    ("[{arm:none},{arm:a,police.calendar:[{kind:presence,from:'2023-01-15',nights:3}]},"
     "{arm:b,police.calendar:[{kind:presence,from:'2023-01-16',nights:3}]}]", "begin on the same date"),
])
def test_a_design_without_paths_that_begin_together_is_refused_in_one_line(design, said):
    with pytest.raises(ConfigurationError) as refused:
        planned(f"design={design}")
    assert said in str(refused.value) and "\n" not in str(refused.value)


# the study ---------------------------------------------------------------------------------------------------------
@pytest.mark.long
def test_every_arm_series_and_window_has_a_row(folder):
    arms = {(s, a, arm) for s in ("fragmented", "status_quo") for a in ("answer", "given") for arm in ("days", "weeks")}
    found = [(r["scenario"], r["arrivals"], r["arm"], r["series"], r["window"]) for r in rows(folder)]
    assert len(found) == len(set(found)) and set(found) == {
        (*arm, series.name, w) for arm in arms for series in SERIES for w in WINDOWS}
    by = {(r["scenario"], r["arrivals"], r["arm"], r["series"], r["window"]): r for r in rows(folder)}
    here = by["status_quo", "answer", "weeks", "presence_rs_ba", "during"]
    assert float(here["difference"]) > 0.5
    elsewhere = by["status_quo", "answer", "days", "presence_rs_ba", "during"]
    assert float(elsewhere["difference"]) < 0.1  # an operation at rs_hu alone
    price = by["status_quo", "answer", "weeks", "price", "during"]
    assert float(price["change"]) == pytest.approx(100 * float(price["difference"]) / float(price["without"]), rel=1e-5)
    unrecorded = by["status_quo", "answer", "weeks", "price", "after"]  # 13 weeks after the end are not in the record
    assert math.isnan(value_of(unrecorded, "difference")) and by["status_quo", "answer", "days", "price", "after"]


@pytest.mark.long
def test_contrasts_are_differences_of_effects(folder):
    effects = {(r["scenario"], r["arrivals"], r["arm"], r["series"], r["window"]): value_of(r, "difference")
               for r in rows(folder)}
    contrasts = rows(folder, "crackdown_contrasts.csv")
    assert len(contrasts) == len(CONTRASTED) * 2 * (2 * 2 + 2 * 2)  # windows; owners: 2 answers, answer: 2 worlds
    for row in contrasts:
        other = (("fragmented", row["arrivals"]) if row["contrast"] == "owners" else (row["scenario"], "given"))
        tail = (row["arm"], row["series"], row["window"])
        gap = effects[row["scenario"], row["arrivals"], *tail] - effects[*other, *tail]
        assert value_of(row, "difference") == pytest.approx(gap, rel=1e-4, abs=1e-3, nan_ok=True)


@pytest.mark.long
def test_people_who_do_not_cross_are_somewhere(folder):
    by = {}
    for row in rows(folder, "crackdown_people.csv"):
        by.setdefault((row["scenario"], row["arrivals"], row["arm"]), {})[row["place"]] = float(row["persons"])
    assert len(by) == 8
    for (_, arrivals, arm), persons in by.items():
        assert list(persons) == list(PLACES)
        lost = persons["there"]
        assert lost == pytest.approx(sum(persons[p] for p in ("less_arrived", "elsewhere", "left", "died", "present",
                                                              "rest")), abs=1e-3)
        assert abs(persons["rest"]) <= 5  # few are admitted in a small world
        if arrivals == "given":
            assert persons["not_arrived"] == persons["less_arrived"] == 0
        if arm == "weeks":
            assert persons["elsewhere"] == 0  # the measure is everywhere


@pytest.mark.long
def test_weeks_before_the_start_are_exactly_nothing(folder):
    before = [r for r in rows(folder, "crackdown_weeks.csv") if int(r["week"]) < 0]
    assert before and {float(r[k]) for r in before for k in ("difference", "low", "high")} == {0.0}


@pytest.mark.long
def test_tables_hold_the_numbers_of_the_csv_files(folder):
    tables = findings_of("crackdown", folder).tables
    assert list(tables) == ["attempts", "interceptions", "crossings", "price", "harm", "corridors", "people",
                            "shelters", "guides", "returns", "worlds", "arrivals", "owners", "answer"]
    by = {(r["arm"], r["window"]): r for r in rows(folder)
          if (r["scenario"], r["arrivals"], r["series"]) == ("status_quo", "answer", "interceptions")}
    labels = {"operation, 7 nights, RS-HU": "days", "presence, 6 weeks, all corridors": "weeks"}
    assert [line[0] for line in tables["interceptions"].rows] == list(labels)
    for label, *cells in tables["interceptions"].rows:
        for cell, window in zip(cells, WINDOWS):
            row = by[labels[label], window]
            assert cell.value == pytest.approx(value_of(row, "change"), nan_ok=True)
            assert cell.low == pytest.approx(value_of(row, "change_low"), nan_ok=True)
    assert all(len(line) == len(table.head) for table in tables.values() for line in table.rows)
    assert {(r["arm"], r["series"]) for r in rows(folder, "crackdown_returns.csv")} == {
        (arm, series.name) for arm in ("days", "weeks") for series in RETURNING}


def test_a_half_life_says_why_there_is_none():
    row = {"state": "no loss", "loss": "-3.0", "half_life": "nan", "low": "nan", "high": "nan"}
    assert half_life_of(row) == "no loss" and half_life_of(None) == "–"
    row |= {"state": "not in the record", "loss": "42.3"}
    assert half_life_of(row) == "not in the record (42 %)"
    row |= {"state": "returned", "half_life": "17.5", "low": "10.5", "high": "inf"}
    assert half_life_of(row) == "18 (42 %; 10 to the end of the record)"


def effect(arm, series, window="during", difference=("0", "0", "0"), change=("0", "0", "0"), arrivals="answer"):
    """A row of crackdown.csv, as read back."""
    return {"scenario": "status_quo", "arrivals": arrivals, "arm": arm, "series": series, "window": window, "n": "8",
            **dict(zip(("difference", "low", "high"), difference)),
            **dict(zip(("change", "change_low", "change_high"), change))}


def stored(scale="1.0", effects=(), people=(), returns=(), contrasts=()) -> Rows:
    """Tables of two measures, one at a corridor and one at all, with nothing but zeros besides what is given."""
    given = {(row["arm"], row["series"], row["window"]): row for row in effects}
    found = [given.get((arm, series.name, window), effect(arm, series.name, window))
             for arm in ("days", "year") for series in SERIES for window in WINDOWS]
    paths = [{"arm": "days", "label": "operation, 7 nights, RS-HU", "nights": "7", "corridors": "rs_hu"},
             {"arm": "year", "label": "presence, 12 months, all corridors", "nights": "364",
              "corridors": "rs_hu rs_ba rs_ro"}]
    persons = [{"scenario": "status_quo", "arrivals": "answer", "arm": arm, "place": place, "n": "8",
                **dict(zip(("persons", "low", "high"), dict(people).get((arm, place), ("0", "0", "0"))))}
               for arm in ("days", "year") for place in PLACES]
    return Rows({"crackdown_paths": [{**path, "scale": scale} for path in paths], "crackdown": found,
                 "crackdown_people": persons, "crackdown_returns": list(returns),
                 "crackdown_contrasts": list(contrasts)})


def test_a_sentence_says_lower_or_higher_only_where_the_interval_excludes_0():
    told = words.values(stored(effects=[
        effect("days", "attempts", change=("-12.4", "-20", "-5")),
        effect("year", "attempts", change=("-62", "-70", "3")),
        effect("days", "price", change=("4", "1", "7")), effect("year", "price", change=("9", "6", "12")),
        effect("days", "crossings", change=("nan", "nan", "nan")), effect("year", "crossings", change=("nan", "", "")),
        effect("year", "deaths", difference=("-3.25", "-5", "-1.5"))]))["during"].splitlines()
    assert told == [
        "- Attempts: lower under 1 of 2 measures (most under operation, 7 nights, RS-HU: -12 (-20 to -5) %), not shown "
        "to differ under 1 of 2 measures.",
        "- Interceptions: not shown to differ under any of 2 measures.",
        "- Crossings: no window is recorded whole.",
        "- Price: higher under all 2 measures (most under presence, 12 months, all corridors: +9 (+6 to +12) %).",
        "- Deaths: lower under 1 of 2 measures (most under presence, 12 months, all corridors: -3.2 (-5.0 to -1.5) "
        "persons), not shown to differ under 1 of 2 measures.",
        "- Abductions: not shown to differ under any of 2 measures."]


def test_the_page_says_where_those_are_who_did_not_cross():
    people = {("days", "there"): ("100", "80", "120"), ("days", "elsewhere"): ("60", "50", "70"),
              ("days", "not_arrived"): ("30", "20", "40"), ("year", "there"): ("5", "-5", "15"),
              ("days", "less_arrived"): ("30", "20", "40"), ("days", "present"): ("9", "1", "17")}
    one, everywhere = words.values(stored(people=people))["places"].splitlines()
    assert "100 (80 to 120) fewer people crossed there" in one and "+60 crossings at other corridors" in one
    assert "+9 people present at its end; +30 people turned back" in one
    assert everywhere.endswith("it is not shown that fewer people cross there (-5 (-15 to +5) persons).")


def test_half_lives_of_measures_are_summed_up():
    def back(arm, state, nights):
        return {"scenario": "status_quo", "arrivals": "answer", "arm": arm, "series": "attempts", "loss": "50",
                "state": state, "half_life": nights, "low": nights, "high": nights}

    def told(*rows):
        return words.values(stored(returns=rows))["back"].splitlines()[0]

    assert told(back("days", "returned", "4.5"), back("year", "not in the record", "inf")) == (
        "- Attempts: lower at the end under all 2 measures; half of the loss is back after 4 nights under 1 of them; "
        "half is not back in the record under 1.")
    assert "no measure is shown to have lowered them" in told(back("days", "no loss", "nan"))


def test_a_contrast_counts_cases_on_either_side():
    def gap(arm, series, low, high):
        return {"scenario": "status_quo", "arrivals": "answer", "arm": arm, "contrast": "answer", "series": series,
                "window": "during", "n": "8", "difference": str((low + high) / 2), "low": str(low), "high": str(high)}

    rows = [gap(arm, series.name, -3, 3) for arm in ("days", "year") for series in CONTRASTED if series.name != "price"]
    told = words.values(stored(contrasts=[*rows, gap("days", "price", -9, -1), gap("year", "price", -1, 9)]))["answer"]
    assert told.splitlines()[0] == "- Price: lower in 1 and higher in 0 of 2 cases." and "attempts" in told


def test_a_run_that_is_small_says_so():
    assert "small" not in words.values(stored()) and words.values(stored())["scale"] == "at real scale"
    said = words.values(stored(scale="0.1"))
    assert "8 replicates at a scale of 0.1 (1 is real), in 1 world and under 2 measures." in said["small"]
    assert said["scale"] == "at a scale of 0.1 (1 is real)"


@pytest.mark.long
def test_figures_and_captions_are_there_and_nothing_is_recommended(folder):
    for figure in STUDY.figures(STUDY.read(folder)).values():
        assert "2 replicates" in figure.basis and "operation, 7 nights" in figure.alternative.lower()
    for name in ("crackdown.pdf", "crackdown.png", "crackdown_windows.png", "crackdown_places.png", "captions.md"):
        assert (folder / "figures" / name).stat().st_size > 500
    said = (folder / "said.txt").read_text(encoding="utf-8") + (folder / "figures" / "captions.md").read_text("utf-8")
    assert not {"optimal", "best", "should", "recommend", "effective"} & set(said.lower().split())


@pytest.mark.long
def test_a_study_without_its_reference_arm_is_one_line(folder, tmp_path):
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    table = pq.read_table(folder / "nights.parquet")
    pq.write_table(table.filter(pc.not_equal(table["arm"], "none")), tmp_path / "nights.parquet")
    plan = next(folder.glob("plan-*.json"))
    (tmp_path / plan.name).write_bytes(plan.read_bytes())
    with pytest.raises(ConfigurationError, match="every world needs every arm, and none"):
        analyse("crackdown", tmp_path)
