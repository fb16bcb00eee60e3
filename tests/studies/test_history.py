"""The experiment `history`: what drives arrivals adds up to what is documented; level and shape are told apart."""

import re
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import read_csv
from experiments.history.scenarios import SCENARIOS, STAYS, estimated, operations, scenario
from sim.findings.markdown import shown
from sim.registry import series
from sim.registry.config_files import config_dir
from sim.registry.configuration import configure
from sim.registry.parameters import registry
from sim.studies import findings_of
from sim.studies.history import latent
from sim.studies.history import study as analysis
from sim.world.calendar import Calendar

SHARE = registry()["observation.registered"].default


def expected(scenario):
    """Expected arrivals by month of the window."""
    p = configure(scenario)
    calendar = Calendar(p)
    nights = np.arange(p.nights)
    month = np.array([calendar.date_of(night) for night in nights], "datetime64[M]")
    rate = np.array([p.migrants.arrivals * calendar.season(night) for night in nights])
    return {m: rate[month == m].sum() for m in np.unique(month)}


NUMBER = re.compile(r"(?<![\w-])-?\d+\.\d+")


@pytest.mark.parametrize("name", SCENARIOS)
def test_the_files_are_what_the_series_give(name):
    """Words and dates are equal; estimated numbers depend on the order of sums in their last digit."""
    stored = (config_dir() / "scenario" / f"{name}.yaml").read_text(encoding="utf-8")
    written = scenario(name, configure(), SHARE)
    assert NUMBER.sub("#", stored) == NUMBER.sub("#", written), "run `python -m sim history`"
    numbers = [[float(number) for number in NUMBER.findall(text)] for text in (stored, written)]
    assert numbers[0] == pytest.approx(numbers[1], abs=2.1e-3), "run `python -m sim history`"


@pytest.mark.parametrize("name", ["history_growth", "history_registered"])
def test_both_ways_give_the_registrations_of_each_year(name):
    arrivals = expected(name)
    for year in (2021, 2022):
        total = sum(v for month, v in arrivals.items() if str(month).startswith(str(year)))
        assert total * SHARE == pytest.approx(series.year("registered_year", year), rel=0.005)


def test_latent_arrivals_are_those_who_would_come_times_their_answer_and_visas():
    """Where each group has its own share of registered people, no law ties arrivals to registrations."""
    seen, found = estimated()
    share, records = latent.visas(found)
    would, within = expected("history_nationality"), latent.WITHIN
    come = np.array(list(would.values())) * seen.answer[within]
    visas = 1 - share + share * latent.visa_factor(records)[within]
    assert come * visas == pytest.approx(found.arrivals.sum(axis=0)[within], rel=0.005)


def test_latent_arrivals_meet_both_sights():
    """Detections by month within the errors of the estimate, and registrations of both years within theirs."""
    seen, found = estimated()
    delay = latent.kernel(configure("status_quo", [f"{key}={value}" for key, value in STAYS.items()]))
    each = seen.detections / (delay @ seen.arrivals)
    fitted, known = each * (delay @ found.arrivals.sum(axis=0)), latent.by_group().sum(axis=0)
    assert np.abs(np.log(fitted / known)[latent.WITHIN]).mean() < latent.DETECTED
    registered = found.registered @ found.arrivals
    for year in (2021, 2022):
        of_year = registered[latent.MONTHS.astype("datetime64[Y]") == np.datetime64(str(year))].sum()
        assert np.log(of_year / series.year("registered_year", year)) == pytest.approx(0, abs=2 * latent.REGISTERED)


def test_each_replicate_has_a_draw_of_its_latent_arrivals():
    settings, p = {}, {name: configure(name, ["replicates=3"]) for name in SCENARIOS}
    (rows,) = analysis.rounds(settings, p)
    assert [row["seed"] for row in rows[::3]] == [row["seed"] for row in rows[2::3]] == [1, 2, 3]
    drawn = [row["migrants.shocks"] for row in rows if "migrants.shocks" in row]
    assert len(drawn) == 3 and len(rows) == 9
    mean = [dict(shock) for shock in p["history_nationality"].migrants.shocks]
    assert [shock["date"] for shock in drawn[0]] == [shock["date"] for shock in mean]
    ratios = np.array([[a["factor"] / b["factor"] for a, b in zip(draw, mean)] for draw in drawn])
    assert (ratios.std(axis=1) > 0.01).all() and np.abs(np.log(ratios)).max() < 1.5


def test_stored_draws_scatter_about_the_estimate():
    draws = np.array([[float(v) for v in list(row.values())[1:]] for row in read_csv(analysis.DRAWS)])
    assert draws.shape == (len(latent.MONTHS), latent.DRAWS)
    assert np.log(draws).mean() == pytest.approx(0, abs=0.02) and 0.02 < np.log(draws[4:]).std() < 0.3


def test_no_month_has_more_than_one_factor_in_the_latent_scenario():
    """So that a draw of a month changes this month alone."""
    for shock in configure("history_nationality").migrants.shocks:
        assert shock["nights"] <= 31


def test_fed_months_are_the_published_ones():
    arrivals = expected("history_registered")
    for month, value in series.monthly("registered_month").items():
        assert arrivals[month] * SHARE == pytest.approx(value, rel=0.002)


def test_the_window_and_its_operations():
    for name in SCENARIOS:
        p = configure(name)
        assert (p.start_date, p.nights) == ("2021-01-01", 1003)
        assert [row["date"] for row in p.police.operations] == operations()
        assert max(Calendar(p).operations) < p.nights


def pair():
    return analysis.PAIRS[0]


def months_and_truth():
    known = analysis.published(pair())
    return np.array(list(known)), np.array(list(known.values()))


def test_a_perfect_simulation_has_level_1_and_shape_1():
    months, truth = months_and_truth()
    line = analysis.fit("x", pair(), "all", months, np.stack([truth, truth]))
    assert line["level"] == line["correlation"] == pytest.approx(1)
    assert line["shape_error"] == pytest.approx(0, abs=1e-12)
    assert line["peak"] == line["documented_peak"] and line["inside_band"] == 1


@given(st.floats(0.05, 20))
def test_level_and_shape_are_told_apart(factor):
    months, truth = months_and_truth()
    line = analysis.fit("x", pair(), "all", months, factor * np.stack([truth, truth]))
    assert line["level"] == pytest.approx(factor)
    assert line["correlation"] == pytest.approx(1) and line["shape_error"] == pytest.approx(0, abs=1e-9)
    assert line["peak"] == pytest.approx(line["documented_peak"])


@given(st.permutations(range(33)))
def test_shuffled_months_keep_the_level_and_the_peak(order):
    months, truth = months_and_truth()
    line = analysis.fit("x", pair(), "all", months, truth[list(order)][None])
    assert line["level"] == pytest.approx(1) and line["peak"] == pytest.approx(line["documented_peak"])
    assert line["correlation"] <= 1 + 1e-12


@pytest.mark.long
def test_the_command_writes_its_tables_and_figure(tmp_path):
    words = ["+experiment=history", "replicates=2", "scale=0.02", "nights=120", "warmup=5", "workers=1"]
    done = subprocess.run([sys.executable, "-m", "sim", *words], cwd=tmp_path, capture_output=True, text=True,
                          timeout=200)
    assert done.returncode == 0, done.stderr
    folder = tmp_path / "results" / "history" / "latest"
    rows = read_csv(folder / "history.csv")
    assert {row["scenario"] for row in rows} == set(SCENARIOS)
    assert {row["month"] for row in rows} == {"2021-01", "2021-02", "2021-03", "2021-04"}
    fits, cells = read_csv(folder / "history_fit.csv"), findings_of("history", folder).tables["fit"].rows
    assert len(fits) == len(cells)
    for row, line in zip(fits, cells):
        assert line[3] == row["months"] and shown(line[4]).startswith(f"{float(row['level']):.2f} (")
    assert (folder / "figures" / "history.png").stat().st_size > 5000
    assert "Detections on the route" in done.stdout
