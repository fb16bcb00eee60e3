"""Keyed draws: uniform, independent of order, the same for the same key."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.world.draws import Draws, pick, poisson_quantile, replicate_seed, round_randomly

IDS = np.arange(100_000)


def test_draws_are_uniform():
    u = Draws(3).uniform("test", 0, IDS)
    assert u.min() > 0 and u.max() < 1
    assert abs(u.mean() - 0.5) < 4 * np.sqrt(1 / 12 / len(u))
    counts = np.bincount((u * 100).astype(int), minlength=100)
    assert ((counts - 1000) ** 2 / 1000).sum() < 170  # chi-square, 99 degrees of freedom


@pytest.mark.parametrize("other", [("mechanism", 0, 0), ("test", 1, 0), ("test", 0, 1)])
def test_other_keys_give_independent_draws(other):
    draws = Draws(3)
    u, v = draws.uniform("test", 0, IDS, 0), draws.uniform(other[0], other[1], IDS, other[2])
    assert abs(np.corrcoef(u, v)[0, 1]) < 4 / np.sqrt(len(u))
    assert abs(np.corrcoef(u[1:], v[:-1])[0, 1]) < 4 / np.sqrt(len(u))


@given(st.integers(0, 2**62), st.integers(-5000, 50_000), st.integers(0, 2**40))
def test_a_draw_depends_on_its_key_alone(seed, night, entity):
    draws = Draws(seed)
    many = draws.uniform("test", night, [entity + 1, entity, entity + 2])
    assert many[1] == draws.one("test", night, entity)


def test_replicates_have_their_own_seeds():
    seeds = {replicate_seed(1, k) for k in range(10_000)} | {replicate_seed(2, k) for k in range(10_000)}
    assert len(seeds) == 20_000 and max(seeds) < 2**63


def test_quantiles_have_the_right_moments():
    draws = Draws(5)
    u = draws.uniform("test", 0, IDS)
    for mean in (0.05, 3.0, 300.0):
        k = poisson_quantile(u, mean)
        assert abs(k.mean() - mean) < 4 * np.sqrt(mean / len(k))
        assert abs(k.var() / mean - 1) < 0.05
    nights = draws.nights("rest", 0, IDS, 8.0)
    assert nights.min() == 1 and abs(nights.mean() - 8) < 4 * np.sqrt(56 / len(nights))
    assert abs(np.median(draws.lognormal("cash", 0, IDS, 900, 0.6)) - 900) < 10
    assert abs(round_randomly(np.full(len(u), 2.3), u).mean() - 2.3) < 0.01
    shares = np.bincount(pick(u, [0.2, 0.0, 0.8]), minlength=3) / len(u)
    assert shares[1] == 0 and abs(shares[0] - 0.2) < 0.01


def test_more_mean_never_means_fewer():
    u = Draws(1).uniform("test", 0, IDS[:1000])
    assert (poisson_quantile(u, 310.0) >= poisson_quantile(u, 300.0)).all()
