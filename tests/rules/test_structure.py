"""Structure: how groups begin, split and end, and what that leaves of people, money and turf."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import first_night, play
from sim.rules.structure import endings, entry
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
            endings.end(world, int(r.choice(active)))
        elif event == "divide" and len(free):
            endings.divide(world, int(r.choice(active)), int(free[0]))
        elif event == "found" and len(free):
            entry.start(world, int(free[0]), 3.0)
            members += groups.members[free[0]]  # newcomers bring their own
        turf, money_after, members_after = owned(world)
        assert turf == pytest.approx(1) and not world.turf[~groups.active].any() and (world.turf >= 0).all()
        assert money_after == money == 0 and members_after == pytest.approx(members)
        world.books.check()


def test_clients_of_a_group_that_ends_choose_anew_and_its_tenants_stay_informally():
    world = first_night(people=6, client_of=[1, 1, 2, -1, 1, 2], engaged=5, landlord=[1, -1, 1, 2, -1, -1], place=2,
                        shelter=[3, 1, 3, 3, 2, 1], debt=50, creditor=[1, 2, 1, 2, 1, 1])
    endings.end(world, 1)
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
    endings.divide(world, 0, row)
    for name in (*ROLES, "weapons", "treasury"):
        assert getattr(groups, name)[[0, row]].tolist() == [11, 10], name
    for name in ("origin", "affine", "price", "brand", "intensity"):
        assert getattr(groups, name)[row] == getattr(groups, name)[0], name
    assert world.turf[row] == pytest.approx(turf / 2) and world.turf[0] == pytest.approx(turf / 2)


def lived_in(world, row):
    """Leave the traces of a group's whole life in a row of every table about groups."""
    groups, beliefs, demand = world.groups, world.beliefs, world.demand
    for column in groups.columns():
        if column.name not in ("id", "skill", "treasury", "active"):
            getattr(groups, column.name)[row] = 1
    for counts in (beliefs.trials, beliefs.successes, beliefs.engagements, beliefs.abuses):
        counts[:, row] = 5
    for counts in (beliefs.sector_trials, beliefs.sector_successes, world.efforts, world.parties_met, world.retainers,
                   world.tolls, world.crossings_sold, world.leaders_taken, demand.demand, demand.served,
                   demand.unserved, demand.profit, demand.by_price_alone, demand.by_appeal_alone,
                   demand.by_price_worth):
        counts[row] = 5
    for sums in (demand.by_price, demand.by_appeal):
        sums[row] = sums[:, row] = 5
    world.war[row] = world.war[:, row] = True
    world.ownership.give("price", row, groups.n)


def test_a_newcomer_has_no_past():
    fresh, used = first_night(), first_night()
    row = int(np.flatnonzero(~fresh.groups.active)[0])
    lived_in(used, row)
    for world in (fresh, used):
        entry.start(world, row, 3.0)
    for name, column in used.groups.state().items():
        assert column[row] == getattr(fresh.groups, name)[row], name
    for noun in ("beliefs", "demand"):
        for name, counts in vars(getattr(used, noun)).items():
            if isinstance(counts, np.ndarray):
                assert np.array_equal(counts, getattr(getattr(fresh, noun), name)), name
    for name in ("efforts", "parties_met", "retainers", "tolls", "crossings_sold", "leaders_taken", "war", "turf"):
        assert np.array_equal(getattr(used, name), getattr(fresh, name)), name
    assert used.ownership.owner["price"][row] == row
    assert used.groups.price[row] == pytest.approx(used.groups.price[:row].mean())


def test_guides_who_leave_with_half_of_a_group_know_its_sectors_and_people_do_not_know_its_name():
    world = first_night()
    row = int(np.flatnonzero(~world.groups.active)[0])
    world.beliefs.sector_trials[0], world.beliefs.trials[:, [0, row]] = 7, 5
    world.groups.organised[0] = True
    endings.divide(world, 0, row)
    assert (world.beliefs.sector_trials[row] == 7).all() and not world.beliefs.trials[:, row].any()
    assert (world.beliefs.trials[:, 0] == 5).all() and world.groups.organised[row]


def test_no_newcomer_starts_larger_than_an_equal_share():
    world = first_night("gangs.entrant_turf=1")
    row = int(np.flatnonzero(~world.groups.active)[0])
    entry.start(world, row, 3.0)
    assert world.turf[row] == pytest.approx(1 / world.groups.active.sum())


def test_the_last_group_does_not_end():
    world = first_night("gangs.count=2", "gangs.free_rows=0", "gangs.exit_members=9999", "gangs.exit_nights=1")
    endings.close(world)
    assert world.groups.active.sum() == 1 and world.counts["exits"] == 1
