"""Documented series: every figure has a source, none is later than September 2023, and what is derived adds up."""

import numpy as np
import pytest

from sim.registry import series


def test_every_figure_has_a_source_with_a_licence():
    for figure in series.figures():
        source = series.sources()[figure.source]
        assert source["publisher"] and source["licence"], figure
        assert figure.unit and figure.status in ("verified", "derived") and figure.value >= 0


def test_nothing_is_later_than_the_window():
    for figure in series.figures():
        assert figure.date.split("/")[-1] <= str(series.LAST), figure


def test_detections_are_every_month_of_the_window():
    months = list(series.monthly("detections_route"))
    assert months == list(np.arange(np.datetime64("2021-01"), np.datetime64("2023-10")))


@pytest.mark.parametrize("year, parts", [(2021, "2021"), (2022, "2022")])
def test_months_and_gaps_of_registrations_make_the_year(year, parts):
    months = sum(v for month, v in series.monthly("registered_month").items() if str(month).startswith(parts))
    gaps = sum(figure.value for figure in series.of("registered_period") if figure.date.startswith(parts))
    assert months + gaps == pytest.approx(series.year("registered_year", year), rel=0.005)


def test_events_are_counted_by_month():
    events = series.events("clash_killed")
    assert sum(events.values()) == len(series.of("clash_killed")) == 13
    assert min(events) == np.datetime64("2022-06") and max(events) == np.datetime64("2023-09")


def test_an_unknown_series_is_an_error():
    with pytest.raises(KeyError):
        series.of("registred")
