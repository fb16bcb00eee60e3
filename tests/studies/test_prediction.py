"""Prediction: scores obey their definitions, baselines are right where they must be, arms know nothing after their
origin, and nothing after September 2023 is kept anywhere."""

import csv
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom, kstest, norm

from experiments.prediction.scenario import scenario
from sim.__main__ import main
from sim.command.preflight import parse
from sim.market import Market
from sim.registry import series
from sim.registry.config_files import config_dir
from sim.registry.configuration import compose_all, configure
from sim.registry.parameters import ConfigurationError
from sim.runs.plan import make_plan
from sim.studies import findings_of, needs
from sim.studies.prediction import baselines
from sim.studies.prediction import scenario as prediction
from sim.studies.prediction.forecast import deterministic, of_run
from sim.studies.prediction.reported import read
from sim.studies.prediction.scenario import ARMS, MONTH, YEAR
from sim.studies.prediction.scores import LEVELS, Observation, covered, crps, held, pit, skill
from sim.studies.prediction.study import documented_months, rounds, scored_month, summed, thinned
from sim.verify.people import ALONE, DENSITY, RATE
from sim.world.draws import Draws

REFERENCE = Path(__file__).parents[2] / "results" / "reference"
PLAIN = configure()
numbers = st.floats(-1e3, 1e3).map(lambda v: round(v, 3))
ensembles = st.lists(numbers, min_size=1, max_size=12)
quick = settings(max_examples=60, deadline=None, derandomize=True)


# scores ------------------------------------------------------------------------------------------------------------
def brier_integral(members, value) -> float:
    """∫ (F(x) − 1{x ≥ y})² dx, exactly: the integrand is constant between members and the value."""
    edges = np.sort([*members, value])
    below = np.searchsorted(np.sort(members), edges[:-1], side="right") / len(members)
    return float((((below - (edges[:-1] >= value)) ** 2) * np.diff(edges)).sum())


@quick
@given(ensembles, numbers)
def test_crps_is_the_integral_of_the_brier_score(members, value):
    assert crps(members, value, fair=False) == pytest.approx(brier_integral(members, value), abs=1e-7)


@quick
@given(numbers, numbers)
def test_crps_of_one_member_is_the_absolute_error(member, value):
    assert crps([member], value) == pytest.approx(abs(member - value))


@quick
@given(ensembles, numbers, st.floats(0.1, 10), numbers)
def test_crps_shifts_and_scales_with_its_unit(members, value, factor, shift):
    changed = crps(factor * np.array(members) + shift, factor * value + shift)
    assert changed == pytest.approx(factor * crps(members, value), abs=1e-6)


def of_normal(value) -> float:
    """CRPS of the standard normal (Gneiting et al. 2005, doi:10.1175/MWR2904.1, equation 5)."""
    return value * (2 * norm.cdf(value) - 1) + 2 * norm.pdf(value) - 1 / np.sqrt(np.pi)


@pytest.mark.parametrize("value", [-2.0, 0.0, 0.7])
def test_a_large_ensemble_scores_as_the_normal_it_stands_for(value):
    members = norm.ppf((np.arange(4000) + 0.5) / 4000)
    assert crps(members, value) == pytest.approx(of_normal(value), abs=1e-3)


def test_the_fair_score_of_small_ensembles_is_that_of_the_distribution_in_the_mean():
    members = Draws(3).normal("members", 0, np.arange(5 * 4000)).reshape(-1, 5)
    scores = np.array([crps(row, 0.7) for row in members])
    assert scores.mean() == pytest.approx(of_normal(0.7), abs=4 * scores.std() / np.sqrt(len(scores)))


def test_a_calibrated_ensemble_covers_as_often_as_it_says():
    drawn = Draws(4).lognormal("calibrated", 0, np.arange(600 * 101), 1000.0, 0.6).reshape(600, 101)
    for level, (low, high) in LEVELS.items():
        hits = sum(covered(row[1:], Observation(row[0], row[0], row[0]), level) for row in drawn)
        least, most = binom.ppf([0.0005, 0.9995], 600, high - low)
        assert least <= hits <= most, level
    assert kstest([pit(row[1:], row[0]) for row in drawn], "uniform").pvalue > 1e-3


def test_quantiles_of_few_members_hold_less_than_their_level():
    drawn = Draws(5).uniform("few", 0, np.arange(4000 * 17)).reshape(4000, 17)
    for level in LEVELS:
        hits = np.mean([covered(row[1:], Observation(row[0], row[0], row[0]), level) for row in drawn])
        assert hits == pytest.approx(held(16, level), abs=4 * np.sqrt(0.25 / 4000))
    assert held(32, "95") == pytest.approx(0.892, abs=1e-3)


def test_members_equal_to_the_value_count_half():
    assert pit([1, 2, 2, 3], 2) == pit([2], 2) == 0.5 and pit([1, 2], 3) == 1


def test_an_interval_counts_where_it_meets_the_models():
    members = np.arange(101.0)
    assert not covered(members, Observation(20, 20, 20), "50") and covered(members, Observation(20, 10, 25), "50")
    assert not covered(members, Observation(20, 10, 24), "50") and covered(members, Observation(20, 10, 90), "95")


def test_intervals_are_counted_apart():
    months = np.arange(np.datetime64("2023-10"), np.datetime64("2023-12"))
    members = {"model": np.arange(101.0), "mean_field": np.array([40.0])}
    lines = [scored_month("season", "deaths", month, seen, members) for month, seen in
             zip(months, (Observation(50, 50, 50), Observation(110, 99, 120)))]
    (line,) = summed(lines)
    assert (line["months"], line["months_point"], line["months_interval"]) == (2, 1, 1)
    assert (line["covered_50"], line["covered_50_interval"]) == (1, 0)
    assert line["crps_mean_field"] == (10 + 70) / 2 and np.isnan(line["crps_seasonal_naive"])
    assert line["skill_mean_field"] == skill(line["crps_model"], 40) == 1 - line["crps_model"] / 40


# baselines ---------------------------------------------------------------------------------------------------------
def test_seasonal_naive_gives_a_periodic_series_without_error():
    months = np.arange(np.datetime64("2021-01"), np.datetime64("2024-01"))
    known = {month: 1000.0 + 37 * (k % 12) for k, month in enumerate(months)}
    ahead, origin = months[-12:], months[-13]
    members = baselines.repeated(known, ahead, origin, np.zeros(9))
    assert [crps(members[:, k], known[month]) for k, month in enumerate(ahead)] == [0] * 12
    assert baselines.repeated(known, ahead + MONTH, origin, np.zeros(9)) is None  # that needs a month after the origin


def test_naive_changes_go_up_as_often_as_down():
    month = np.datetime64("2022-01")
    members = baselines.repeated({month - YEAR: 1000.0}, [month], month - MONTH, np.array([0.3, 0.9]))
    assert sorted(np.log(members[:, 0] / 1000)) == pytest.approx([-0.9, -0.3, 0.3, 0.9])


def test_naive_deaths_are_twelfths_of_years_that_were_over():
    members = baselines.by_year(("deaths_drowning",), 6, prediction.BEHIND)
    assert members.shape == (4, 6) and (members[:, 0] * 12).tolist() == [17, 30, 21, 7]  # 2018 to 2021
    assert baselines.seasonal_naive("price_mean", [np.datetime64("2023-10")]) is None


def test_mean_field_is_the_model_where_everybody_is_alike():
    """Level arrivals, everybody tries alone and at once: interceptions a month are arrivals × p/(1 − p(1 − d))."""
    p = configure("fragmented", [*ALONE, f"border.search_rate={RATE / DENSITY}", "nights=181", "warmup=60",
                                 "police.pushback_share=0.8", "scale=0.3"])
    market = Market(p, 11)
    while market.running:
        market.step()
    nights = market.record().nights
    model, flat = of_run(nights, p, 11)["interceptions"], deterministic(nights, p)["interceptions"]
    assert flat.sum() == pytest.approx(model.sum(), rel=0.03)
    assert np.abs(model - flat).max() < 5 * np.sqrt(flat / p.scale).max()  # a month is a little more than Poisson
    assert baselines.attempts_each(0.35, 0.2) == pytest.approx(1.389, abs=1e-3)  # V13


# arms --------------------------------------------------------------------------------------------------------------
def test_the_file_is_what_the_series_give():
    text = (config_dir() / "scenario" / "prediction.yaml").read_text(encoding="utf-8")
    assert text == scenario(PLAIN), "run `python -m sim prediction`"


def told(arm) -> tuple:
    """Everything an arm and its baselines take from documented series."""
    months = arm.origin + MONTH * np.arange(1, 7)
    naive = [baselines.seasonal_naive(name, months).tolist() for name in ("detections_route", *baselines.DEATHS)]
    return prediction.shocks(arm, PLAIN), prediction.spread(arm), naive


@pytest.mark.parametrize("name", ARMS)
def test_an_arm_knows_nothing_after_its_origin(name, monkeypatch):
    origin, before = ARMS[name].origin, told(ARMS[name])
    other = tuple(f._replace(value=7 * f.value) if f.last_month > origin else f for f in series.figures())
    monkeypatch.setattr(series, "figures", lambda: other)
    assert told(ARMS[name]) == before


def test_both_ways_to_go_on_keep_what_they_say():
    for origin in (prediction.AHEAD, prediction.BEHIND):
        past = prediction.known(PLAIN, origin)
        repeated = prediction.carried_on(prediction.Arm(origin, "repeated", True, ""), PLAIN)
        assert list(repeated.values()) == [past[month - YEAR] for month in repeated]
        grown = prediction.carried_on(prediction.Arm(origin, "season", True, ""), PLAIN)
        growth, last = prediction.growth_of(past, origin), sum(past[origin - k * MONTH] for k in range(12))
        assert sum(grown.values()) == pytest.approx(growth * last, rel=0.005)  # a leap day


def test_levels_are_lognormal_and_more_draws_keep_those_before():
    arm = ARMS["repeated"]
    many = prediction.levels(arm, 512)
    assert np.array_equal(many[:20], prediction.levels(arm, 20))
    assert kstest(np.log(many) / prediction.spread(arm), "norm").pvalue > 0.9


def test_a_repeated_year_is_as_uncertain_as_past_changes_and_growth_as_their_deviations():
    for origin in (prediction.AHEAD, prediction.BEHIND):
        past = prediction.changes(origin)
        repeated, season = (prediction.spread(prediction.Arm(origin, way, True, "")) for way in ("repeated", "season"))
        assert repeated**2 == pytest.approx(past.mean() ** 2 + season**2 * (len(past) - 1) / len(past))


def test_every_draw_plays_every_arm_with_one_seed():
    rows = prediction.rows([{"border.search_rate": 7.0}, {"border.search_rate": 9.0}], 5)
    assert [row["arm"] for row in rows] == [*ARMS, *ARMS]
    assert [row["seed"] for row in rows] == [5] * len(ARMS) + [6] * len(ARMS)
    by_arm = {row["arm"]: row for row in rows[:len(ARMS)]}
    assert by_arm["repeated"]["migrants.shocks"] == by_arm["no_operation"]["migrants.shocks"]
    assert by_arm["no_operation"]["police.crackdown_nights"] == 0 and "police.crackdown_nights" not in by_arm["season"]


def test_the_operation_is_the_documented_one_and_nothing_else_changes():
    p = configure("prediction")
    fed = configure("history_registered")
    assert (p.police.crackdown_from, p.police.crackdown_nights) == ("2023-10-27", 13)
    changed = {key for key, value in p.police.as_dict().items() if value != fed.police.as_dict()[key]}
    assert changed == {"crackdown_nights", "crackdown_patrols", "joint_work_from"}
    recruits = {key for key, value in p.gangs.as_dict().items() if value != fed.gangs.as_dict()[key]}
    assert recruits == {"labour_inflow"}  # the history takes the guides arrested in 2022 for as many recruits
    for group in ("organisation", "border", "market", "camps", "rules"):
        assert getattr(p, group) == getattr(fed, group), group


def test_draws_are_thinned_evenly():
    draws = [{"k": k} for k in range(64)]
    assert [d["k"] for d in thinned(draws, 4)] == [8, 24, 40, 56]
    assert thinned(draws, None) == thinned(draws, 99) == draws


# nothing later than September 2023 ------------------------------------------------------------------------------------
def test_nothing_reported_after_september_2023_is_kept():
    last = series.LAST.astype("datetime64[M]")
    assert max(figure.last_month for figure in series.figures()) <= last
    assert max(month for _, month in documented_months()) <= last
    files = list(REFERENCE.rglob("*.csv"))
    assert files
    for path in files:
        with open(path, encoding="utf-8") as file:
            for row in csv.DictReader(file):
                said = row.get("documented") or row.get("value")
                if said and re.fullmatch(r"\d{4}-\d\d", row.get("month", "")):
                    assert np.datetime64(row["month"]) <= last, path.name


# the commands ------------------------------------------------------------------------------------------------------
WORDS = ["+experiment=prediction", "parameter_draws.source=prior", "parameter_draws.count=2",
         "scale=0.02", "warmup=3", "workers=1"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A tiny prediction."""
    place = tmp_path_factory.mktemp("prediction") / "run"
    done = subprocess.run([sys.executable, "-m", "sim", *WORDS, "nights=35", f"hydra.sweep.dir={place}"],
                          capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return place


def written(path, *lines):
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.mark.long
def test_a_prediction_is_scored_against_a_file(folder, tmp_path, capsys):
    file = written(tmp_path / "seen.csv", "month,series,value,low,high", "2023-10,detections_route,15000,,",
                   "2023-10,share_rs_hu,0.5,0.4,0.6")
    assert main(["predict", str(folder), "--against", str(file), "--to", str(tmp_path / "scores")]) == 0
    assert "CRPS" in capsys.readouterr().out
    with open(tmp_path / "scores" / "scores.csv", encoding="utf-8") as found:
        rows = list(csv.DictReader(found))
    assert {row["arm"] for row in rows} == {"season", "repeated", "no_operation"} and len(rows) == 6
    assert {row["months_interval"] for row in rows if row["series"] == "share_rs_hu"} == {"1"}
    assert (tmp_path / "scores" / "figures" / "scores.png").stat().st_size > 5000


@pytest.mark.long
def test_only_whole_months_are_predicted(folder):
    with open(folder / "prediction.csv", encoding="utf-8") as file:
        assert {row["month"] for row in csv.DictReader(file)} == {"2022-10", "2023-10"}


@pytest.mark.long
def test_findings_show_arms_ahead_apart_from_hindcasts(folder):
    findings = findings_of("prediction", folder)
    assert {row[1] for row in findings.tables["months"].rows} == {"2023-10"}
    assert {row[1] for row in findings.tables["hindcast"].rows} == {"2022-10"}
    assert [row[0] for row in findings.tables["scores"].rows] == [arm.label for arm in ARMS.values()][3:]
    assert findings.values["members"] == "2"


GOOD = "2023-10,detections_route,15000"
BAD = {
    "month,serie,value": ("column `serie`", "did you mean `series`?"),
    "month,series": ("no column `value`", "must have the columns month, series, value"),
    "month,series,value,low": ("no column `high`",),
    "month,series,value,value": ("column `value` stands there twice",),
    "month,series,value\n2023-10,detection_route,5": ("series=detection_route", "did you mean `detections_route`?"),
    "month,series,value\n2023-1O,detections_route,5": ("line 2: month=2023-1O", "YYYY-MM", "did you mean `2023-10`?"),
    f"month,series,value\n{GOOD}\n2023-11,detections_route,5": ("line 3: month=2023-11", "(2022-10, 2023-10)"),
    "month,series,value\n2023-10,detections_route,many": ("value=many", "a number of at least 0"),
    "month,series,value\n2023-10,detections_route,": ("value=(empty)",),
    "month,series,value\n2023-10,detections_route,-1": ("value=-1",),
    "month,series,value\n2023-10,detections_route,1,5": ("line 2: must have 3 cells",),
    "month,series,value,low,high\n2023-10,deaths,5,6,9": ("value=5", "low=6 to high=9"),
    "month,series,value,low,high\n2023-10,deaths,5,4,": ("high=(empty)",),
    f"month,series,value\n{GOOD}\n{GOOD}": ("line 3: detections_route of 2023-10 stands there twice",),
    "month,series,value": ("holds no rows",),
    "": ("no column `month`",),
}


@pytest.mark.long
@pytest.mark.parametrize("content", BAD)
def test_a_bad_file_gets_one_line_and_nothing_is_written(content, folder, tmp_path, capsys):
    file = written(tmp_path / "bad.csv", content)
    assert main(["predict", str(folder), "--against", str(file), "--to", str(tmp_path / "scores")]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and not (tmp_path / "scores").exists()
    for part in BAD[content]:
        assert part in said


@pytest.mark.long
def test_a_prediction_that_was_changed_is_refused(folder, tmp_path, capsys):
    file = written(tmp_path / "seen.csv", "month,series,value", GOOD)
    before = (folder / "prediction.csv").read_text(encoding="utf-8")
    try:
        (folder / "prediction.csv").write_text(before.replace("detections", "detection"), encoding="utf-8")
        assert main(["predict", str(folder), "--against", str(file)]) == 2
    finally:
        (folder / "prediction.csv").write_text(before, encoding="utf-8")
    assert "is not what its prediction.json registered" in capsys.readouterr().err


@pytest.mark.long
def test_no_file_and_no_prediction(tmp_path, folder, capsys):
    assert main(["predict", str(tmp_path), "--against", str(tmp_path / "none.csv")]) == 2
    assert "not the folder of a finished prediction" in capsys.readouterr().err
    with pytest.raises(ConfigurationError, match="no such file"):
        read(tmp_path / "none.csv", {})


@pytest.mark.parametrize("words, said", [(["nights=20"], "nights=20: must be 31 to 365"),
                                         (["scenarios=[dossier]"], "must be \\[prediction\\]"),
                                         (["start_date=2024-01-01"], "must be 2023-10-01"),
                                         (["parameter_draws.source=none.csv"], "no such file")])
def test_another_calendar_is_refused(words, said):
    with pytest.raises(ConfigurationError, match=said):
        next(rounds(*compose_all([*WORDS, *words])))


def test_an_experiment_that_draws_its_own_points_takes_no_sweep():
    overrides = parse([*WORDS, "police.patrols=40,80"])
    with pytest.raises(ConfigurationError, match="draws its own points"):
        make_plan(overrides, needs, prediction.rows([{}], 1))
