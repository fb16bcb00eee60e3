"""Learning: what is counted, what is believed, and how it fades."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import first_night
from sim.rules.dispatch import Parties
from sim.rules.interception import Crossing
from sim.rules.learning import learn

seeds = st.integers(0, 2**32)


def one_night(world, seed, share):
    """A night's parties of one person each, of which a share crosses; learnt from."""
    r, n = np.random.default_rng(seed), world.people.n
    group = r.integers(-1, world.groups.n, n)
    sector = r.integers(0, world.places.sectors, n)
    world.people.origin[:] = r.integers(0, len(world.p.migrants.origins), n)
    parties = Parties(np.arange(n), group, np.arange(n), group, world.places.corridor[sector], sector, np.arange(n),
                      np.ones(n, int))
    crossed = r.random(n) < share
    learn(world, parties, Crossing(crossed, ~crossed, np.zeros(n, bool), ~crossed))
    return parties, crossed


@given(seeds, st.floats(0, 1))
def test_every_attempt_counts_once_where_it_belongs(seed, share):
    world = first_night("migrants.memory=1", people=60)
    parties, crossed = one_night(world, seed, share)
    beliefs, aided = world.beliefs, parties.group >= 0
    assert beliefs.trials.sum() == beliefs.sector_trials.sum() == aided.sum()
    assert beliefs.successes.sum() == beliefs.sector_successes.sum() == crossed[aided].sum()
    assert beliefs.own_trials.sum() == (~aided).sum() and beliefs.own_successes.sum() == crossed[~aided].sum()
    by_origin = np.bincount(world.people.origin[aided], minlength=len(beliefs.trials))
    assert beliefs.trials.sum(axis=(1, 2)).tolist() == by_origin.tolist()


def test_without_experience_the_prior_is_believed():
    world = first_night("migrants.prior_success=0.4", "migrants.prior_unaided=0.2")
    assert world.beliefs.success() == pytest.approx(0.4) and world.beliefs.unaided() == pytest.approx(0.2)


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_much_experience_overrules_the_prior(share):
    world = first_night("migrants.memory=1", people=2000)
    for seed in range(100):
        one_night(world, seed, share)
    assert world.groups.success == pytest.approx(share, abs=0.02)


def test_forgetting_is_geometric():
    world = first_night("migrants.memory=0.5", people=60)
    one_night(world, 1, 0.5)
    before = world.beliefs.trials.sum()
    world.people.drop(np.arange(60))
    one_night(world, 2, 0.5)
    assert world.beliefs.trials.sum() == pytest.approx(before / 2)


def test_trust_recovers_towards_its_mean_and_does_not_overshoot():
    world = first_night(people=3, trust=[0.0, 0.5, 1.0])
    start, mean = world.people.trust.copy(), world.p.migrants.trust
    one_night(world, 1, 0.5)
    moved = world.people.trust - start
    assert (np.sign(moved) == np.sign(mean - start)).all() and (np.abs(moved) <= np.abs(mean - start)).all()
    assert np.abs(world.people.trust - mean).max() < np.abs(start - mean).max()
