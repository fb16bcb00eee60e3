"""Relocation: guides and drivers go where they earn more, at a cost, and no more than a share a night."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import first_night
from sim.rules.relocation import earned_by_each, relocate
from sim.rules.structure.endings import divide, vacate
from sim.world import posts

FREE = ("gangs.relocation_cost=0", "gangs.stationed=1")


def placed(*words, stand=(0.5, 0.3, 0.2), earn=(0, 0, 0)):
    """A market in which every group stands and earns alike."""
    world = first_night("gangs.treasury=1e6", "gangs.guides=10000", "gangs.drivers=5000", *words)
    world.posts[:], world.earnings[:] = stand, earn
    return world


def test_posts_open_where_people_arrive_and_groups_hold_turf():
    world = first_night("migrants.turf_visibility=0", "gangs.post_floor=0")
    assert world.posts == pytest.approx(np.broadcast_to(world.p.border.corridor_shares, world.posts.shape))
    near = first_night("migrants.turf_visibility=1", "gangs.post_floor=0.02")
    near.turf[0, np.append(near.places.corridor == 0, [False] * near.places.staging)] = 0.0
    near.turf[1] = 0.0
    opened, share = posts.opening_posts(near), near.p.border.corridor_shares
    assert opened.sum(axis=1) == pytest.approx(1) and opened[0, 0] == pytest.approx(0.02 / 1.02)
    assert opened[0, 1] / opened[0, 2] == pytest.approx(share[1] / share[2]) and opened[1] == pytest.approx(share)


def test_nobody_moves_where_all_earn_alike_or_nothing():
    for earn in ((0, 0, 0), (50.0, 30.0, 20.0), (-5.0, -3.0, -2.0)):
        world = placed(*FREE, "gangs.relocation=0.2", earn=earn)
        relocate(world)
        assert world.posts == pytest.approx(np.broadcast_to((0.5, 0.3, 0.2), world.posts.shape), abs=1e-12)
        assert world.counts["relocated"] == pytest.approx(0, abs=1e-6)


def test_shares_follow_the_replicator_equation():
    world = placed(*FREE, "gangs.relocation=0.1", earn=(10.0, 0.0, 10.0))
    crew = posts.crew(world.groups)[0]
    pay = np.array([20.0, 0.0, 50.0]) / crew
    assert earned_by_each(world)[0] == pytest.approx(pay)
    relocate(world)
    mean = 20 / crew
    assert world.posts[0] == pytest.approx(np.array([0.5, 0.3, 0.2]) * (1 + 0.1 * (pay - mean) / mean))


def test_crews_leave_a_corridor_that_brings_nothing_and_come_back_when_it_does():
    world = placed(*FREE, "gangs.relocation=0.1", "gangs.post_floor=0.02")
    for _ in range(200):
        world.earnings[:] = np.array([0.0, 1.0, 1.0]) * world.posts  # per head: nothing at the first, alike elsewhere
        relocate(world)
    assert world.posts[0, 0] == pytest.approx(0.02, abs=0.001)
    for _ in range(300):
        world.earnings[:] = 3.0, 1.0, 1.0  # what clients bring, however many stand there
        relocate(world)
    assert world.posts[0] == pytest.approx([0.6, 0.2, 0.2], abs=0.01)


@given(st.lists(st.floats(-1e4, 1e4), min_size=3, max_size=3), st.lists(st.floats(0.01, 1), min_size=3, max_size=3),
       st.floats(0, 1))
def test_at_most_the_stated_share_moves_in_a_night_and_shares_stay_shares(earn, stand, pace):
    stand = np.array(stand) / np.sum(stand)
    world = placed(*FREE, f"gangs.relocation={pace}", "gangs.post_floor=0", stand=stand, earn=earn)
    relocate(world)
    active = world.groups.active
    assert (world.posts >= 0).all() and world.posts.sum(axis=1) == pytest.approx(1)
    assert (0.5 * np.abs(world.posts - stand)[active].sum(axis=1) <= pace + 1e-9).all()
    assert (world.posts[~active] == stand).all()


def test_moving_costs_money_and_stops_where_there_is_none():
    world = placed("gangs.relocation=0.1", "gangs.stationed=0.5", "gangs.relocation_cost=100", "gangs.post_floor=0",
                   earn=(10.0, 0.0, 10.0))
    groups = world.groups
    groups.treasury[1] = 1000
    groups.treasury[2] = 0
    before = world.posts[0].copy()
    relocate(world)
    moved = 0.5 * np.abs(world.posts[0] - before).sum() * 0.5 * posts.crew(groups)[0]
    assert world.books.flow["operating"] == pytest.approx(
        100 * 100 * moved * (groups.active.sum() - 2) + 1000, abs=groups.n)
    short = 0.5 * np.abs(world.posts[1] - before).sum() * 0.5 * posts.crew(groups)[1]
    assert short * 100 == pytest.approx(10, rel=0.01) and (world.posts[2] == before).all()
    assert world.counts["relocated"] == pytest.approx(moved * (groups.active.sum() - 2) + short, rel=1e-6)


def test_one_owner_of_dispatch_moves_all_its_groups_by_what_they_earn_together():
    world = placed(*FREE, "gangs.relocation=0.1")
    world.earnings[0], world.earnings[1] = (100.0, 0, 0), (0, 60.0, 0)
    apart = earned_by_each(world)
    assert apart[0, 1] == 0 and apart[1, 0] == 0
    for group in (0, 1):
        world.ownership.give("dispatch", group, world.groups.n)
    together = earned_by_each(world)
    crew = posts.crew(world.groups)[:2].sum()
    assert together[0] == pytest.approx([100 / (0.5 * crew), 60 / (0.3 * crew), 0])
    assert (together[0] == together[1]).all() and (together[2] == apart[2]).all()


def test_a_half_that_leaves_takes_posts_and_earnings_and_a_free_row_keeps_none():
    world = placed(earn=(8.0, 4.0, 2.0))
    row = int(np.flatnonzero(~world.groups.active)[0])
    world.earnings[row] = 7.0
    divide(world, 0, row)
    assert (world.posts[row] == world.posts[0]).all()
    assert world.earnings[0].tolist() == world.earnings[row].tolist() == [4, 2, 1]
    vacate(world, row)
    assert not world.earnings[row].any()
