"""Offers: what people have lived through changes what they believe, and their taste for corridors lasts."""

import numpy as np
import pytest

from conftest import first_night
from sim.rules import choice
from sim.world.offers import offer
from sim.world.people import Status
from sim.world.taste import tastes


def on_offer(**columns):
    """Offers to people with money, who are alike but for the columns."""
    world = first_night(people=len(next(iter(columns.values()))), cash=10**7, status=Status.WAITING, **columns)
    return world.p.migrants, offer(world, np.arange(world.people.n))


def test_failures_alone_lower_the_worth_of_going_alone_and_nothing_else():
    p, offers = on_offer(failures_alone=[0, 3], failures=[0, 3])
    alone = offers.here[0]
    assert alone[1] - alone[0] == pytest.approx(-p.value_of_success * p.prior_unaided * 3 / (p.own_weight + 3))
    assert offers.chooser_type[0] == offers.chooser_type[1] and offers.here[1, 0] == offers.here[1, 1]


def test_failures_with_a_group_lower_what_is_expected_of_that_group_and_nothing_else():
    p, offers = on_offer(failed_by=[-1, 2, 2], failed_times=[4, 1, 2], failures=[0, 1, 2])
    success, utility = offers.success[offers.chooser_type], offers.groups[offers.chooser_type]
    fresh, once, twice = success
    assert once[2] == pytest.approx(fresh[2] * p.own_weight / (p.own_weight + 1))
    assert twice[2] == pytest.approx(fresh[2] * p.own_weight / (p.own_weight + 2))
    others = np.arange(len(fresh)) != 2
    assert (success[:, others] == fresh[others]).all() and (utility[:, others] == utility[0, others]).all()
    assert utility[0, 2] > utility[1, 2] > utility[2, 2]
    assert (offers.here == offers.here[:, :1]).all()  # the belief in oneself is untouched


def test_nobody_moves_because_a_night_passes():
    """As long as nothing changes, those who would rather be elsewhere are the same people on every night."""
    world = first_night("migrants.corridor_value=1.5", people=3000, cash=10**7, status=Status.WAITING)
    world.people.corridor[:] = tastes(world, world.people.id).argmax(axis=0)
    none = np.zeros(world.groups.n, int)
    moved, start = np.zeros(world.people.n, int), world.people.corridor.copy()
    nights = 12
    for night in range(nights):
        world.t = night
        world.people.client_of[:], world.people.status_ends[:] = -1, night
        choice.RULES["nested_logit"](world, none)
        moved += world.people.corridor != start
        world.people.corridor[:] = start
    chance = moved / nights  # would hardly differ between people if luck were drawn anew every night
    assert 0.01 < chance.mean() < 0.5
    assert np.var(chance) > 2 * chance.mean() * (1 - chance.mean()) / nights


def test_people_head_for_corridors_in_the_shares_given():
    world = first_night()
    taste = tastes(world, np.arange(40_000))
    shares = np.asarray(world.p.border.corridor_shares)
    assert taste.max() == 0 and (taste.max(axis=0) == 0).all()
    seen = np.bincount(taste.argmax(axis=0), minlength=len(shares)) / 40_000
    assert seen == pytest.approx(shares, abs=4 * np.sqrt(0.25 / 40_000))


def test_taste_for_a_corridor_is_a_persons_own():
    world = first_night()
    before = tastes(world, np.arange(50))
    world.t += 100
    assert (tastes(world, np.arange(50)) == before).all()
    assert len(np.unique(before)) > 90
