"""Event studies: levels and differences of arms by week, from a record whose values are known."""

from types import SimpleNamespace

import numpy as np
import pytest

from sim.statistics.events import Series
from sim.studies.event_study import EventStudy, series_table

FLOW, LEVEL = Series("deaths", "Deaths", "persons / night", ("deaths",)), Series("price", "Price", "EUR", ("price",),
                                                                                   flow=False)
LUCK = np.array([[1.0], [5.0], [9.0]])  # of a replicate, the same in all arms


class Record:
    """35 nights, three replicates: arm `a` adds `a` a night from night 14 on."""

    nights, replicates = np.arange(35), [0, 1, 2]

    def __call__(self, series, arm):
        return LUCK + arm * (self.nights >= 14)


class FromNothing(EventStudy):
    """Every arm is compared with arm 0."""

    def reference(self, arm):
        return 0


@pytest.fixture
def study():
    return FromNothing(Record(), 14)


def test_a_difference_is_free_of_the_luck_that_arms_share(study):
    weeks, means = study.weeks(study.difference(FLOW, 4))
    assert weeks.tolist() == [-2, -1, 0, 1, 2] and (means == [0, 0, 4, 4, 4]).all()
    assert study.weeks(study.level(FLOW, 4))[1][:, 0].tolist() == LUCK.ravel().tolist()


def test_sums_begin_with_the_event_and_end_with_the_record(study):
    weeks, sums = study.sums(study.difference(FLOW, 4))
    assert weeks.tolist() == [0, 1, 2] and (sums == [28, 56, 84]).all() and study.end == 35
    assert (study.window(FLOW, study.difference(FLOW, 4), study.event, study.end) == 84).all()


def test_a_window_sums_a_flow_and_averages_a_level(study):
    values = study.difference(LEVEL, 2)
    assert (study.window(FLOW, values, 13, 16) == 4).all() and (study.window(LEVEL, values, 13, 17) == 1.5).all()


def test_a_study_must_say_what_arms_are_compared_with():
    with pytest.raises(TypeError, match="abstract"):
        EventStudy(SimpleNamespace(), 0)


def test_a_table_has_a_line_a_series_and_a_column_an_arm():
    rows = {arm: {"deaths": {"d": f"{arm}.0", "l": "1.0", "h": "9.0"}, "price": {"d": "7", "l": "", "h": ""}}
            for arm in (3, 5)}
    table = series_table("Title", (FLOW, LEVEL), {f"arm {arm}": row for arm, row in rows.items()}, ("d", "l", "h"),
                         True)
    assert table.head == ("", "arm 3", "arm 5")
    assert [[str(cell) for cell in line] for line in table.rows] == [
        ["Deaths [persons]", "+3 ± 2", "+5 ± 4"], ["Price [EUR]", "+7", "+7"]]
