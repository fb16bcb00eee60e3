"""The study `observation`: its verdicts, the pairs of figures and its findings."""

from pathlib import Path

from sim.observation import PRICES, SERIES
from sim.studies import findings_of
from sim.studies.observation.conflicting import PAIRS
from sim.studies.observation.study import RARE, verdict


def test_verdicts_are_chosen_by_numbers():
    assert verdict(0.9, 0.9, RARE) == "can hold together"
    assert verdict(0.9, 0.9, 0.0) == "not together"
    assert verdict(0.0, 0.9, 0.0) == "the first does not arise"
    assert verdict(0.0, 0.01, 0.0) == "the first and the second do not arise"


def test_findings_name_every_series_and_count_observed_years():
    findings = findings_of("observation", Path(__file__).parents[2] / "results" / "reference" / "observation")
    names = (*(s.name for s in SERIES), *PRICES)
    assert [row[0] for row in findings.tables["levels"].rows] == [f"`{name}`" for name in names]
    assert [row[0] for row in findings.tables["figures"].rows] == list(PAIRS)
    assert [row[0] for row in findings.tables["found"].rows[::2]] == list(PAIRS)
    assert all(f"`{s.name}`" in findings.values["formulas"] for s in SERIES)


def test_the_intervals_of_figures_are_in_order():
    assert all(figure.low <= figure.high for pair in PAIRS.values() for figure in pair)
