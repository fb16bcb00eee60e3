"""Rules in their limits: closed forms of theory, laws of sign and scale."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import lognorm

from sim.rules.bribes import best_toll
from sim.rules.decoys import equilibrium_spending, moved
from sim.rules.dispatch import rank_within
from sim.rules.extortion import loss_per_abduction
from sim.rules.price import best_markups
from sim.rules.turf import best_effort, lanchester
from sim.world.shares import demand_slopes, nested_logit

utilities = st.lists(st.floats(-5, 5), min_size=2, max_size=6)


@given(utilities, st.floats(0.2, 1.0))
def test_shares_sum_to_one(values, dissimilarity):
    groups, outside = np.array([values]), np.zeros((1, 2))
    shares, within, rest = nested_logit(groups, outside, dissimilarity)
    assert shares.sum() + rest.sum() == pytest.approx(1) and within.sum() == pytest.approx(1)


@given(utilities)
def test_dissimilarity_one_is_the_plain_logit(values):
    shares, _, rest = nested_logit(np.array([values]), np.zeros((1, 1)), 1.0)
    weight = np.exp([*values, 0.0])
    assert np.append(shares, rest) == pytest.approx(weight / weight.sum())


def test_what_is_not_on_offer_has_no_share():
    shares, _, rest = nested_logit(np.array([[-np.inf, 1.0], [-np.inf, -np.inf]]), np.zeros((2, 1)), 0.5)
    assert shares[0, 0] == 0 and shares[1].sum() == 0 and rest[1, 0] == 1


@given(utilities, st.floats(0.2, 1.0), st.floats(0.001, 0.01))
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


def logit_equilibrium(n, together, alpha=1.0, value=6.0, cost=1.0):
    """Prices at which the rule's markups reproduce themselves, one client, plain logit."""
    price = np.full(n, cost + 1.0)
    for _ in range(600):
        shares, within, rest = nested_logit((value - alpha * price)[None], np.zeros((1, 1)), 1.0)
        slopes = demand_slopes(within, shares.sum(axis=1), shares.sum(axis=1) ** 2, np.full((1, n), alpha), 1.0)
        price += 0.2 * (cost + best_markups(shares[0], slopes, np.ones(n), together) - price)
    return price, shares[0], rest[0, 0]


@pytest.mark.parametrize("n, expected", [(1, 4.926), (2, 2.955), (3, 2.493), (5, 2.249), (10, 2.111)])
def test_separate_owners_reach_logit_bertrand(n, expected):
    price, shares, _ = logit_equilibrium(n, np.eye(n, dtype=bool))
    assert price == pytest.approx(1 + 1 / (1 - shares), abs=1e-6)
    assert price[0] == pytest.approx(expected, abs=6e-4)


@pytest.mark.parametrize("n, expected", [(2, 5.454), (3, 5.771), (5, 6.179), (10, 6.745)])
def test_one_owner_of_all_reaches_the_cartel(n, expected):
    price, _, outside = logit_equilibrium(n, np.ones((n, n), dtype=bool))
    assert price == pytest.approx(1 + 1 / outside, abs=1e-5)
    assert price[0] == pytest.approx(expected, abs=6e-4)


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
    assert lanchester(100, 80, 1, 1, 100)[0] == pytest.approx(60) and lanchester(100, 80, 1, 1, 100)[1] == 0


@given(st.floats(500, 30_000), st.floats(300, 20_000), st.floats(0.3, 1.5))
def test_the_toll_meets_its_first_order_condition(gain, median, sd):
    b = float(best_toll(gain, median, sd))
    law = lognorm(sd, scale=median)
    profit = lambda x: law.cdf(x) * (gain - x)  # noqa: E731
    assert law.cdf(b) == pytest.approx(law.pdf(b) * (gain - b), rel=1e-5, abs=1e-12)
    assert profit(b) >= max(profit(0.98 * b), profit(1.02 * b)) - 1e-9


def restraint(outside_share, n, group, market, joint):
    """Loss per abduction of one of n equal groups under the plain logit."""
    s = np.full((1, n), (1 - outside_share) / n)
    aided = s.sum(axis=1)
    by_appeal = -demand_slopes(s / s.sum(), aided, aided**2, np.ones_like(s), 1.0)
    together = np.ones((n, n), bool) if joint else np.eye(n, dtype=bool)
    return loss_per_abduction(np.ones(n), by_appeal, s[0], np.full(n, 1 / n), together, group, market)[0]


@pytest.mark.parametrize("outside_share", [0.1, 0.3, 0.5, 0.8])
@pytest.mark.parametrize("group, market", [(1, 0.2), (1, 1), (1, 5), (3, 20)])
def test_restraint_switches_sign_where_theory_says(outside_share, group, market):
    n = 400  # small groups
    gain = restraint(outside_share, n, group, market, True) - restraint(outside_share, n, group, market, False)
    theory = market * outside_share - group * (1 - outside_share)
    assert gain == pytest.approx(theory, abs=0.02 * (group + market))


def test_decoys_conserve_patrols_and_are_underprovided():
    patrols = np.array([8.0, 8.0, 4.0])
    assert moved(patrols, 2, 0.3).sum() == pytest.approx(20) and moved(patrols, 2, 0.3)[2] > 4
    gains = np.array([900.0, 500.0, 300.0])
    separate, joint = equilibrium_spending(gains.max(), 100.0), equilibrium_spending(gains.sum(), 100.0)
    assert separate == pytest.approx(100 * np.log(9)) and joint > separate
    assert equilibrium_spending(90.0, 100.0) == 0


@given(st.lists(st.integers(0, 5), max_size=50))
def test_rank_within_counts_from_zero(labels):
    labels = sorted(labels)
    assert rank_within(np.array(labels, int)).tolist() == [labels[:k].count(x) for k, x in enumerate(labels)]
