"""What groups expect to earn if prices had other owners (submodels.md, Expected profits)."""

import math
from types import SimpleNamespace

from tests.twin.choice import nest_dissimilarity
from tests.twin.contract import (
    SMALLEST_EXIT,
    exit_rate,
)
from tests.twin.prices import solve, within_bounds

ROUNDS = 400
REST = 1e-8


def observed(model):
    """The demand system of the last interval, or None; one seller for each group that is considered."""
    seen = model.last_interval
    considered = [
        group for group in model.active() if seen.demand[group.id] > 1e-6 and seen.by_price[group.id, group.id] < 0
    ]
    if not considered or seen.choosers == 0 or seen.nights == 0:
        return None
    lam, events = nest_dissimilarity(model), seen.choosers
    shares = {group.id: seen.demand[group.id] / events for group in considered}
    everyone = sum(shares.values())
    sellers = []
    for group in considered:
        s, n = shares[group.id], seen.demand[group.id]
        slope = -seen.by_price[group.id, group.id] / (n * (1 / lam - (1 - lam) / lam * s / everyone - s))
        sellers.append(
            SimpleNamespace(
                number=group.id, share=s, weight=s / everyone, slope=slope,
                absorbed=seen.absorbed[group.id], **seen.terms[group.id]._asdict(),
            )
        )  # fmt: skip
    return SimpleNamespace(
        lam=lam, events=events, nights=seen.nights, total=everyone, alone=seen.alone / events,
        exit=exit_rate(seen.exits, events), absorbed_alone=seen.absorbed_alone, sellers=sellers,
        staying=seen.staying / events, coming=seen.coming / seen.arrivals if seen.arrivals else 0.0,
    )  # fmt: skip


def shares_at(system, prices):
    """Shares of all sellers, of the nest and of trying alone at other prices."""
    lam = system.lam
    weights = [x.weight * math.exp(-x.slope * (price - x.price) / lam) for x, price in zip(system.sellers, prices)]
    odds = system.total / (1 - system.total) * sum(weights) ** lam
    nest = odds / (1 + odds)
    shares = [nest * w / sum(weights) for w in weights]
    return shares, nest, system.alone * (1 - nest) / (1 - system.total)


def better_worth(system, nest):
    """Delta V: by how much staying is worth more at another share of the nest."""
    return math.log((1 - system.total) / (1 - nest))


def new_exit(system, shares, nest, alone):
    """a': exits per choice event at other shares."""
    change = sum((s - x.share) * x.absorbed for s, x in zip(shares, system.sellers))
    change += (alone - system.alone) * system.absorbed_alone
    change -= system.staying * better_worth(system, nest)
    return min(max(system.exit + change, SMALLEST_EXIT), 1.0)


def targets(model, system, owner, prices):
    """Prices that meet the owners' conditions at the demand of these prices; owner gives one label per seller."""
    sellers, lam, events = system.sellers, system.lam, system.events
    shares, nest, alone = shares_at(system, prices)
    delta = model.p.market.client_discount
    leaving = new_exit(system, shares, nest, alone)
    stay = delta * (1 - leaving)
    answer = system.staying + system.coming * leaving
    worth = [s * x.received * (p - x.cost) / (1 - stay) for s, x, p in zip(shares, sellers, prices)]
    places = range(len(sellers))
    goals = [0.0] * len(sellers)

    def effect(j, k):
        own = 1 / lam if j == k else 0.0
        return events * sellers[j].slope * shares[j] * (shares[k] + (1 - lam) / lam * shares[k] / nest - own)

    for label in set(owner):
        mine = [j for j in places if owner[j] == label]
        value = delta * max(0.0, sum(worth[j] for j in mine))
        right = []
        for j in mine:
            back = sum(effect(j, k) * sellers[k].absorbed for k in places)
            back += events * sellers[j].slope * shares[j] * alone * system.absorbed_alone
            back += answer * events * sellers[j].slope * shares[j]
            right.append(-sellers[j].received * events * shares[j] + value * back)
        margins = solve([[effect(j, k) for k in mine] for j in mine], right)
        for j, x in zip(mine, margins):
            goals[j] = sellers[j].cost + sellers[j].shadow + x / sellers[j].received
    return [within_bounds(model, goal) for goal in goals]


def prices_at_rest(model, system, owner):
    """Prices from which no owner wants to move."""
    prices = [x.price for x in system.sellers]
    if model.p.rules.price in ("cost_plus", "imitate"):
        return prices
    prices = [within_bounds(model, price) for price in prices]
    for number in range(ROUNDS):
        goals = targets(model, system, owner, prices)
        damping = 2.0 ** (-1 - number // 40)
        steps = [damping * math.log(goal / price) for goal, price in zip(goals, prices)]
        prices = [price * math.exp(step) for price, step in zip(prices, steps)]
        if max(abs(step) for step in steps) <= REST:
            break
    return prices


def expected(model, system, owner):
    """Expected profit, receipts and crossings sold a night by group number, with owners of prices as labelled."""
    return outcome(model, system, prices_at_rest(model, system, owner))


def outcome(model, system, prices):
    """Profit, receipts, crossings and engagements a night at given prices."""
    shares, nest, alone = shares_at(system, prices)
    delta = model.p.market.client_discount
    events = system.events / system.nights * (1 - delta * (1 - system.exit))
    events *= math.exp(system.coming * better_worth(system, nest))
    events /= 1 - delta * (1 - new_exit(system, shares, nest, alone))
    found = SimpleNamespace(profit={}, receipts={}, crossings={}, engagements={})
    for x, s, p in zip(system.sellers, shares, prices):
        found.profit[x.number] = events * s * x.received * (p - x.cost)
        found.receipts[x.number] = events * s * x.received * p
        found.crossings[x.number] = events * s * x.received * x.crossings
        found.engagements[x.number] = events * s
    return found


def with_newcomer(model, system):
    """The demand system with one more group in the nest, number -1; its price is its own."""
    turf = model.p.gangs.entrant_turf
    turf = min(turf, 1 / (len(model.active()) + 1))
    power = model.p.migrants.turf_visibility / system.lam
    sellers = system.sellers
    weights = [x.share / system.total for x in sellers]

    def mean(name):
        return sum(w * getattr(x, name) for w, x in zip(weights, sellers))

    seen = []
    for x in sellers:
        held = model.groups[x.number].turf[: model.sector_count]
        held = sum(held) / model.sector_count
        if held > 0:
            seen.append(x.weight * (turf / held) ** power)
    new = SimpleNamespace(
        number=-1, share=0.0, weight=sum(seen) / len(seen), slope=mean("slope"), price=mean("price"),
        cost=mean("cost"), shadow=mean("shadow"), received=mean("received"), absorbed=mean("absorbed"),
        crossings=mean("crossings"),
    )  # fmt: skip
    others = []
    for x in sellers:
        y = SimpleNamespace(**vars(x))
        y.weight *= (1 - turf) ** power
        others.append(y)
    joined = SimpleNamespace(**vars(system))
    joined.sellers = [*others, new]
    return joined, turf


def newcomer(model, system):
    """Expected profit a night of a newcomer, its running demand and its turf."""
    joined, turf = with_newcomer(model, system)
    owner = [model.groups[x.number].owner["price"] for x in system.sellers]
    found = expected(model, joined, [*owner, -1])
    today = [system.events / system.nights * x.share * x.received * (x.price - x.cost) for x in system.sellers]
    beside = sum(pi - model.groups[x.number].profit for pi, x in zip(today, system.sellers))
    per_engagement = beside / (sum(x.share for x in system.sellers) * system.events / system.nights)
    demand = found.engagements[-1]
    return found.profit[-1] - per_engagement * demand, demand, turf
