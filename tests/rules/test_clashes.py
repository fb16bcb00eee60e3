"""Clashes: casualties by the square law and their spread, who wins, and what owners learn from it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import first_night
from sim.rules.turf import clashes
from sim.rules.turf.clashes import casualties, lanchester

N = 200_000


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


def many(sd, lost=0.02, engaged=8):
    r = np.random.default_rng(3)
    return casualties(lost, engaged, sd, r.standard_normal(N), r.random(N))


def test_casualties_keep_their_mean_but_three_may_die_in_one_clash():
    """Three or more killed in one night (F5) lies in the support; at severity_sd = 0 chance alone varies."""
    plain, severe = many(0.0), many(2.0)
    assert plain.mean() == pytest.approx(0.02, abs=4 * plain.std() / np.sqrt(N))
    assert severe.mean() == pytest.approx(0.02, abs=4 * severe.std() / np.sqrt(N))
    assert (plain >= 3).mean() < 1e-5 < 3e-4 < (severe >= 3).mean()
    assert severe.max() <= 8 and many(2.0, lost=5.0, engaged=2.3).max() == 3


def battle(*overrides):
    world = first_night("gangs.count=2", "gangs.overlap=1", "gangs.free_rows=0", *overrides)
    world.groups.fighters[:] = (36, 4)
    world.efforts = world.groups.fighters[:, None] * world.turf / world.places.total
    return world


def test_a_side_wins_with_its_share_of_the_impacts():
    world = battle("gangs.decisiveness=0.5", "gangs.armed_share=0", "gangs.strength_learning=0")
    clash = clashes.meet(world, 0, 0, 1, 0)
    wins = sum(clashes.impact_decides(world, clash._replace(key=key)) for key in range(2000))
    assert wins / 2000 == pytest.approx(0.75, abs=4 * np.sqrt(0.75 * 0.25 / 2000))
    assert (world.groups.standing == 0).all()


def test_reputations_come_to_rest_at_the_truth():
    """Standings sum to their start, and wins by luck are forgotten: at rest they are 0 on average."""
    world = battle("gangs.strength_learning=0.2")
    world.groups.standing[:] = (-2.0, 2.0)
    clash, seen = clashes.meet(world, 0, 0, 1, 0), []
    for key in range(3000):
        clashes.impact_decides(world, clash._replace(key=key))
        assert world.groups.standing.sum() == pytest.approx(0, abs=1e-9)
        seen.append(world.groups.standing[0])
    assert np.mean(seen[300:]) == pytest.approx(0, abs=0.1)
    assert np.std(seen[300:]) == pytest.approx(np.sqrt(0.2) / 2, rel=0.25)  # as reputations start


@pytest.mark.parametrize("scale", [0.25, 4])
def test_a_clash_is_as_deadly_at_every_scale(scale):
    def meeting(scale):
        world = first_night(f"scale={scale}", "gangs.count=2", "gangs.overlap=1", "gangs.fighters=64",
                            "gangs.armed_share=0")
        world.efforts = 32 * scale * world.turf / world.turf.sum(axis=1, keepdims=True).clip(1e-9)
        return clashes.meet(world, 0, 0, 1, 0)

    one, other = meeting(1), meeting(scale)
    assert other.engaged == pytest.approx(one.engaged) and other.left == pytest.approx(one.left)


def test_an_organisations_groups_clash_by_leakage_alone():
    war = np.zeros((2, 2), bool)
    force, together = np.ones((2, 3)), np.ones((2, 2), bool)
    assert len(clashes.encounters(force, war, together, 0.1, 0.5, 0.0)[0]) == 0
    assert clashes.encounters(force, war, together, 0.1, 0.5, 0.2)[3] == pytest.approx(0.1 * 0.2 / 2)
    assert clashes.encounters(force, ~war, together, 0.1, 0.5, 0.2)[3] == pytest.approx(0.1 / 2)
