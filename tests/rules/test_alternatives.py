"""Alternatives of rules: each keeps every law, and each meets the limit it is defined by."""

import numpy as np
import pytest
from scipy.optimize import brentq

from conftest import SMALL, play
from sim.market import Market
from sim.night import ALTERNATIVES
from sim.registry.configuration import configure
from sim.registry.parameters import registry
from sim.rules import arms, bribes, price, stages, structure
from sim.verify.market import ALPHA as ALPHA_OF_VERIFY
from sim.verify.market import priced
from sim.world import shares as shares_of
from sim.world.derived import attempt_cost, crossing_cost
from sim.world.ledger import CENTS

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


# M4 choice ---------------------------------------------------------------------------------------------------------
def same(first, second):
    """Bit-for-bit equality of two records."""
    for a, b in ((first.nights, second.nights), (first.groups, second.groups)):
        for name in a:
            assert a[name].tobytes() == b[name].tobytes(), name


def test_logit_is_the_nested_logit_without_nests_to_the_last_bit():
    same(play("dossier", "rules.choice=logit").record(), play("dossier", "migrants.dissimilarity=1").record())


@pytest.fixture
def utilities():
    """Utilities of some choosers, levels and a scale; one option is not on offer to one of them."""
    utility = np.random.default_rng(5).normal(0, 2, (6, 5))
    utility[2, 1] = -np.inf
    return utility, np.linspace(-1, 1, 6), 0.7


def test_whoever_satisfices_takes_the_first_acceptable(utilities):
    """Against the process itself: an aspiration, a random order, the first option that reaches it."""
    utility, level, scale = utilities
    shares = shares_of.first_acceptable(utility, level, scale)[0]
    grid = (np.arange(20_000) + 0.5) / 20_000
    aspiration = level[:, None] + scale * np.log(grid / (1 - grid))
    accepts = utility[:, :, None] >= aspiration[:, None, :]  # in random order each of m acceptable ones is first in 1/m
    met_first = accepts / np.maximum(accepts.sum(axis=1, keepdims=True), 1)
    assert shares == pytest.approx(met_first.mean(axis=2), abs=2e-4)
    assert shares[2, 1] == 0 and (shares.sum(axis=1) < 1).all()


def test_slopes_of_satisficing_are_those_of_its_shares(utilities):
    utility, level, scale = utilities
    _, density, rank = shares_of.first_acceptable(utility, level, scale)
    slopes, step = shares_of.acceptable_slopes(density, rank), 1e-6
    for j in range(utility.shape[1]):
        up, down = utility.copy(), utility.copy()
        up[:, j] += step
        down[:, j] -= step
        difference = shares_of.first_acceptable(up, level, scale)[0] - shares_of.first_acceptable(down, level, scale)[0]
        assert slopes[:, j] == pytest.approx(difference / (2 * step), abs=1e-6)


def test_those_who_aspire_to_more_wait_more():
    modest, demanding = (play("fragmented", "rules.choice=satisficing", f"migrants.aspiration={a}").record().run
                         for a in (-1, 1.5))
    assert demanding["attempts"] < 0.8 * modest["attempts"]


# M10 bribes --------------------------------------------------------------------------------------------------------
def on_retainer(**more):
    """A world in which every officer can be bribed, with retainers reviewed once."""
    world = play("fragmented", "rules.bribes=retainer", "police.corruptible=1", "warmup=10", "nights=20").world
    for name, value in more.items():
        setattr(world, name, value)
    bribes.retainer(world)
    return world


def nightly(world):
    """EUR of retainers tonight."""
    world.books.open_night()
    bribes.retain(world)
    return world.books.flow["toll"] / CENTS


def test_a_retainer_costs_the_same_however_many_pass():
    world = on_retainer()
    before = nightly(world)
    world.people.client_of[:] = 0  # everybody a client of the first group
    assert nightly(world) == before > 0


def test_a_retainer_has_an_economy_of_scale_and_a_toll_has_none():
    world = on_retainer()
    world.groups.treasury += 10**9
    world.books.balance["groups"] += 10**9 * world.groups.n
    cost, toll = [], []
    for parties in (0.5, 2.0, 8.0):
        world.parties_met[:] = parties * world.groups.active[:, None]
        bribes.retainer(world)
        covered = world.retained[world.groups.active].sum() if nightly(world) else 0
        cost.append(nightly(world) / (parties * max(covered, 1)))
        bribes.toll(world)
        toll.append(world.groups.bribe.copy())
    assert cost[0] > cost[1] > cost[2]
    assert (toll[0] == toll[1]).all() and (toll[1] == toll[2]).all()


def test_without_decoys_and_bribes_nothing_is_spent_on_them():
    nights = play("dossier", "rules.decoys=none", "rules.bribes=none", "police.corruptible=1").record().nights
    usual = play("dossier", "police.corruptible=1").record().nights
    for flow in ("flow_decoys", "flow_toll"):
        assert nights[flow].sum() == 0 < usual[flow].sum()


def test_units_on_a_retainer_let_parties_pass():
    run = play("fragmented", "rules.bribes=retainer", "police.corruptible=1").record().run
    none = play("fragmented", "rules.bribes=none", "police.corruptible=1").record().run
    assert run["bribed_passages"] > 0 and none["bribed_passages"] == 0


# M12 turf ----------------------------------------------------------------------------------------------------------
def test_pairwise_fights_need_no_decision():
    """Patience decides nothing, and every two owners fight."""
    first, second = (play("fragmented", "rules.turf=pairwise", f"gangs.patience={p}", "gangs.patience_sd=0").record()
                     for p in (0.1, 0.9))
    same(first, second)
    active = first.nights["groups_active"]
    assert (first.nights["pairs_at_war"] == active * (active - 1) // 2).all()


def test_pairwise_one_owner_fights_nobody():
    record = play("centralised", "rules.turf=pairwise", "organisation.leakage=0", "organisation.succession=0",
                  "gangs.entry=0", "gangs.split_chance=0", "gangs.clash_rate=1").record()
    assert record.run["clashes"] == 0
    rivals = play("fragmented", "rules.turf=pairwise", "gangs.clash_rate=1").record()
    assert rivals.run["clashes"] > 0


# M17 arms ----------------------------------------------------------------------------------------------------------
def test_bulk_without_a_discount_is_flat_to_the_last_bit():
    same(play("dossier").record(), play("dossier", "rules.arms=bulk", "gangs.bulk_discount=0").record())


def test_orders_together_cost_less_than_apart_and_more_than_one():
    lots = np.arange(1, 30)
    total = lots * arms.lot_price(4800, lots, 0.1)
    assert (np.diff(total) > 0).all() and (np.diff(arms.lot_price(4800, lots, 0.1)) < 0).all()
    assert total[9 + 4] < total[9] + total[3]  # 14 lots in one order, or 10 and 4
    assert arms.lot_price(4800, np.array([0, 1]), 0.1).tolist() == [480_000, 480_000]


# M21 stages --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("three, joint, margins", [(1, False, 1), (3, False, 3), (3, True, 1)])
def test_three_owners_of_one_journey_take_three_logit_markups_and_one_owner_takes_one(three, joint, margins):
    """p − c = stages/(α(1 − s)): the total price falls where one owner has all stages."""
    lever = "organisation.levers.joint_pricing=true"
    market, share = priced("gangs.count=1", "gangs.free_rows=0", f"rules.stages={three}", "warmup=170", "scale=0.1",
                           *([lever] if joint else []))
    markup = market.world.groups.price[0] - attempt_cost(market.world)[0]
    assert markup * ALPHA_OF_VERIFY * (1 - share[0]) == pytest.approx(margins, rel=0.01)


@pytest.mark.parametrize("apart", [False, True])
def test_complements_of_linear_demand_are_cournots(apart):
    """N = a − b p with cost c: n sellers of complements ask c + (a/b − c) n/(n + 1) together."""
    world = reviewed("best_response", "market.price_step_limit=5", groups=1)
    world.groups.success[:], world.groups.price[:] = 1.0, 600.0
    a, b, cost = 1000.0, 0.5, attempt_cost(world)[0]
    for _ in range(300):
        world.demand.demand[:] = max(a - b * world.groups.price[0], 1.0)
        world.demand.by_price[:] = -b
        (stages.three if apart else stages.one)(world)
        price.best_response(world)
    n = 3 if apart else 1
    assert world.groups.price[0] == pytest.approx(cost + (a / b - cost) * n / (n + 1), rel=1e-4)


def test_houses_and_carriers_are_paid_out_of_fees():
    one, three = (play("fragmented", f"rules.stages={n}", "camps.flat_share=0", "gangs.hiring_cost=0").record().nights
                  for n in (1, 3))
    cost = 50  # attempt_cost: all that groups buy locally
    assert one["flow_operating"].sum() == cost * one["attempts_aided"].sum()
    beyond = three["flow_operating"].sum() - cost * three["attempts_aided"].sum()
    assert 0.2 * three["flow_fee"].sum() < beyond < 0.9 * three["flow_fee"].sum()
