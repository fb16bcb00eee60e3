"""War and peace between owners: who would win by it, how it opens and ends, and who inherits it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import first_night
from sim.rules.turf import war
from sim.world.control import join, secede

AT_ONCE = ("gangs.war_temperature=0", "gangs.war_hazard=10")
RIVALS = ("gangs.clash_cost=0", "gangs.deterrence=1", "gangs.strength_learning=0", "gangs.armed_share=0",
          "gangs.free_rows=0")


def sides(seed, owners=4, places=3):
    r = np.random.default_rng(seed)
    share, turf, fighters = (r.random((owners, places)) for _ in range(3))
    return r.uniform(0, 1e3, places), share / share.sum(0), turf / turf.sum(0), fighters


@given(st.integers(0, 2**32))
def test_what_one_side_wins_the_other_loses_and_costs_only_lower_it(seed):
    value, share, turf, fighters = sides(seed)
    free = war.gain_of_war(value, share, turf, fighters, 0.5, 1.0, 0.01, 0.0)
    assert free == pytest.approx(-free.T, abs=1e-9)
    assert (war.gain_of_war(value, share, turf, fighters, 0.5, 0.4, 0.01, 0.0) <= free + 1e-9).all()
    assert (war.gain_of_war(value, share, turf, fighters, 0.5, 1.0, 0.01, 100.0) <= free + 1e-9).all()


@given(st.integers(0, 2**32))
def test_where_turf_is_held_by_impact_nobody_wins(seed):
    value, share, _, fighters = sides(seed)
    assert war.gain_of_war(value, share, share, fighters, 0.5, 1.0, 0.01, 0.0) == pytest.approx(0, abs=1e-9)


def strong_and_weak(*overrides):
    """Two groups of equal turf, one of which has nine times the fighters."""
    world = first_night("gangs.count=2", "gangs.overlap=1", *RIVALS, *AT_ONCE, *overrides)
    world.groups.fighters[:] = (90, 10)
    world.efforts = world.groups.fighters[:, None] * world.turf / world.places.total
    world.prize[:] = 1e3
    return world


def test_war_opens_where_one_side_would_win_and_ends_when_nothing_is_left():
    world = strong_and_weak("gangs.incumbency=0")
    war.review(world)
    assert world.war[0, 1] and world.war[1, 0] and not world.war.diagonal().any()
    share = war.shares(war.impact(world, war.on_foot(world)))
    world.turf[:] = share  # all is won
    world.p = strong_and_weak("gangs.incumbency=0", "gangs.deterrence=0.9").p  # and peace would save a little
    war.review(world)
    assert not world.war.any()


def test_losses_that_outweigh_the_gain_keep_peace_and_end_war():
    world = strong_and_weak("gangs.clash_cost=1000000", "gangs.clash_rate=1")
    war.review(world)
    assert not world.war.any()
    world.war = ~np.eye(2, dtype=bool)
    war.review(world)
    assert not world.war.any()


def test_a_state_lasts_where_owners_never_reconsider():
    world = strong_and_weak("gangs.war_hazard=0")
    for state in (np.zeros((2, 2), bool), ~np.eye(2, dtype=bool)):
        world.war = state.copy()
        war.review(world)
        assert (world.war == state).all()


def test_the_hazard_rises_with_the_gain():
    opened = []
    for prize in (1e2, 1e3, 1e4):
        world = strong_and_weak("gangs.war_hazard=0.1", "gangs.war_temperature=2000")
        count = 0
        for world.t in range(0, 7 * 400, 7):
            world.war[:] = False
            world.prize[:] = prize
            war.review(world)
            count += world.war[0, 1]
        opened.append(count / 400)
        gain = war.reputed_gain(world).max()
        chance = 1 - np.exp(-0.1 * 7 * (1 - np.exp(-gain / (2000 * world.p.scale))))
        assert opened[-1] == pytest.approx(chance, abs=4 * np.sqrt(chance * (1 - chance) / 400))
    assert opened[0] < opened[1] < opened[2]


def test_a_reputation_for_weakness_invites_war():
    world = strong_and_weak()
    world.groups.fighters[:] = 50
    world.efforts = world.groups.fighters[:, None] * world.turf / world.places.total
    assert war.reputed_gain(world) == pytest.approx(0, abs=1e-9)
    world.groups.standing[:] = (0.5, -0.5)
    gain = war.reputed_gain(world)
    assert gain[0, 1] > 0 > gain[1, 0]


def test_a_group_that_joins_brings_its_wars_and_takes_part_in_its_owners():
    world = first_night("organisation.levers.internal_peace=true", "gangs.count=5")
    world.war[0, 3] = world.war[3, 0] = world.war[1, 4] = world.war[4, 1] = world.war[0, 1] = world.war[1, 0] = True
    join(world, 0, 0)
    join(world, 1, 0)
    war.settle(world)
    at_war = {(0, 3), (1, 3), (0, 4), (1, 4)}
    assert set(zip(*np.nonzero(np.triu(world.war)))) == at_war
    secede(world, 1)
    war.settle(world)
    assert set(zip(*np.nonzero(np.triu(world.war)))) == at_war  # at peace with those it leaves
    world.groups.active[3] = False
    war.settle(world)
    assert set(zip(*np.nonzero(np.triu(world.war)))) == {(0, 4), (1, 4)}
