"""The contest: efforts satisfy the owners' first-order conditions, and turf drifts to shares of impact."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import first_night
from sim.rules.turf import RULES, contest
from sim.rules.turf.impact import impact, impact_shares, shares, strength

seeds = st.integers(0, 2**32)


def rivals(seed, groups=6, places=3):
    """Any turf, hostility between owners of whom one has three groups, and strengths."""
    r = np.random.default_rng(seed)
    turf = shares(r.random((groups, places)) * (r.random((groups, places)) < 0.8))
    owner = np.array([0, 0, 0, *range(1, groups - 2)])
    together = owner[:, None] == owner[None, :]
    hostile = np.where(np.triu(r.random((groups, groups)) < 0.5, 1), 1.0, 0.3)
    hostile = np.minimum(hostile, hostile.T) * ~together
    hostile[:3, 3:] = hostile[0, 3:]  # one answer for a pair of owners
    hostile[3:, :3] = hostile[3:, :1]
    return r, turf, together, hostile


@given(seeds)
def test_the_best_effort_is_where_the_worth_of_turf_gained_pays_the_wage(seed):
    """x = V ∂(turf flow)/∂ ln x / wage, the derivative taken numerically."""
    r, turf, together, hostile = rivals(seed)
    power, wage, value = 0.5, 40.0, r.uniform(100, 1000, turf.shape[1])
    efforts, strong = r.uniform(0.5, 5, turf.shape), r.uniform(0.5, 2, (len(turf), 1))

    def worth(x):  # of the turf that flows to group 0's owner a night
        share = shares(strong * turf**0.3 * x**power)
        own = together[0]
        flow = (share[own].sum(axis=0) * (hostile[0] @ turf)) - turf[own].sum(axis=0) * (hostile[0] @ share)
        return value * flow

    share = shares(strong * turf**0.3 * efforts**power)
    best = contest.best_efforts(value, share, turf, together, hostile, power, wage)
    step = 1e-6
    for k in range(3):
        up, down = efforts.copy(), efforts.copy()
        up[k] *= 1 + step
        down[k] *= 1 - step
        assert best[k] == pytest.approx((worth(up) - worth(down)) / (2 * step) / wage, rel=1e-5, abs=1e-6)


@given(seeds)
def test_turf_flows_from_one_rival_to_another(seed):
    r, turf, _, hostile = rivals(seed)
    share = shares(r.random(turf.shape))
    war = hostile == 1
    gain = contest.gained(turf, share, war)
    assert gain.sum(axis=0) == pytest.approx(0, abs=1e-12)
    assert (turf + gain >= -1e-12).all()
    everybody = ~np.eye(len(turf), dtype=bool)
    assert contest.gained(turf, share, everybody) == pytest.approx(share - turf, abs=1e-12)
    assert (contest.gained(turf, share, np.zeros_like(war)) == 0).all()
    aside = ~war.any(axis=1)
    assert (gain[aside] == 0).all()


def test_no_fighters_and_no_turf_are_worth_nothing_in_peace_without_deterrence():
    world = first_night("gangs.deterrence=0")
    world.prize[:] = 1e4
    assert (RULES["contest"].fighters_wanted(world) == 0).all()
    world.war = ~np.eye(world.groups.n, dtype=bool)
    assert (RULES["contest"].fighters_wanted(world)[world.groups.active] > 0).all()


def test_a_group_without_fighters_begins_again_by_its_foothold():
    world = first_night()
    world.prize[:] = 1e4
    world.groups.fighters[0] = 0
    world.efforts[0] = 0
    wanted = RULES["contest"].fighters_wanted(world)
    assert wanted[0] > 0 and (impact(world, world.efforts)[0] == 0).all()
    world.turf[1:] += world.turf[0] / 9
    world.turf[0] = 0.0
    assert RULES["contest"].fighters_wanted(world)[0] == 0


def test_fighters_stand_in_proportion_to_those_wanted_and_the_guard():
    world = first_night("gangs.clash_rate=0", "gangs.prize_learning=0")
    world.prize[:] = 1e4
    want = contest.desired_effort(world) + world.p.gangs.guard * world.p.scale * world.turf
    RULES["contest"].fight(world)
    each = world.efforts.sum(axis=1)
    assert each == pytest.approx(world.groups.fighters)
    active = world.groups.active
    assert world.efforts[active] / each[active, None] == pytest.approx(want[active] / want[active].sum(1)[:, None])


def test_a_leaders_arrest_weakens_a_group_for_a_time():
    world = first_night("gangs.clash_rate=0")
    before, share = strength(world), impact_shares(world)[0]
    world.groups.disarray[0] = world.p.gangs.leader_weakness
    assert strength(world)[0] == pytest.approx(before[0] * (1 - world.p.gangs.leader_weakness))
    held = world.turf[0] > 0
    assert (impact_shares(world)[0] < share)[held].all()
    for world.t in range(300):
        RULES["contest"].fight(world)
    assert strength(world)[0] == pytest.approx(before[0], rel=0.02)
