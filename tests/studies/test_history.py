"""The experiment `history`: what drives arrivals adds up to what is documented; level and shape are told apart."""

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import read_csv
from experiments.history.scenarios import SCENARIOS, operations, scenario
from sim.findings.markdown import shown
from sim.registry import series
from sim.registry.config_files import config_dir
from sim.registry.configuration import configure
from sim.registry.parameters import registry
from sim.studies import findings_of
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


@pytest.mark.parametrize("name", SCENARIOS)
def test_the_files_are_what_the_series_give(name):
    text = (config_dir() / "scenario" / f"{name}.yaml").read_text(encoding="utf-8")
    assert text == scenario(name, configure(), SHARE), "run `python -m sim history`"


@pytest.mark.parametrize("name", SCENARIOS)
def test_both_ways_give_the_registrations_of_each_year(name):
    arrivals = expected(name)
    for year in (2021, 2022):
        total = sum(v for month, v in arrivals.items() if str(month).startswith(str(year)))
        assert total * SHARE == pytest.approx(series.year("registered_year", year), rel=0.005)


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
