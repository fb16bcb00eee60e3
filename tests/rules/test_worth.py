"""Worth of a client: closed forms, and prices, tolls and restraint that no deviation beats."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize

from conftest import first_night, play
from sim.rules import choice
from sim.rules.extortion import loss_per_abduction
from sim.rules.price import best_markups
from sim.rules.worth import review_worth
from sim.world.contracts import Guarantee, OnSuccess, PerAttempt
from sim.world.derived import margins
from sim.world.people import Status
from sim.world.shares import demand_slopes, nested_logit
from sim.world.worth import client_worth, leaving_by_offer, worth_of_staying, worth_per_event

ALPHA, Q, Q_ALONE, RETURN, LAMBDA, COST = 0.004, 0.3, 0.2, 0.97, 0.6, 60.0
ABSORBED, ABSORBED_ALONE = 1 - RETURN * (1 - Q), 1 - RETURN * (1 - Q_ALONE)
APPEAL = np.array([2.0, 1.5, 1.0])  # utility of each group at price 0; trying alone −0.5, waiting 0


def shares_at(price, appeal=APPEAL):
    """Shares of the groups, within their nest, and of trying alone."""
    s, conditional, outside = nested_logit((appeal - ALPHA * Q * price)[None], np.array([[-0.5, 0.0]]), LAMBDA)
    return s[0], conditional, outside[0, 0]


def worth_at(price, owned, discount, appeal=APPEAL, besides=0.0):
    """W of the owner of the groups in the mask `owned`, solved as a sum over choice events; `besides` leave too."""
    s, _, alone = shares_at(price, appeal)
    gone = s.sum() * ABSORBED + alone * ABSORBED_ALONE + besides
    return (s * (Q * price - COST))[owned].sum() / (1 - discount * (1 - gone))


def slopes_at(price):
    """Engagements, their derivatives in prices, those of attempts alone, and in appeal, for one person."""
    s, conditional, alone = shares_at(price)
    nest = np.array([s.sum()])
    by_price = demand_slopes(conditional, nest, nest**2, np.full((1, 3), ALPHA * Q), LAMBDA)
    by_appeal = -demand_slopes(conditional, nest, nest**2, np.ones((1, 3)), LAMBDA)
    return s, by_price, ALPHA * Q * s * alone, by_appeal, -s * alone


def worth_of_offers(price):
    """Expected utility of the best option, V."""
    s, _, alone = shares_at(price)
    return -np.log(1 - s.sum() - alone)  # waiting is worth 0


def at_rest(together, discount, leaving_rate=lambda price: 0.0, response=lambda price: 0.0, rounds=600):
    """Prices at which the rule's condition reproduces itself, with the worth of clients known.

    leaving_rate: share of the people who choose that leaves besides, at some prices; response: R of the rule.
    """
    price = np.full(3, 800.0)
    for _ in range(rounds):
        s, by_price, alone, _, _ = slopes_at(price)
        leaving = leaving_by_offer(by_price, alone, np.full(3, ABSORBED), ABSORBED_ALONE, -ALPHA * Q * s,
                                   response(price))
        staying = discount * np.array([worth_at(price, mine, discount, besides=leaving_rate(price))
                                       for mine in together])
        x = best_markups(s, by_price, np.full(3, Q), together, leaving, staying)
        price += 0.2 * ((COST + x) / Q - price)
    return price


OWNERS = {"separate": np.eye(3, dtype=bool), "all": np.ones((3, 3), bool),
          "two": np.array([[1, 1, 0], [1, 1, 0], [0, 0, 1]], bool)}


@pytest.mark.parametrize("discount", [0.0, 0.7, 0.98])
@pytest.mark.parametrize("owners", OWNERS)
def test_at_rest_no_owner_gains_by_another_price(owners, discount):
    price, together = at_rest(OWNERS[owners], discount), OWNERS[owners]
    for mine in np.unique(together, axis=0):
        best = minimize(lambda own, mine=mine: -worth_at(np.where(mine, np.interp(np.cumsum(mine) - 1, np.arange(
            mine.sum()), own), price), mine, discount), price[mine], method="Nelder-Mead",
            options={"xatol": 1e-3, "fatol": 1e-9})
        assert best.x == pytest.approx(price[mine], rel=2e-3)


@pytest.mark.parametrize("owners", OWNERS)
def test_at_rest_no_owner_gains_where_people_leave_and_arrivals_answer(owners):
    """A patient owner earns A(V) W a night, where e^(κ V) come and h₀ − h V of those who choose leave besides."""
    h0, h, kappa, together = 0.1, 0.02, 0.3, OWNERS[owners]

    def besides(price):
        return h0 - h * worth_of_offers(price)

    def respond(price):
        s, _, alone = shares_at(price)
        return h + kappa * (s.sum() * ABSORBED + alone * ABSORBED_ALONE + besides(price))  # as many come as leave

    price = at_rest(together, 1.0, besides, respond)
    for mine in np.unique(together, axis=0):
        def loss(own, mine=mine):
            tried = np.where(mine, np.interp(np.cumsum(mine) - 1, np.arange(mine.sum()), own), price)
            return -np.exp(kappa * worth_of_offers(tried)) * worth_at(tried, mine, 1.0, besides=besides(tried))
        best = minimize(loss, price[mine], method="Nelder-Mead", options={"xatol": 1e-3, "fatol": 1e-9})
        assert best.x == pytest.approx(price[mine], rel=2e-3)
    assert (at_rest(together, 1.0) > price).all()


def test_worth_raises_the_price_of_an_owner_of_all_most():
    more = {name: at_rest(together, 0.98) / at_rest(together, 0.0) - 1 for name, together in OWNERS.items()}
    assert (more["all"] > 0.2).all() and (more["separate"] < 0.5 * more["all"]).all()


@pytest.mark.parametrize("owners", OWNERS)
def test_the_loss_per_abduction_is_the_loss_of_worth(owners):
    """A little less appeal of one group, and of all, lowers W by (1 − δ (1 − a)) of what the rule says."""
    together, discount, price, h = OWNERS[owners], 0.98, np.array([900.0, 1000.0, 1100.0]), 1e-5
    s, _, _, by_appeal, by_alone = slopes_at(price)
    gone = s.sum() * ABSORBED + (shares_at(price)[2]) * ABSORBED_ALONE
    staying = discount * np.array([worth_at(price, mine, discount) for mine in together])
    leaving = leaving_by_offer(by_appeal, by_alone, np.full(3, ABSORBED), ABSORBED_ALONE)
    loss = loss_per_abduction(Q * price - COST, by_appeal, s, s / s.sum(), together, 4.0, 6.0, leaving, staying)
    for j in range(3):
        down = h * (4.0 * np.eye(3)[j] + 6.0 * s[j] / s.sum())
        lost = worth_at(price, together[j], discount) - worth_at(price, together[j], discount, APPEAL - down)
        assert loss[j] * s[j] == pytest.approx(lost / h * (1 - discount * (1 - gone)), rel=1e-3)


@given(st.floats(0, 1), st.floats(0.02, 0.9), st.floats(0.05, 1), st.floats(0, 1000))
def test_the_worth_is_the_sum_of_a_discounted_stream(discount, share, leaving, profit):
    events = np.arange(3000)
    stream = (share * profit * (discount * (1 - leaving)) ** events).sum()
    got = worth_per_event(np.array([share * 500]), np.array([profit]), 500, leaving * 500, discount)
    assert got[0] == pytest.approx(stream, rel=1e-6, abs=1e-9)


def test_a_patient_monopolist_values_a_passage_at_the_cost_of_another_crossing():
    price, cost, fee, q = 900.0, 60.0, 0.0, np.array([0.3])
    worth = worth_per_event(np.array([1.0]), q * price - cost, 1.0, 0.3, 1.0)  # all engage, all come back
    gain = OnSuccess().passage(price, 0.0, fee, 1.0, worth, cost / q)
    assert gain == pytest.approx(cost / q, rel=1e-9)
    assert Guarantee().passage(price, 0.0, fee, 1.0, worth, cost / q) == pytest.approx(cost / q)
    assert OnSuccess().passage(price, 0.0, fee, 1.0, 0.0, cost / q) == price  # the worth of a client to a small owner
    assert PerAttempt().passage(price, 0.0, fee, 1.0, worth, cost / q) < 0


@pytest.mark.parametrize("deposit", [0.0, 0.3, 1.0])
def test_a_deposit_is_a_mixture_of_payment_on_success_and_per_attempt(deposit):
    q, price, k, f = np.array([0.2, 0.5]), 1000.0, 60.0, 20.0
    some, none, each = OnSuccess(deposit), OnSuccess(), PerAttempt()
    mixed = deposit * each.outlay(q, price, f) + (1 - deposit) * (none.outlay(q, price, 0))
    assert some.outlay(q, price, f) == pytest.approx(mixed + (1 - q) * f)
    profit = some.received(q) * (price - some.cost(k, f, q) - 100 * some.taxed(q))
    assert profit == pytest.approx((deposit + (1 - deposit) * q) * price - k + (1 - q) * f - 100 * q)


def after_choice(*overrides, rule="nested_logit", factor=1.0):
    """Demand after one night on which 3000 people choose who can pay anything; one price times a factor.

    Prices differ, because the slope of the first acceptable option jumps where two are equally good.
    """
    world = first_night("gangs.opening_price=900", *overrides, people=3000, cash=10**8, status=Status.WAITING)
    world.groups.price *= np.linspace(0.8, 1.2, world.groups.n)
    world.groups.price[3] *= factor
    choice.RULES[rule](world, np.zeros(world.groups.n, int))
    return world.demand


@pytest.mark.parametrize("rule", choice.RULES)
def test_attempts_alone_answer_prices_as_remembered(rule):
    """The derivative that owners remember is that of expected attempts alone (nobody moves to another corridor)."""
    h, words = 1e-4, ("migrants.corridor_value=-20", "migrants.unaided_risk=-2")
    up, down = (after_choice(*words, rule=rule, factor=f).alone for f in (1 + h, 1 - h))
    here, prices = after_choice(*words, rule=rule), 900 * np.linspace(0.8, 1.2, len(first_night().groups.price))
    slope = (up - down) / (2 * h * prices[3])
    assert here.by_price_alone[3] == pytest.approx(slope, rel=0.02) and slope > 0
    assert here.events == 3000


def test_owners_learn_what_becomes_of_those_who_are_stopped():
    world = first_night("market.learning=1")
    world.demand.stopped, world.demand.returned = 200, 150
    review_worth(world)
    assert world.returning == 0.75


def test_the_worth_of_a_decision_belongs_to_its_owner():
    world = first_night()
    world.groups.client_worth[:4] = [10, 20, 30, -100]
    for group in (0, 1):
        world.ownership.give("price", group, world.groups.n)
    assert client_worth(world, "price")[:4].tolist() == [30, 30, 30, 0]
    assert client_worth(world, "bribe")[:3].tolist() == [10, 20, 30]
    assert worth_of_staying(world, "price")[0] == pytest.approx(30 * world.p.market.client_discount)


def test_without_discounted_future_no_rule_weighs_the_worth_of_clients():
    world = play("fragmented", "market.client_discount=0").world
    assert (world.groups.client_worth[world.groups.active] > 0).all() and not worth_of_staying(world, "price").any()


def test_fares_lower_the_cost_of_an_attempt():
    world = first_night()
    before = margins(world)
    world.groups.fares[:] = 30.0
    assert margins(world) - before == pytest.approx(30.0)
    run = play("fragmented").world.groups
    assert (run.fares[run.active] > 5).all()
