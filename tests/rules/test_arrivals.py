"""Arrivals: how many, with what, and what stays the same when the rate changes."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import first_night
from sim.rules.arrivals import arrive
from sim.world.people import Status


def arrived(nights, *overrides):
    """The world after so many nights of arrivals alone, and their numbers."""
    world, numbers = first_night(*overrides), []
    for world.t in range(nights):
        numbers.append(arrive(world))
    return world, np.array(numbers)


def test_their_mean_is_the_rate_times_the_season():
    world, numbers = arrived(120)
    season = np.array([world.calendar.season(night) for night in range(120)])
    mean = (world.p.migrants.arrivals * world.p.scale * season).sum()
    assert numbers.sum() == pytest.approx(mean, abs=4 * np.sqrt(mean)) and np.ptp(season) > 0.2


@settings(max_examples=12)
@given(st.sampled_from([0, 30, 100, 300, 900]), st.sampled_from([0, 30, 100, 300, 900]))
def test_a_higher_rate_brings_no_fewer_on_any_night(one, other):
    low, high = (arrived(5, f"migrants.arrivals={rate}")[1] for rate in sorted((one, other)))
    assert (low <= high).all() and (len(low) == 5) and (one or other or not high.any())


def test_a_higher_rate_changes_nobody_who_comes_anyway():
    few, many = (arrived(1, f"migrants.arrivals={rate}")[0].people for rate in (100, 900))
    for name, column in few.state().items():
        assert (column == many.state()[name][: few.n]).all(), name


def test_ids_are_unique_and_money_is_booked():
    world, numbers = arrived(20)
    people = world.people
    assert len(np.unique(people.id)) == people.n == numbers.sum() == world.counts["arrivals"]
    assert people.cash.sum() == world.books.balance["people"] > 0
    assert (people.status == Status.RESTING).all() and (people.status_ends > people.arrived).all()


def test_frailty_has_mean_one_whatever_its_spread():
    for sd in (0.3, 0.9):
        frailty = arrived(60, f"migrants.frailty_sd={sd}", "migrants.arrivals=900")[0].people.frailty
        assert frailty.mean() == pytest.approx(1, abs=4 * frailty.std() / np.sqrt(len(frailty)))
        assert np.log(frailty).std() == pytest.approx(sd, rel=0.1)
