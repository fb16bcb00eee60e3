"""Prices of groups and of stages (submodels.md, Reviews and Alternatives)."""

import math

from tests.twin.contract import absorbed, absorbed_alone, cost, prices_received, worth_to_owner
from tests.twin.ownership import owners


def review_stages(model):
    """Houses and carriers move their markups together, or an organisation takes them away."""
    if model.p.rules.stages != "3":
        return
    seen = model.memory
    for group in model.active():
        joint = group.owner["stages"] == group.owner["price"] >= len(model.groups)
        slope = -seen.by_price[group.id, group.id]
        if joint:
            goal = 0.0
        elif seen.demand[group.id] > 0 and slope > 0:
            goal = 2 * seen.demand[group.id] / slope
        else:
            continue
        group.stages += model.p.market.price_step * (goal - group.stages)


def review_price(model):
    """Owners move their prices by the rule chosen."""
    rule = {
        "best_response": best_responses,
        "cost_plus": cost_plus,
        "imitate": imitate,
        "learn": learn,
    }[model.p.rules.price]
    rule(model)


def solve(matrix, right):
    """Gauss elimination with row pivots."""
    n = len(right)
    rows = [[*row, value] for row, value in zip(matrix, right)]
    for i in range(n):
        pivot = max(range(i, n), key=lambda r: abs(rows[r][i]))
        rows[i], rows[pivot] = rows[pivot], rows[i]
        for r in range(n):
            if r != i and rows[r][i] != 0:
                factor = rows[r][i] / rows[i][i]
                rows[r] = [x - factor * y for x, y in zip(rows[r], rows[i])]
    return [rows[i][n] / rows[i][i] for i in range(n)]


def best_margins(demand, by_price, received, returns):
    """x that solves sum_k D_jk x_k = -w_j N_j + V_j B_j for the groups of one owner; returns are V_j B_j."""
    return solve(by_price, [-w * n + back for w, n, back in zip(received, demand, returns)])


def within_bounds(model, price):
    """Floor and ceiling."""
    return min(max(price, model.p.market.price_floor), model.p.market.price_ceiling)


def step_towards(model, group, target):
    """ln p moves a damped and limited step."""
    market = model.p.market
    step = market.price_step * math.log(within_bounds(model, target) / group.price)
    group.price *= math.exp(min(max(step, -market.price_step_limit), market.price_step_limit))


def answer_of_people(model):
    """R: persons more who stay and come, per chooser and unit of utility by which staying is worth more."""
    seen = model.memory
    return (seen.staying + seen.coming) / seen.choosers if seen.choosers else 0.0


def returning_clients(model, group):
    """B_j: clients sent to others or home who do not come back, and people driven out or kept from coming."""
    seen = model.memory
    gone = sum(seen.by_price[group.id, other.id] * absorbed(model, other) for other in model.groups)
    gone += seen.alone_by_price[group.id] * absorbed_alone(model)
    return gone - answer_of_people(model) * seen.offer_by_price[group.id]


def best_responses(model):
    """Every owner steps towards the first-order conditions of its groups at the demand seen."""
    seen = model.memory
    targets = {}
    for groups in owners(model, "price").values():
        sold = [group for group in groups if seen.demand[group.id] > 0]
        if not sold:
            continue
        matrix = [[seen.by_price[j.id, k.id] for k in sold] for j in sold]
        returns = [worth_to_owner(model, "price", j) * returning_clients(model, j) for j in sold]
        received = [prices_received(model, j) for j in sold]
        margins = best_margins([seen.demand[j.id] for j in sold], matrix, received, returns)
        for group, w, x in zip(sold, received, margins):
            targets[group.id] = cost(model, group) + x / w
    for group in model.active():
        if group.id in targets:
            step_towards(model, group, targets[group.id])


def cost_plus(model):
    """A markup on costs."""
    for group in model.active():
        base = cost(model, group, shadow=False, fares=False, stages=False)
        step_towards(model, group, (1 + model.p.market.markup) * base + group.stages)


def imitate(model):
    """All move to the prices of the owner with most profit per group; a few experiment."""
    market, t = model.p.market, model.t
    by_owner = owners(model, "price")
    profit = {owner: sum(group.review_profit for group in groups) / len(groups) for owner, groups in by_owner.items()}
    best = by_owner[max(by_owner, key=lambda owner: profit[owner])]
    goal = math.exp(sum(math.log(group.price) for group in best) / len(best))
    for group in model.active():
        step_towards(model, group, goal)
        if model.uniform("price experiment", t, group.id) < market.imitate_trials:
            u = model.uniform("price experiment", t, group.id, 1)
            group.price = within_bounds(model, group.price * math.exp(market.imitate_size * (2 * u - 1)))


def learn(model):
    """Owners put probes out, turn them round, and follow the profits seen."""
    market = model.p.market
    even = (model.t // market.review_nights) % 2 == 0
    for owner, groups in owners(model, "price").items():
        late = sum(group.review_profit for group in groups)
        early = sum(group.former_review_profit for group in groups)
        new = market.learn_probe if model.uniform("price probe", model.t, owner) < 0.5 else -market.learn_probe
        for group in groups:
            if not even:
                group.price *= math.exp(-2 * group.probe)
                group.probe = -group.probe
                continue
            step = 0.0
            if group.probe:  # the probe that is out was put out with the other sign one review earlier
                up, down = (late, early) if group.probe > 0 else (early, late)
                size = (abs(up) + abs(down)) / 2
                slope = (up - down) / (2 * market.learn_probe * size) if size > 0 else 0.0
                step = min(max(market.learn_step * slope, -market.price_step_limit), market.price_step_limit)
            group.price = within_bounds(model, group.price * math.exp(step - group.probe)) * math.exp(new)
            group.probe = new
