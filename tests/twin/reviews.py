"""Weekly reviews of groups and their owners (submodels.md, step 6 and Reviews)."""

import math

from tests.twin.agents import Group
from tests.twin.draws import NORMAL, logistic
from tests.twin.ownership import head_tax, owners, together


def review(model):
    """Scarcity, price, restraint, toll, war; then the memory of demand is cleared."""
    review_scarcity(model)
    review_price(model)
    review_restraint(model)
    review_toll(model)
    review_war(model)
    clear_memory(model)


def clear_memory(model):
    """The memory of demand since the last review: N_j, D_jk, A_jk, served and unserved."""
    model.seen_demand = {}
    model.by_price = {}
    model.by_appeal = {}
    model.served = {}
    model.unserved = {}


def cost(model, group: Group, shadow=True):
    """What a success must earn: c."""
    p = model.p
    per_client = (
        p.market.attempt_cost
        + p.gangs.guide_wage / p.gangs.clients_per_guide
        + p.gangs.driver_wage / p.gangs.clients_per_driver
    )
    c = (per_client - (1 - group.success) * p.market.retry_fee) / group.success
    if group.owner["transfer"] != group.owner["price"]:
        c += head_tax(model, group)
    return c + (group.shadow if shadow else 0.0)


def review_scarcity(model):
    """The shadow price of a place moves with the share turned away."""
    market = model.p.market
    for group in model.groups:
        served = model.served.get(group.id, 0)
        unserved = model.unserved.get(group.id, 0)
        share = unserved / (served + unserved) if served + unserved else 0.0
        group.shadow += market.price_step * (market.scarcity * share - group.shadow)


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


def best_margins(demand, by_price, success):
    """x that solves sum_k D_jk x_k = -q_j N_j for the groups of one owner."""
    return solve(by_price, [-q * n for q, n in zip(success, demand)])


def review_price(model):
    """Every owner steps towards the first-order conditions of its groups at the demand seen."""
    market = model.p.market
    targets = {}
    for groups in owners(model, "price").values():
        sold = [group for group in groups if model.seen_demand.get(group.id, 0) > 0]
        if not sold:
            continue
        matrix = [[model.by_price.get((j.id, k.id), 0.0) for k in sold] for j in sold]
        margins = best_margins([model.seen_demand[j.id] for j in sold], matrix, [j.success for j in sold])
        for group, x in zip(sold, margins):
            targets[group.id] = cost(model, group) + x / group.success
    for group in model.active():
        if group.id in targets:
            target = min(max(targets[group.id], market.price_floor), market.price_ceiling)
            step = market.price_step * math.log(target / group.price)
            limit = market.price_step_limit
            group.price *= math.exp(min(max(step, -limit), limit))


def demand_shares(model):
    """Shares of the groups in running demand."""
    everyone = sum(group.demand for group in model.active())
    return {group.id: group.demand / everyone if everyone > 0 else 0.0 for group in model.active()}


def loss_per_abduction(j, margins, by_appeal, demand, share, fellows, group_aversion, market_aversion):
    """What one more abduction by j costs those who restrain together, through the demand it drives away."""
    if demand[j] <= 0:
        return 0.0
    own = sum(margins[k] * by_appeal[j][k] for k in fellows)
    market = sum(margins[k] * sum(row[k] for row in by_appeal) for k in fellows)
    return (group_aversion * own + market_aversion * share[j] * market) / demand[j]


def review_restraint(model):
    """Intensity moves towards a quantal response to gain less loss."""
    gangs, m = model.p.gangs, model.p.migrants
    everyone = range(len(model.groups))
    appeal = [[model.by_appeal.get((j, k), 0.0) for k in everyone] for j in everyone]
    demand = [model.seen_demand.get(j, 0.0) for j in everyone]
    margins = [0.0 for _ in everyone]
    for group in model.groups:
        margins[group.id] = group.success * (group.price - cost(model, group, shadow=False))
    share = demand_shares(model)
    gain = model.expected_ransom - gangs.holding_cost - gangs.abduction_heat_cost
    for group in model.active():
        fellows = [other.id for other in together(model, "restraint", group)]
        loss = loss_per_abduction(
            group.id, margins, appeal, demand, share, fellows, m.abuse_aversion, m.market_abuse_aversion
        )
        wanted = logistic((gain - loss) / gangs.restraint_temperature)
        group.intensity += gangs.restraint_step * (wanted - group.intensity)


def best_toll(gain, median, sd):
    """b with F(b) = f(b) (G - b), thresholds lognormal: bisection."""
    if gain <= 0:
        return 0.0
    low, high = 0.0, gain
    for _ in range(200):
        b = (low + high) / 2
        z = math.log(b / median) / sd
        below = math.erfc(-z / math.sqrt(2)) / 2
        if below > NORMAL.pdf(z) / (sd * b) * (gain - b):
            high = b
        else:
            low = b
    return (low + high) / 2


def review_toll(model):
    """Every owner of bribes sets one toll for its groups."""
    p = model.p
    for groups in owners(model, "bribe").values():
        weight = sum(group.demand for group in groups)
        worth = [group.price - cost(model, group, shadow=False) + p.market.attempt_cost for group in groups]
        if weight > 0:
            mean = sum(group.demand * x for group, x in zip(groups, worth)) / weight
        else:
            mean = sum(worth) / len(worth)
        gain = p.gangs.party_size * max(0.0, mean) * p.police.toll_reach
        toll = best_toll(gain, p.police.reservation_bribe, p.police.reservation_bribe_sd)
        for group in groups:
            group.toll = toll


def strength(model, group):
    """Arms and a borrowed name."""
    gangs = model.p.gangs
    armed = min(group.weapons / max(group.fighters, 1), 1)
    return (1 + gangs.arms_effect * armed) * (1 + gangs.intimidation * group.brand)


def impact(model, group, place):
    """What a group weighs in the contest of a place."""
    gangs = model.p.gangs
    if group.turf[place] <= 0 or group.effort[place] <= 0:
        return 0.0
    held = group.turf[place] ** gangs.incumbency
    return strength(model, group) * held * group.effort[place] ** gangs.decisiveness


def breaks_peace(patience, own, other, share, surprise):
    """Does an owner with that patience fight: is the surprise worth more than peace?"""
    deviate = own + surprise * other
    return deviate - own > patience * (deviate - share**2 * (own + other))


def review_war(model):
    """Trigger strategies: war iff one of the two would break the peace."""
    gangs = model.p.gangs
    places = range(model.place_count)
    fellows = {group.id: together(model, "conflict", group) for group in model.active()}
    turf = {j: [sum(k.turf[i] for k in groups) for i in places] for j, groups in fellows.items()}
    power = {j: sum(impact(model, k, i) for k in groups for i in places) for j, groups in fellows.items()}

    def stake(j, k):
        return sum(
            turf[j][i] * model.prize[i] * gangs.contestable for i in places if turf[k][i] > gangs.presence * (1 + 1e-9)
        )

    for a in model.groups:
        for b in model.groups:
            if a.id >= b.id:
                continue
            war = False
            if a.active and b.active and a.owner["conflict"] != b.owner["conflict"]:
                both = power[a.id] + power[b.id]
                share_a = power[a.id] / both if both > 0 else 0.0
                share_b = power[b.id] / both if both > 0 else 0.0
                held_a, held_b = stake(a.id, b.id), stake(b.id, a.id)
                war = breaks_peace(a.patience, held_a, held_b, share_a, gangs.surprise)
                war = war or breaks_peace(b.patience, held_b, held_a, share_b, gangs.surprise)
            model.war[a.id, b.id] = model.war[b.id, a.id] = war
