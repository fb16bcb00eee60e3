"""Structure: how groups begin, split and end, and what that leaves of people, money and turf."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import first_night, play
from sim.rules import structure
from sim.world.groups import ROLES
from sim.world.people import NEVER, Shelter


def test_a_group_without_turf_or_members_changes_nothing():
    few = play("fragmented", "gangs.free_rows=0", "gangs.entry=0", "gangs.split_chance=0").record()
    more = play("fragmented", "gangs.free_rows=3", "gangs.entry=0", "gangs.split_chance=0").record()
    for name in few.nights:
        if name == "date":
            assert (few.nights[name] == more.nights[name]).all()
        else:
            assert few.nights[name] == pytest.approx(more.nights[name], rel=1e-9, nan_ok=True), name


def owned(world) -> tuple:
    """What no beginning, split or end may change: turf by place, money, members and the pool."""
    members = world.groups.members.sum() + world.labour_pool
    return world.turf.sum(axis=0), sum(world.books.balance.values()), members


@settings(max_examples=25)
@given(st.lists(st.sampled_from(["end", "divide", "found"]), min_size=1, max_size=8), st.integers(0, 2**32))
def test_turf_stays_shares_and_members_and_money_are_conserved(events, seed):
    world, r = first_night(), np.random.default_rng(seed)
    for event in events:
        groups = world.groups
        active, free = np.flatnonzero(groups.active), np.flatnonzero(~groups.active)
        _, money, members = owned(world)
        if event == "end" and len(active) > 1:
            structure.end(world, int(r.choice(active)))
        elif event == "divide" and len(free):
            structure.divide(world, int(r.choice(active)), int(free[0]))
        elif event == "found" and len(free):
            structure.start(world, int(free[0]), active)
            members += groups.members[free[0]]  # newcomers bring their own
        turf, money_after, members_after = owned(world)
        assert turf == pytest.approx(1) and not world.turf[~groups.active].any() and (world.turf >= 0).all()
        assert money_after == money == 0 and members_after == pytest.approx(members)
        world.books.check()


def test_clients_of_a_group_that_ends_choose_anew_and_its_tenants_stay_informally():
    world = first_night(people=6, client_of=[1, 1, 2, -1, 1, 2], engaged=5, landlord=[1, -1, 1, 2, -1, -1], place=2,
                        shelter=[3, 1, 3, 3, 2, 1], debt=50, creditor=[1, 2, 1, 2, 1, 1])
    structure.end(world, 1)
    people = world.people
    assert people.client_of.tolist() == [-1, -1, 2, -1, -1, 2]
    assert people.engaged.tolist() == [NEVER, NEVER, 5, 5, NEVER, 5]
    assert people.shelter.tolist() == [Shelter.INFORMAL, 1, Shelter.INFORMAL, 3, 2, 1] and (people.place == 2).all()
    assert people.landlord.tolist() == [-1, -1, -1, 2, -1, -1] and people.debt.tolist() == [0, 50, 0, 50, 0, 0]


def test_a_group_that_splits_halves_everything_and_its_kind_stays():
    world = first_night()
    groups, row = world.groups, int(np.flatnonzero(~world.groups.active)[0])
    for name in (*ROLES, "weapons", "treasury"):
        getattr(groups, name)[0] = 21
    groups.brand[0], turf = 0.4, world.turf[0].copy()
    structure.divide(world, 0, row)
    for name in (*ROLES, "weapons", "treasury"):
        assert getattr(groups, name)[[0, row]].tolist() == [11, 10], name
    for name in ("origin", "affine", "price", "brand", "intensity"):
        assert getattr(groups, name)[row] == getattr(groups, name)[0], name
    assert world.turf[row] == pytest.approx(turf / 2) and world.turf[0] == pytest.approx(turf / 2)


def test_a_newcomer_has_no_past_but_its_rows_reputation():
    world = first_night()
    groups = world.groups
    row, active = int(np.flatnonzero(~groups.active)[0]), np.flatnonzero(groups.active)
    for name in ("losses", "profit", "raid_loss", "shadow_cost", "week_profit", "weapons", "weak_nights", "probe"):
        getattr(groups, name)[row] = 7
    world.beliefs.trials[:, row] = 5
    world.ownership.give("price", row, groups.n)
    structure.start(world, row, active)
    for name in ("losses", "profit", "raid_loss", "shadow_cost", "week_profit", "weapons", "weak_nights", "probe"):
        assert getattr(groups, name)[row] == 0, name
    assert world.ownership.owner["price"][row] == row and (world.beliefs.trials[:, row] == 5).all()
    assert groups.price[row] == pytest.approx(groups.price[active].mean())


def test_the_last_group_does_not_end():
    world = first_night("gangs.count=2", "gangs.free_rows=0", "gangs.exit_members=9999", "gangs.exit_nights=1")
    structure.close(world)
    assert world.groups.active.sum() == 1 and world.counts["exits"] == 1
