"""Turf: equilibria of contests, casualties by the square law, and who fights whom."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import first_night, play, same
from sim.rules import turf
from sim.rules.turf import best_effort, lanchester


@pytest.mark.parametrize("n", [2, 3, 5, 10])
def test_best_efforts_reach_tullock(n):
    prize, cost = 1000.0, 40.0
    x = np.full(n, 1.0)
    for _ in range(4000):
        x += 0.05 * (best_effort(prize, x.sum() - x, cost) - x)
    assert x == pytest.approx((n - 1) * prize / n**2 / cost, rel=1e-6)


def test_effort_is_nothing_without_rivals_or_prize():
    assert best_effort(1000.0, 0.0, 40.0) == 0 and best_effort(0.0, 5.0, 40.0) == 0


@given(st.floats(1, 100), st.floats(1, 100), st.floats(0.1, 2), st.floats(0.1, 2), st.floats(0.01, 5))
def test_lanchester_conserves_its_square_law(a0, b0, worth_a, worth_b, hours):
    a, b = lanchester(a0, b0, worth_a, worth_b, hours)
    before, after = worth_a * a0**2 - worth_b * b0**2, worth_a * a**2 - worth_b * b**2
    assert after == pytest.approx(before, rel=1e-6, abs=1e-6 * (worth_a * a0**2 + worth_b * b0**2))
    assert 0 <= a <= a0 + 1e-9 and 0 <= b <= b0 + 1e-9


def test_a_hundred_against_eighty_leaves_sixty():
    first, second = lanchester(100, 80, 1, 1, 100)
    largest = 100 * np.cosh(np.arctanh(0.8))  # the terms of which the result is a difference
    assert first == pytest.approx(60, abs=1e-12 * largest) and second == pytest.approx(0, abs=1e-12 * largest)


def test_pairwise_fights_need_no_decision():
    """Patience decides nothing, and every two owners fight."""
    first, second = (play("fragmented", "rules.turf=pairwise", f"gangs.patience={p}", "gangs.patience_sd=0").record()
                     for p in (0.1, 0.9))
    same(first, second)
    active = first.nights["groups_active"]
    assert (first.nights["pairs_at_war"] == active * (active - 1) // 2).all()


def test_pairwise_one_owner_fights_nobody():
    record = play("centralised", "rules.turf=pairwise", "organisation.leakage=0", "organisation.succession=0",
                  "gangs.entry=0", "gangs.split_chance=0", "gangs.clash_rate=1").record()
    assert record.run["clashes"] == 0
    rivals = play("fragmented", "rules.turf=pairwise", "gangs.clash_rate=1").record()
    assert rivals.run["clashes"] > 0


def test_nobody_fights_or_gains_turf_at_peace_without_leakage():
    world = first_night("gangs.truce_leakage=0", "organisation.leakage=0", "gangs.clash_rate=1")
    world.war[:] = False
    before = world.turf.copy()
    assert turf.contest(world) == [] and (world.turf == before).all()


@pytest.mark.parametrize("rule", turf.RULES.values(), ids=turf.RULES)
def test_turf_stays_shares_and_fighters_are_lost_in_clashes_alone(rule):
    world = first_night("gangs.clash_rate=1")
    fighters, clashes = world.groups.fighters.sum(), 0
    for world.t in range(30):
        found = rule.fight(world)
        assert len({key for key, _ in found}) == len(found)  # each pair and place once: keys of draws
        assert all(0 <= place < world.places.total for _, place in found)
        clashes += len(found)
    assert world.turf.sum(axis=0) == pytest.approx(1) and (world.turf >= 0).all()
    assert clashes == world.counts["clashes"] > 0
    assert fighters - world.groups.fighters.sum() == world.counts["fighters_killed"] == world.groups.losses.sum() > 0


def test_fighters_wanted_rise_with_the_prize():
    world = first_night()
    wanted = []
    for prize in (0.0, 1e3, 1e4):
        world.prize[:] = prize
        wanted.append(turf.fighters_wanted(world))
        assert wanted[-1].shape == (world.groups.n,)
    assert (wanted[0] == 0).all() and wanted[0].sum() < wanted[1].sum() < wanted[2].sum()


def test_patience_keeps_peace_and_impatience_breaks_it():
    world = first_night()
    world.prize[:] = 1e4
    for patience, war in ((0.999999, False), (0.0, True)):
        world.groups.patience[:] = patience
        turf.decide_war(world)
        assert world.war.any() == war and (world.war == world.war.T).all() and not world.war.diagonal().any()
