"""Counters: known names add up, unknown ones are refused where checks are on."""

import pytest

from conftest import SMALL
from sim.market import Market
from sim.record import night_row
from sim.registry.configuration import configure
from sim.world.counters import BY_CORRIDOR, COUNTERS, Counters


def test_a_misspelt_counter_is_refused_if_checks_are_on():
    world = Market(configure("status_quo", SMALL), 1).world
    with pytest.raises(ValueError, match="no counter is called 'atempts'"):
        world.count("atempts")
    careless = Market(configure("status_quo", [*SMALL, "checks=false"]), 1).world
    careless.count("atempts")
    assert careless.counts["atempts"] == 1


def test_counts_add_up_and_begin_anew_every_night():
    counts = Counters(["west"], strict=True)
    counts.add("attempts_west", 2)
    counts.add("attempts_west", 3)
    assert counts["attempts_west"] == 5 and counts["attempts"] == 0
    counts.open_night()
    assert counts["attempts_west"] == 0


def test_every_counter_but_that_of_fees_is_a_column_of_nights():
    market = Market(configure("status_quo", [*SMALL, "warmup=0"]), 1)
    market.step()
    world = market.world
    row, names = night_row(world), {f"{name}_{c}" for name in BY_CORRIDOR for c in world.places.corridors}
    assert world.counts.known - {"fees_paid"} == {*COUNTERS, *names} <= set(row)
