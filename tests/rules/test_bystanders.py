"""Bystanders: only people near a clash are hurt, and nobody twice."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import first_night
from sim.rules.bystanders import hit, smallest
from sim.world.people import Shelter, Status

PLACES = (0, 1, 2)  # staging places


def crowd(deaths, people):
    """People at staging places, some held; every clash kills so many."""
    n = len(people)
    world = first_night(f"gangs.bystander_deaths={deaths}", "gangs.bystander_injuries=1", people=n,
                        place=people, shelter=Shelter.INFORMAL)
    world.people.status[::4] = Status.HELD
    return world


@settings(max_examples=40)
@given(st.lists(st.sampled_from(PLACES), max_size=30), st.lists(st.sampled_from(PLACES), max_size=6),
       st.sampled_from([0, 1, 3]))
def test_each_clash_kills_as_many_as_are_there_to_be_killed(people, clashes, deaths):
    world = crowd(deaths, people)
    near = {place: int((world.people.free & (world.people.place == place)).sum()) for place in PLACES}
    dead = hit(world, [(k, world.places.sectors + place) for k, place in enumerate(clashes)])
    expected = sum(min(deaths * clashes.count(place), near[place]) for place in PLACES)
    assert len(set(dead.tolist())) == len(dead) == expected == world.counts["deaths_clashes"]
    assert set(dead) == set(np.flatnonzero(world.people.status == Status.DEAD))
    assert world.counts["injuries_clashes"] <= len(clashes)


def test_without_clashes_nobody_is_hurt():
    world = crowd(3, [0] * 10)
    assert len(hit(world, [])) == 0 and not world.counts["injuries_clashes"]


def test_a_clash_in_a_sector_hits_those_without_shelter_in_its_corridor():
    world = first_night("gangs.bystander_deaths=2", people=40)
    people, sector = world.people, 0
    people.corridor[:] = np.arange(40) % 2
    people.shelter[:] = np.where(np.arange(40) % 4 < 2, Shelter.NONE, Shelter.CAMP)
    dead = hit(world, [(k, sector) for k in range(30)])
    near = (people.corridor == world.places.corridor[sector]) & (people.shelter == Shelter.NONE)
    assert set(dead) == set(np.flatnonzero(near))


@given(st.lists(st.floats(0, 1), min_size=1, max_size=40, unique=True), st.integers(1, 40))
def test_the_smallest_in_order(values, k):
    k = min(k, len(values))
    assert [values[j] for j in smallest(np.array(values), k)] == sorted(values)[:k]
