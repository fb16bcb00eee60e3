"""Pushback: what becomes of the intercepted."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import first_night, play
from sim.rules.dispatch import Parties
from sim.rules.interception import Crossing
from sim.rules.pushback import push_back, remember_failures
from sim.world.people import Status


def test_nobody_is_pushed_back_when_pushbacks_end():
    run = play("pushback_end").record().run
    assert run["pushbacks"] == 0 and run["procedures"] > 0


def intercepted(*overrides, stopped=None, n=300):
    """The world after pushback, rows that are out, and who was stopped (by default all)."""
    world = first_night(*overrides, people=n, status=Status.DISPATCHED, client_of=1, cash=50_000, trust=0.8)
    one = np.ones(n, int)
    stopped = one.astype(bool) if stopped is None else stopped
    parties = Parties(np.arange(n), one, np.arange(n), one, 0 * one, 0 * one, np.arange(n), one)
    return world, push_back(world, parties, Crossing(~stopped, stopped, 0 * one > 0, stopped)), stopped


@settings(max_examples=30)
@given(st.integers(0, 2**32))
def test_everybody_who_was_stopped_is_back_or_out_and_nobody_else_is_touched(seed):
    stopped = np.random.default_rng(seed).random(300) < 0.5
    world, out, _ = intercepted("police.pushback_share=0.6", "police.death_share=0.1", stopped=stopped)
    status, counts = world.people.status, world.counts
    assert (status[~stopped] == Status.DISPATCHED).all() and (world.people.failures == stopped).all()
    assert set(out) == set(np.flatnonzero((status == Status.PROCEDURE) | (status == Status.DEAD)))
    assert counts["pushbacks"] + counts["procedures"] == stopped.sum()
    assert counts["pushbacks"] == (status == Status.RESTING).sum() + counts["deaths_authorities"]


def test_those_pushed_back_rest_without_a_group_and_trust_less():
    world, out, _ = intercepted("police.pushback_share=1", "police.death_share=0")
    people, p = world.people, world.p.police
    assert len(out) == 0 and (people.client_of == -1).all() and (people.pushbacks == 1).all()
    assert (people.last_pushback == world.t).all()
    nights = people.status_ends - world.t
    assert nights.min() >= 1 and nights.max() <= p.rest_nights
    assert people.trust == pytest.approx(0.8 * (1 - p.trust_lost), rel=1e-6)


def test_whoever_fails_remembers_how_and_with_whom():
    """Attempts alone count apart; of groups only the last one that failed a person is kept, with how often it did."""
    n = 3
    world = first_night("police.pushback_share=1", people=n)
    people, rows = world.people, np.arange(n)
    for groups in ([-1, 1, 1], [-1, 1, 2], [3, -1, 1]):
        remember_failures(people, rows, np.array(groups))
    assert people.failures.tolist() == [3, 3, 3] and people.failures_alone.tolist() == [2, 1, 0]
    assert people.failed_by.tolist() == [3, 1, 1] and people.failed_times.tolist() == [1, 2, 1]


def test_goods_lost_are_a_share_of_cash_and_booked():
    world, _, _ = intercepted("police.pushback_share=1", "police.death_share=0", "police.goods_lost_chance=1",
                              "police.goods_lost_share=0.4")
    assert (world.people.cash == 30_000).all() and world.books.flow["goods_lost"] == 20_000 * world.people.n
