"""Dispatch: queues, parties and who leaves."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import first_night
from sim.rules.dispatch import dispatch, first_come, party_within, sector_shares
from sim.world.columns import rank_within
from sim.world.groups import largest_party
from sim.world.people import NEVER, UNAIDED, Shelter, Status


@given(st.lists(st.integers(0, 5), max_size=50))
def test_rank_within_counts_from_zero(labels):
    labels = sorted(labels)
    assert rank_within(np.array(labels, int)).tolist() == [labels[:k].count(x) for k, x in enumerate(labels)]


@given(st.lists(st.integers(0, 4), max_size=40), st.lists(st.integers(0, 9), min_size=5, max_size=5))
def test_the_first_of_each_queue_are_served_as_far_as_places_go(owners, places):
    owner = np.array(sorted(owners), int)
    served = first_come(owner, np.array(places, float))
    for k, number in enumerate(places):
        queue = served[owner == k]
        assert queue[:number].all() and not queue[number:].any()


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(1, 15)), min_size=1, max_size=4))
def test_parties_are_as_equal_as_they_can_be_and_about_full(batches):
    batch = np.repeat(np.arange(len(batches)), [people for people, _ in batches])
    size = np.repeat([size for _, size in batches], [people for people, _ in batches])
    party = party_within(batch, size)
    for k, (people, full) in enumerate(batches):
        each = np.bincount(party[batch == k])
        if people:
            assert each.max() - each.min() <= 1 and each.max() <= largest_party(full)
            assert len(each) == max(1, round(people / full)) and (np.diff(party[batch == k]) >= 0).all()


@pytest.mark.parametrize("owners", [1, 5])
def test_parties_are_as_large_with_one_owner_as_with_five(owners):
    """The mean size of a party has no economy of scale: it is about full whatever the owner's number of clients."""
    clients = np.random.default_rng(3).poisson(300 / owners, (400, owners))
    parties = sum(np.unique(party_within(np.zeros(n, int), np.full(n, 14))).size for n in clients.ravel() if n)
    assert clients.sum() / parties == pytest.approx(14, rel=0.02)


def test_an_owner_to_whom_a_passage_is_worth_nothing_does_not_look_for_the_best_sector():
    world = first_night("gangs.dispatch_slope=4")
    world.beliefs.sector_trials[:] = 100
    world.beliefs.sector_successes[:] = np.linspace(10, 60, world.places.sectors)
    turf = world.turf[:, : world.places.sectors]

    def steepness():
        """Log of weight over turf of the first corridor's last sector against its first, for the first owner."""
        weight = sector_shares(world)[0, 0][world.places.in_corridor[0]] / turf[0][world.places.in_corridor[0]]
        return np.log(weight[-1] / weight[0])

    usual = steepness()
    world.groups.client_worth[:] = 1e6
    assert usual > 0.1 and steepness() == pytest.approx(0, abs=1e-12)


@pytest.fixture(scope="module", params=[False, True], ids=["separate", "joint"])
def departed(request):
    """A world after dispatch: clients of several groups in several corridors, and people without a group."""
    world = first_night("gangs.treasury=1e7")
    n = 600
    groups = np.flatnonzero(world.groups.active)
    rows = world.people.append(n, id=np.arange(n) * 7, status=Status.WAITING, shelter=Shelter.INFORMAL, place=1,
                               cash=10**6, corridor=np.arange(n) % len(world.places.corridors), engaged=-1,
                               client_of=np.where(np.arange(n) % 5 == 0, UNAIDED, groups[np.arange(n) % len(groups)]))
    world.books.cash_in(rows)
    if request.param:
        for group in groups:
            world.ownership.give("dispatch", group, world.groups.n)
    return world, dispatch(world)


def test_a_party_is_of_one_owner_and_corridor_and_no_larger_than_allowed(departed):
    world, parties = departed
    people, owner = world.people, world.ownership.owner["dispatch"]
    assert len(parties.rows) > 100 and parties.size.sum() == len(parties.rows)
    assert (np.bincount(parties.party) == parties.size).all() and (np.diff(parties.party) >= 0).all()
    assert (people.corridor[parties.rows] == parties.corridor[parties.party]).all()
    owners = np.where(parties.group >= 0, owner[parties.group], -1)
    assert (owners == parties.owner[parties.party]).all()
    full = np.where(parties.owner >= 0, world.p.gangs.party_size, world.p.migrants.unaided_party)
    assert (parties.size <= largest_party(full)).all()
    assert (world.places.corridor[parties.sector] == parties.corridor).all()


def test_those_who_leave_have_no_bed_and_wait_no_longer(departed):
    world, parties = departed
    people, rows = world.people, parties.rows
    assert (people.status[rows] == Status.DISPATCHED).all() and (people.attempts[rows] == 1).all()
    assert (people.shelter[rows] == Shelter.NONE).all() and (people.place[rows] == -1).all()
    assert (people.engaged[rows] == NEVER).all()
    stay = np.setdiff1d(np.arange(people.n), rows)
    assert (people.shelter[stay] == Shelter.INFORMAL).all() and not people.attempts[stay].any()


def test_everybody_without_a_group_leaves_and_clients_are_counted(departed):
    world, parties = departed
    alone = world.people.client_of == UNAIDED
    assert set(np.flatnonzero(alone)) == set(parties.rows[parties.group < 0])
    clients = (parties.group >= 0).sum()
    assert world.demand.served.sum() == clients
    assert world.demand.unserved.sum() == world.people.n - alone.sum() - clients
