"""Calendar: seasons have mean 1, and weekly things happen once a week."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import configured
from sim.registry.configuration import configure
from sim.world.calendar import ACCOUNTS, STAFF, WEEK, Calendar, is_weekly


def test_the_season_of_exposure_has_mean_1_over_years():
    calendar = Calendar(configure())
    assert np.mean([calendar.cold(night) for night in range(4 * 365 + 1)]) == pytest.approx(1, abs=1e-3)


@given(st.integers(-400, 4000), st.sampled_from([ACCOUNTS, STAFF]))
def test_any_seven_nights_hold_one_weekly_night(first, day):
    assert sum(is_weekly(night, day) for night in range(first, first + WEEK)) == 1
    assert is_weekly(first, day) == is_weekly(first + WEEK, day)


@pytest.mark.parametrize("every", [1, 5, 7])
def test_reviews_come_as_often_as_configured(every):
    calendar = Calendar(configured("status_quo", f"market.review_nights={every}"))
    nights = [night for night in range(-70, 70) if calendar.is_review(night)]
    assert set(np.diff(nights)) == {every} and 0 in nights
