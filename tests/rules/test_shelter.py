"""Shelter: camps are never overfull, closed camps are empty, and debt ends a tenancy."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from conftest import first_night, play
from sim.rules import shelter
from sim.world.people import Shelter, Status


def test_no_camp_no_camp_people():
    assert play("status_quo", "camps.capacity=0").record().run["in_camps_mean"] == 0


@given(st.integers(0, 400), st.integers(0, 300), st.floats(0, 1))
def test_everyone_finds_shelter_and_no_camp_is_overfull(people, capacity, trust):
    world = first_night(people=people, trust=trust, aware=True, status=Status.WAITING, cash=50_000)
    world.camps.capacity[:] = capacity // 10
    shelter.settle(world)
    column, camps = world.people.shelter, world.camps
    assert (column != Shelter.NONE).all()
    assert ((world.people.camp >= 0) == (column == Shelter.CAMP)).all()
    assert ((world.people.place >= 0) == (column != Shelter.CAMP)).all()
    assert ((world.people.landlord >= 0) == (column == Shelter.FLAT)).all()
    occupied = np.bincount(world.people.camp[world.people.camp >= 0], minlength=camps.n)
    assert (occupied <= camps.capacity).all() and (camps.occupancy == occupied).all()


def test_more_trust_sends_more_people_to_camps():
    stays = []
    for trust in (0.0, 0.5, 1.0):
        world = first_night("camps.unaware_share=1", people=500, trust=trust, status=Status.WAITING)
        world.camps.capacity[:] = 1000
        shelter.settle(world)
        stays.append((world.people.shelter == Shelter.CAMP).sum())
    assert stays[0] == 0 < stays[1] < stays[2]


def test_a_camp_that_closes_is_empty_the_same_night():
    world = first_night("camps.closures=[{camp: C02, date: 2023-01-05}]", "start_date=2023-01-05", people=60,
                        status=Status.WAITING)
    people = world.people
    people.shelter[:], people.camp[:] = Shelter.CAMP, np.arange(60) % 3
    elsewhere, world.t = people.camp != 1, 0
    shelter.close_camps(world)
    assert (people.shelter[~elsewhere] == Shelter.NONE).all() and (people.camp[~elsewhere] == -1).all()
    assert (people.shelter[elsewhere] == Shelter.CAMP).all() and not world.camps.open[1] and world.camps.open[0]


def test_tenants_who_owe_too_much_are_evicted_and_stay_where_they_are():
    world = first_night("camps.debt_limit=100", people=4, shelter=Shelter.FLAT, landlord=2, place=1,
                        cash=[0, 0, 10**6, 0], debt=[0, 10_000, 10_001, 0])
    shelter.collect_rent(world)
    people = world.people
    assert people.shelter.tolist() == [Shelter.FLAT, Shelter.INFORMAL, Shelter.INFORMAL, Shelter.FLAT]
    assert people.landlord.tolist() == [2, -1, -1, 2] and (people.place == 1).all()
    assert people.debt[2] == 10_001 and (people.creditor[[0, 1, 3]] == 2).all()
