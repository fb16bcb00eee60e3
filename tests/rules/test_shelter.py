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


def tenants(*overrides, **columns):
    """Tenants of the third group whose rent is due tonight (12 EUR)."""
    world = first_night("camps.debt_limit=100", *overrides, shelter=Shelter.FLAT, landlord=2, place=1, **columns)
    shelter.collect_rent(world)
    return world.people


def test_tenants_who_owe_too_much_are_evicted_and_stay_where_they_are():
    people = tenants("camps.debt_repaid=0", people=4, cash=[0, 0, 10**6, 0], debt=[0, 10_000, 10_001, 0], creditor=2)
    assert people.shelter.tolist() == [Shelter.FLAT, Shelter.INFORMAL, Shelter.INFORMAL, Shelter.FLAT]
    assert people.landlord.tolist() == [2, -1, -1, 2] and (people.place == 1).all()
    assert people.debt[2] == 10_001 and (people.creditor == 2).all()


def test_no_landlord_takes_over_a_debt_to_another_group():
    people = tenants("camps.debt_repaid=0", people=2, debt=[500, 500], creditor=[1, 2])
    assert people.debt.tolist() == [500, 500 + 1200] and people.creditor.tolist() == [1, 2]
    assert people.shelter.tolist() == [Shelter.INFORMAL, Shelter.FLAT]  # nobody lends to the first


def test_a_debt_is_repaid_to_its_creditor_as_far_as_the_family_can():
    people = tenants("camps.debt_repaid=1", people=3, cash=1200, debt=[5000, 5000, 0], creditor=[1, 1, -1],
                     family_funds=[9000, 3000, 0])
    assert people.debt.tolist() == [0, 2000, 0] and people.creditor.tolist() == [-1, 1, -1]
    assert people.family_funds.tolist() == [4000, 0, 0] and (people.cash == 0).all()


def test_the_creditor_and_the_landlord_get_what_is_theirs():
    world = first_night("camps.debt_repaid=1", people=1, shelter=Shelter.FLAT, landlord=2, place=1, cash=10_000,
                        debt=5000, creditor=1)
    shelter.collect_rent(world)
    assert world.books.group_flow["rent"][[1, 2]].tolist() == [5000, 1200]


def informal(*overrides, people=400):
    """People who sleep informally at four staging places, and have settled for one night more."""
    world = first_night(*overrides, people=people, status=Status.WAITING, trust=1.0, aware=True,
                        shelter=Shelter.INFORMAL, place=np.arange(people) % 4)
    shelter.settle(world)
    return world.people


def test_people_in_informal_places_look_for_a_camp_again():
    still = "police.site_clearance=0"
    assert (informal(still, "camps.look_again=0").shelter == Shelter.INFORMAL).all()
    people = informal(still, "camps.look_again=0.5")
    assert 100 < (people.shelter == Shelter.CAMP).sum() < 300
    stay = people.shelter == Shelter.INFORMAL
    assert (people.place[stay] == (np.arange(400) % 4)[stay]).all() and (people.shelter != Shelter.FLAT).all()


def test_who_is_cleared_away_looks_for_shelter_anew():
    people = informal("police.site_clearance=1", "camps.look_again=0", "camps.capacity=0", "camps.flat_share=0")
    assert (people.shelter == Shelter.INFORMAL).all() and (people.place != np.arange(400) % 4).any()
    cleared = informal("police.site_clearance=1", "camps.look_again=0")
    assert (cleared.shelter == Shelter.CAMP).any()


def back(*overrides, people=60, **columns):
    """People without shelter who left the second camp for their last attempt, and have settled for a night."""
    world = first_night(*overrides, people=people, status=Status.RESTING, trust=0.0, left_camp=1, **columns)
    world.camps.capacity[:] = 40
    shelter.settle(world)
    return world


def test_people_back_from_an_attempt_return_to_their_camp_while_it_has_places():
    people = back("camps.own_camp=1").people
    assert (people.camp == 1).sum() == 40 and (people.shelter[people.camp == 1] == Shelter.CAMP).all()
    assert (people.left_camp == -1).all()
    some = back("camps.own_camp=0.3").people
    assert 5 < (some.camp == 1).sum() < 35 and (some.shelter != Shelter.NONE).all()
    assert (back("camps.own_camp=0").people.camp == -1).all()


def test_nobody_returns_to_a_camp_that_has_closed_or_to_one_that_is_full():
    assert (back("camps.own_camp=1", "camps.closures=[{camp: C02, date: 2022-01-01}]").people.camp == -1).all()
    world = first_night("camps.own_camp=1", people=50, status=Status.RESTING, trust=0.0,
                        left_camp=np.r_[np.full(20, -1), np.full(30, 1)],
                        shelter=np.r_[np.full(20, Shelter.CAMP), np.full(30, Shelter.NONE)],
                        camp=np.r_[np.full(20, 1), np.full(30, -1)])
    world.camps.capacity[:] = 25
    shelter.settle(world)
    assert (world.people.camp == 1).sum() == 25 and (world.people.camp[:20] == 1).all()


def test_the_camp_is_remembered_for_one_night_of_shelter():
    world = back("camps.own_camp=0")
    world.p = first_night("camps.own_camp=1").p
    world.people.leave_bed(np.arange(60))
    shelter.settle(world)
    assert (world.people.camp == -1).all()
