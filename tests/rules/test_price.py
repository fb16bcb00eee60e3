"""Price: equilibria of theory, and the limit each alternative is defined by."""

import numpy as np
import pytest
from scipy.optimize import brentq

from conftest import SMALL
from sim.market import Market
from sim.registry.configuration import configure
from sim.rules import price
from sim.rules.price import best_markups
from sim.world.derived import crossing_cost, service_cost
from sim.world.ledger import CENTS
from sim.world.shares import demand_slopes, nested_logit


def logit_equilibrium(n, together, alpha=1.0, value=6.0, cost=1.0):
    """Prices at which the rule's markups reproduce themselves, one client, plain logit."""
    price = np.full(n, cost + 1.0)
    for _ in range(600):
        shares, conditional, outside = nested_logit((value - alpha * price)[None], np.zeros((1, 1)), 1.0)
        slopes = demand_slopes(conditional, shares.sum(axis=1), shares.sum(axis=1) ** 2, np.full((1, n), alpha), 1.0)
        price += 0.2 * (cost + best_markups(shares[0], slopes, np.ones(n), together) - price)
    return price, shares[0], outside[0, 0]


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


def reviewed(rule, *overrides, groups=4):
    """A market of a few groups without free rows in which only `rule` is played."""
    return Market(configure("fragmented", [*SMALL, f"rules.price={rule}", f"gangs.count={groups}",
                                           "gangs.free_rows=0", *overrides]), seed=3).world


def review(world, rule, times, profit=lambda price: np.zeros(len(price))):
    """Prices after each of so many reviews, profit (EUR) being a function of prices."""
    prices = []
    for _ in range(times):
        world.demand.profit = np.rint(CENTS * profit(world.groups.price)).astype(np.int64)
        rule(world)
        world.t += world.p.market.review_nights
        prices.append(world.groups.price.copy())
    return np.array(prices)


def test_cost_plus_comes_to_the_markup_on_cost():
    world = reviewed("cost_plus", "market.markup=2")
    world.groups.fares[:] = 30.0  # not set off against cost
    world.groups.success[:] = [0.2, 0.3, 0.4, 0.5]
    prices = review(world, price.cost_plus, 80)
    assert prices[-1] == pytest.approx(3 * crossing_cost(world, service_cost(world)), rel=1e-6)


def test_imitation_without_experiments_comes_to_a_common_price_inside_the_hull():
    world = reviewed("imitate", "market.imitate_trials=0")
    world.groups.price[:] = start = np.array([400.0, 800.0, 1000.0, 1300.0])
    prices = review(world, price.imitate, 80, lambda p: 1e5 * p * np.exp(-p / 500))
    rounding = 1 + 1e-9
    assert (prices >= start.min() / rounding).all() and (prices <= start.max() * rounding).all()
    assert np.ptp(prices[-1]) < 1e-3 * start.max()


def test_an_owner_of_all_has_nobody_to_imitate():
    world = reviewed("imitate", "market.imitate_trials=0", "organisation.control=1", "organisation.affine=all",
                     "organisation.levers.joint_pricing=true")
    ends = []
    for profit in (lambda p: p, lambda p: -p):
        world.groups.price[:] = [400.0, 800.0, 1000.0, 1300.0]
        ends.append(review(world, price.imitate, 80, profit)[-1])
    assert ends[0].tolist() == ends[1].tolist() and np.ptp(ends[0]) < 1


COST, ALPHA, VALUE = 150.0, 0.004, 6.0


def logit_profit(prices):
    """Profit of each single-product seller at logit demand of 1000 clients, outside option 0."""
    weight = np.exp(VALUE - ALPHA * prices)
    return 1000 * weight / (1 + weight.sum()) * (prices - COST)


@pytest.mark.parametrize("joint", [False, True])
def test_learning_comes_to_the_best_response_where_profit_is_smooth(joint):
    more = ("organisation.control=1", "organisation.affine=all", "organisation.levers.joint_pricing=true") * joint
    world = reviewed("learn", "market.learn_probe=0.02", "market.learn_step=0.05", *more)
    prices = review(world, price.learn, 1600, logit_profit)[-800:].mean()

    def condition(p):  # p − c = 1/(α(1 − s)), or 1/(α s₀) for the owner of all
        share = logit_profit(np.full(4, p))[0] / 1000 / (p - COST)
        return p - COST - 1 / (ALPHA * (1 - (4 if joint else 1) * share))

    assert prices == pytest.approx(brentq(condition, COST + 1, 5000), rel=0.02)


def test_scarcity_is_priced_where_clients_are_turned_away_and_nowhere_else():
    world = reviewed("best_response")
    world.demand.served[:], world.demand.unserved[:] = [10, 10, 0, 0], [0, 10, 10, 0]
    for _ in range(400):
        price.review_scarcity(world)
    assert world.groups.shadow_cost == pytest.approx(world.p.market.scarcity * np.array([0, 0.5, 1, 0]), rel=1e-6)


def test_a_group_nobody_considered_keeps_its_price():
    world = reviewed("best_response")
    before = world.groups.price.copy()
    world.demand.demand[:], world.demand.by_price[:] = [5, 5, 0, 5], -np.eye(4)
    price.best_response(world)
    assert ((world.groups.price == before) == [False, False, True, False]).all()
