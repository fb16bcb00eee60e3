"""Arrivals: how many, with what, and what stays the same when the rate changes."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import first_night
from sim.rules.arrivals import arrive, first_delay
from sim.world.calendar import Calendar
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


def test_at_unchanged_news_the_season_alone_sends_people():
    """At f = 1 and v = 1 the stream has the bytes that it has without any answer."""
    world, numbers = arrived(30, "migrants.arrival_network=0")
    other, plain = arrived(30, "migrants.arrival_network=0", "migrants.arrival_response=0", "migrants.arrival_cap=1")
    assert (numbers == plain).all() and world.counts["not_arrived"] == 0
    for name, column in world.people.state().items():
        assert (column == other.people.state()[name]).all(), name


def test_bad_news_keeps_the_origin_away_that_hears_it_and_those_who_stay_away_are_counted():
    numbers, missing = np.zeros((2, 4)), []
    for k, worth in enumerate((1.0, -1.5)):
        world = first_night("migrants.news_delay=0", "migrants.arrivals=900", "migrants.arrival_network=0",
                            "migrants.arrival_response=1")
        world.news.reference[:], world.news.value[:] = 1.0, [1.0, worth, 1.0, 1.0]
        for world.t in range(20):
            arrive(world)
        numbers[k] = np.bincount(world.people.origin, minlength=4)
        missing.append(world.counts["not_arrived"])
    change = numbers[1] / numbers[0]
    expected = 4 / (1 + 3 * np.exp(2.5))
    assert change[1] == pytest.approx(expected, abs=4 * np.sqrt(expected / numbers[0, 1]))
    assert change[[0, 2, 3]] == pytest.approx(1, abs=0.2)
    assert missing[0] == 0 and missing[1] == numbers[0].sum() - numbers[1].sum() > 0


def test_a_visa_measure_keeps_its_nationality_away_from_its_date(monkeypatch):
    monkeypatch.setattr(Calendar, "visas", lambda self, night: [("C", 0.25)] if night >= 10 else [])
    world, _ = arrived(40, "migrants.arrivals=3000", "migrants.arrival_network=0")
    before, after = (np.bincount(world.people.origin[mask], minlength=4)
                     for mask in (world.people.arrived < 10, world.people.arrived >= 10))
    season = after[[0, 1, 3]].sum() / before[[0, 1, 3]].sum()
    expected = 0.25 * season * before[2]
    assert after[2] == pytest.approx(expected, abs=4 * np.sqrt(expected * (1 + 0.25 * season)))


def test_thick_traffic_shortens_the_first_delay():
    world = first_night()
    p = world.p.migrants
    usual = p.arrivals * world.p.scale
    delays = []
    for world.news.traffic in usual * np.array([0.0, 0.25, 1.0, 4.0, 1e6]):
        delays.append(first_delay(world))
    assert delays == pytest.approx(p.first_delay * np.array([0.1, 0.25, 1, 4, 10]) ** -p.delay_thickness)
    world = first_night("migrants.delay_thickness=0")
    world.news.traffic *= 3
    assert first_delay(world) == p.first_delay


def test_traffic_is_remembered_for_about_a_month():
    world, numbers = arrived(25)
    p = world.p.migrants
    traffic = p.arrivals * world.p.scale * world.calendar.season(world.first_night)
    for number in numbers:
        traffic = p.news_memory * traffic + (1 - p.news_memory) * number
    assert world.news.traffic == pytest.approx(traffic)
