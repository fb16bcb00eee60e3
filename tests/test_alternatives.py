"""Alternatives of rules: each keeps every law, and each meets the limit it is defined by."""

import numpy as np
import pytest
from scipy.optimize import brentq

from conftest import SMALL, play
from sim.configuration import configure
from sim.ledger import CENTS
from sim.market import Market
from sim.night import ALTERNATIVES
from sim.parameters import registry
from sim.rules import price, structure
from sim.world.readings import crossing_cost

OTHERS = [f"rules.{key}={name}" for key in ALTERNATIVES for name in registry()[f"rules.{key}"].choices[1:]]


@pytest.mark.parametrize("rule", OTHERS)
@pytest.mark.parametrize("scenario", ["dossier", "entry"])
def test_every_alternative_keeps_every_law(scenario, rule):
    record = play(scenario, rule, "nights=25", "gangs.entry=0.02", "gangs.split_chance=1").record()  # checks=true
    assert record.run["crossings"] > 0
    for name, column in record.nights.items():
        assert name == "date" or np.isfinite(column.astype(float)).all() or name == "trust", name


@pytest.mark.parametrize("key", ALTERNATIVES)
def test_the_registry_names_every_alternative_and_the_first_is_the_default(key):
    entry = registry()[f"rules.{key}"]
    assert list(entry.choices) == list(ALTERNATIVES[key]) and entry.default == entry.choices[0]


# M9 payment --------------------------------------------------------------------------------------------------------
FIXED = 500  # EUR, the price of every group on every night
ONLY_FEES = (  # nothing but fees is paid, everyone can pay them, and nobody tries alone
    f"market.price_floor={FIXED}", f"market.price_ceiling={FIXED}", f"gangs.opening_price={FIXED}",
    "market.retry_fee=0", "border.transport_cost=[0,0,0]", "border.return_cost=0", "camps.flat_share=0",
    "gangs.abduction_rate=0", "migrants.cash_median=1e6", "migrants.unaided_risk=20", "migrants.unaided_cost=0",
    "migrants.switching_cost=0", "police.pushback_share=1", "police.goods_lost_chance=0", "gangs.entry=0",
    "police.suspects_per_found=0",
)


def paid(contract, *more):
    """People still there after a run: what they paid in EUR, attempts, failures; and totals over the run."""
    market = play("fragmented", f"rules.payment={contract}", *ONLY_FEES, "warmup=0", "nights=40", *more)
    people = market.world.people
    nights = market.record().nights
    total = {name: nights[name].sum() for name in ("flow_fee", "attempts_aided", "attempts", "crossings")}
    return people.outlay / CENTS, people.attempts, people.failures, total


@pytest.mark.parametrize("patrols", [40, 160])
def test_on_success_a_price_is_paid_per_crossing_and_nothing_by_who_failed(patrols):
    outlay, _, failures, total = paid("on_success", f"police.patrols={patrols}")
    assert failures.max() > 1 and (outlay == 0).all()
    assert total["flow_fee"] == FIXED * total["crossings"] > 0


@pytest.mark.parametrize("patrols", [40, 160])
def test_a_guarantee_costs_one_price_whatever_the_success(patrols):
    outlay, attempts, _, total = paid("guarantee", f"police.patrols={patrols}")
    assert attempts.max() > 3
    assert (outlay == np.where(attempts > 0, FIXED, 0)).all()
    assert total["flow_fee"] < 0.9 * FIXED * total["attempts"]


@pytest.mark.parametrize("patrols", [40, 160])
def test_per_attempt_each_try_costs_a_price_so_a_crossing_costs_price_over_success(patrols):
    outlay, attempts, _, total = paid("per_attempt", f"police.patrols={patrols}")
    assert attempts.max() > 3 and (outlay == FIXED * attempts).all()
    success = total["crossings"] / total["attempts_aided"]
    assert total["flow_fee"] / total["crossings"] == pytest.approx(FIXED / success, rel=1e-12)


def test_a_guarantee_ends_with_the_group_that_gave_it():
    world = play("fragmented", "rules.payment=guarantee").world
    group = int(np.bincount(world.people.guarantor[world.people.guarantor >= 0]).argmax())
    structure.end(world, group)
    assert not (world.people.guarantor == group).any() and (world.people.guarantor >= 0).any()


# M3 price ----------------------------------------------------------------------------------------------------------
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
    world.groups.success[:] = [0.2, 0.3, 0.4, 0.5]
    prices = review(world, price.cost_plus, 80)
    assert prices[-1] == pytest.approx(3 * crossing_cost(world), rel=1e-6)


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
