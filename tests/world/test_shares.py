"""Shares: the nested logit, the first acceptable option, and how both answer."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.world.shares import (
    acceptable_slopes,
    demand_slopes,
    expected_best,
    first_acceptable,
    nested_logit,
    stay_or_move,
)

values_of_options = st.lists(st.floats(-5, 5), min_size=2, max_size=6)


@given(values_of_options, st.floats(0.2, 1.0))
def test_shares_sum_to_one(values, dissimilarity):
    groups, outside = np.array([values]), np.zeros((1, 2))
    shares, within, rest = nested_logit(groups, outside, dissimilarity)
    assert shares.sum() + rest.sum() == pytest.approx(1) and within.sum() == pytest.approx(1)


@given(values_of_options)
def test_dissimilarity_one_is_the_plain_logit(values):
    shares, _, rest = nested_logit(np.array([values]), np.zeros((1, 1)), 1.0)
    weight = np.exp([*values, 0.0])
    assert np.append(shares, rest) == pytest.approx(weight / weight.sum())


def test_what_is_not_on_offer_has_no_share():
    shares, _, rest = nested_logit(np.array([[-np.inf, 1.0], [-np.inf, -np.inf]]), np.zeros((2, 1)), 0.5)
    assert shares[0, 0] == 0 and shares[1].sum() == 0 and rest[1, 0] == 1


@given(values_of_options, st.floats(0.2, 1.0), st.floats(0.001, 0.01))
def test_slopes_are_derivatives(values, dissimilarity, alpha):
    u, outside, step = np.array([values]), np.array([[0.0, 0.3]]), 1e-5
    shares, within, _ = nested_logit(u, outside, dissimilarity)
    aided = shares.sum(axis=1)
    slopes = demand_slopes(within, aided, aided**2, np.full_like(shares, alpha), dissimilarity)
    for j in range(len(values)):
        up, down = u.copy(), u.copy()
        up[0, j] -= alpha * step
        down[0, j] += alpha * step
        rise = nested_logit(up, outside, dissimilarity)[0] - nested_logit(down, outside, dissimilarity)[0]
        assert slopes[j] == pytest.approx(rise[0] / (2 * step), abs=1e-8)


@given(st.floats(-4, 4), st.floats(-4, 4), st.floats(-4, 4), st.floats(-8, 8))
def test_whoever_moves_does_so_against_the_best_luck_here(nest, alone, wait, away):
    """Against the process: the best of three utilities with Gumbel luck, at 20 000 quantiles, or the other corridor."""
    options = np.array([nest]), np.array([[alone], [wait]]), np.array([[-np.inf], [away], [away - 1]])
    chosen = stay_or_move(*options)
    log_sum = np.log(np.exp(nest) + np.exp(alone) + np.exp(wait))
    grid = (np.arange(20_000) + 0.5) / 20_000
    best = log_sum - np.log(-np.log(grid))
    assert chosen.outside[3, 0] == pytest.approx((best < away).mean(), abs=1e-4)
    assert expected_best(*options)[0] + np.euler_gamma == pytest.approx(np.maximum(best, away).mean(), abs=2e-3)
    assert chosen.nest[0] + chosen.outside.sum() == pytest.approx(1) and (chosen.outside[[2, 4]] == 0).all()
    assert chosen.nest[0] / chosen.outside[1, 0] == pytest.approx(np.exp(nest - wait))


def test_without_another_corridor_it_is_the_logit():
    options = np.array([0.7]), np.array([[0.2], [-1.0]]), np.full((2, 1), -np.inf)
    chosen = stay_or_move(*options)
    shares, _, rest = nested_logit(np.array([[0.7]]), np.array([[0.2, -1.0]]), 1.0)
    assert chosen.nest == pytest.approx(shares[0]) and chosen.outside[:2, 0] == pytest.approx(rest[0])
    assert chosen.damping == pytest.approx(1) and (chosen.outside[2:] == 0).all()
    assert expected_best(*options)[0] == pytest.approx(np.log(np.exp(0.7) + np.exp(0.2) + np.exp(-1)))


@given(st.floats(-3, 3), st.floats(-3, 3), st.floats(-6, 6))
def test_the_damped_share_gives_the_slope(nest, alone, away):
    """∂s/∂u of the nest and of trying alone by the utility of the nest, with g s in place of s."""
    def shares(u):
        chosen = stay_or_move(np.array([u]), np.array([[alone], [0.0]]), np.array([[away]]))
        return chosen.nest[0], chosen.outside[0, 0], chosen.damping[0]
    s, s0, g = shares(nest)
    up, down = shares(nest + 1e-5), shares(nest - 1e-5)
    assert (up[0] - down[0]) / 2e-5 == pytest.approx(s * (1 - g * s), abs=1e-7)
    assert (up[1] - down[1]) / 2e-5 == pytest.approx(-s * g * s0, abs=1e-7)


@pytest.fixture
def utilities():
    """Utilities of some choosers, levels and a scale; one option is not on offer to one of them."""
    utility = np.random.default_rng(5).normal(0, 2, (6, 5))
    utility[2, 1] = -np.inf
    return utility, np.linspace(-1, 1, 6), 0.7


def test_whoever_satisfices_takes_the_first_acceptable(utilities):
    """Against the process itself: an aspiration, a random order, the first option that reaches it."""
    utility, level, scale = utilities
    shares = first_acceptable(utility, level, scale)[0]
    grid = (np.arange(20_000) + 0.5) / 20_000
    aspiration = level[:, None] + scale * np.log(grid / (1 - grid))
    accepts = utility[:, :, None] >= aspiration[:, None, :]  # in random order each of m acceptable ones is first in 1/m
    met_first = accepts / np.maximum(accepts.sum(axis=1, keepdims=True), 1)
    assert shares == pytest.approx(met_first.mean(axis=2), abs=2e-4)
    assert shares[2, 1] == 0 and (shares.sum(axis=1) < 1).all()


def test_slopes_of_satisficing_are_those_of_its_shares(utilities):
    utility, level, scale = utilities
    _, density, rank = first_acceptable(utility, level, scale)
    slopes, step = acceptable_slopes(density, rank), 1e-6
    for j in range(utility.shape[1]):
        up, down = utility.copy(), utility.copy()
        up[:, j] += step
        down[:, j] -= step
        difference = first_acceptable(up, level, scale)[0] - first_acceptable(down, level, scale)[0]
        assert slopes[:, j] == pytest.approx(difference / (2 * step), abs=1e-6)
