"""Bargains of an organisation with groups (submodels.md, Offers)."""

import math
from types import SimpleNamespace

from tests.twin.draws import cents
from tests.twin.expectations import expected, observed
from tests.twin.money import count_flow
from tests.twin.ownership import controlled, skim_share

SMALLEST_SURPLUS = 0.01


def under(model, organisation):
    """Active groups under an organisation."""
    return [group for group in model.active() if organisation.id in group.owner.values()]


def anybody(model):
    """Active groups under any organisation."""
    return [group for group in model.active() if controlled(model, group)]


def price_owners(model, system, organisation, joined, alone):
    """Labels of price owners if the organisation decided for some groups and others were on their own."""
    labels = []
    for x in system.sellers:
        group = model.groups[x.number]
        label = group.owner["price"]
        if group in alone:
            label = group.id
        elif group in joined and model.p.organisation.levers.joint_pricing:
            label = organisation.id
        labels.append(label)
    return labels


def encounter(model, a, b):
    """r: how often two groups' fighters meet, up to the rate of clashes."""
    total = 0.0
    for i in range(model.place_count):
        everyone = sum(group.effort[i] for group in model.groups)
        if everyone > 0:
            total += a.effort[i] * b.effort[i] / everyone
    return total


def pacified(model, group, new):
    """phi: share of a group's clashes that peace with new fellows would end."""
    spared = everything = 0.0
    for other in model.active():
        if other is group:
            continue
        hostile = model.war[group.id, other.id] or group.owner["conflict"] == other.owner["conflict"]
        h = 1.0 if hostile else model.p.gangs.truce_leakage
        rate = encounter(model, group, other)
        everything += h * rate
        if other in new:
            spared += (h - model.p.organisation.leakage) * rate
    return max(spared, 0.0) / everything if everything > 0 else 0.0


def spared(model, group, new, asked):
    """What peace with new fellows and the organisation's promise are worth a night."""
    gangs, rules = model.p.gangs, model.p.organisation
    lost = group.losses * (1 - gangs.loss_memory) * gangs.hiring_cost
    share = pacified(model, group, new) if rules.levers.internal_peace else 0.0
    worth = share * (group.fighters * gangs.fighter_wage + lost)
    if asked:
        worth += rules.protection * (1 - share) * lost
    return worth


def transfer(model, group, change, sold):
    """y: what a group would pay the organisation a night."""
    rules = model.p.organisation
    if not rules.levers.skim:
        return 0.0
    if rules.structure == "merger":
        alone = group.profit - (change if controlled(model, group) else 0.0)
        return skim_share(model) * max(alone + change, 0.0)
    if rules.structure == "franchise":
        return rules.head_tax * sold
    if rules.structure == "tribute":
        return rules.tribute * model.p.scale
    return 0.0


def offer(model, organisation, asked):
    """Gains of the groups asked and of the organisation from their being under it."""
    rules = model.p.organisation
    members = [group for group in under(model, organisation) if group not in asked]
    system = observed(model)
    central = rules.levers.central_costs
    share = rules.administration if central else 0.0
    union = [*members, *asked]

    def figures(joined, alone):
        if system is None:
            return SimpleNamespace(profit={}, receipts={}, crossings={})
        return expected(model, system, price_owners(model, system, organisation, joined, alone))

    joint, apart = figures(union, []), figures(members, asked)
    change = {}
    for group in union:
        j, inside = group.id, group in asked
        other = apart
        if inside and len(asked) > 1:
            other = figures([x for x in union if x is not group], [group])
        new = [x for x in union if x is not group] if inside else asked
        change[j] = joint.profit.get(j, 0.0) - share * joint.receipts.get(j, 0.0) - other.profit.get(j, 0.0)
        change[j] += spared(model, group, new, inside)
        if inside and central:
            change[j] -= (rules.exposure - 1) * group.raid_loss
        if not inside:
            change[j] += share * other.receipts.get(j, 0.0)
    pays = {x.id: transfer(model, x, change[x.id], joint.crossings.get(x.id, 0.0)) for x in asked}
    gains = {x.id: change[x.id] - pays[x.id] for x in asked}
    of_organisation = sum(change[x.id] for x in members) + sum(pays.values())
    return SimpleNamespace(gains=gains, organisation=of_organisation, surplus=of_organisation + sum(gains.values()))


def bargain(model, organisation, asked):
    """Lump sums in EUR by group if the offer is accepted, else None; and the offer."""
    deal = offer(model, organisation, asked)
    if deal.surplus <= SMALLEST_SURPLUS:
        return None, deal
    horizon = model.p.gangs.entrant_horizon
    losers = {j: g for j, g in deal.gains.items() if g < 0}
    funds = (organisation.treasury + backing_left(model, organisation)) / 100
    sums = {j: horizon * (deal.surplus / (1 + len(asked)) - g) for j, g in losers.items()}
    if sum(sums.values()) > funds:
        sums = {j: -horizon * g for j, g in losers.items()}
    if sum(sums.values()) > funds or sum(sums.values()) > horizon * deal.organisation:
        return None, deal
    return sums, deal


def backing_left(model, organisation):
    """Cents that the organisation may still get from outside."""
    return max(cents(model.p.organisation.backing * model.p.scale) - organisation.backed, 0)


def pay_lump_sums(model, organisation, sums):
    """Paid from the treasury, then from outside; a group that is paid is bound."""
    for number, euros in sums.items():
        group, amount = model.groups[number], cents(euros)
        amount = min(amount, organisation.treasury + backing_left(model, organisation))
        missing = max(amount - organisation.treasury, 0)
        organisation.backed += missing
        organisation.treasury += missing - amount
        model.flows["backing"] += missing
        group.treasury += amount
        count_flow(model, "joining", amount, group)
        group.bound_until = model.t + model.p.gangs.entrant_horizon


def best_partner(model, organisation, group, weigh):
    """The group under nobody with the largest weighted surplus together with this one, and that surplus."""
    best, most = None, -math.inf
    for other in model.active():
        if other is group or controlled(model, other):
            continue
        value = offer(model, organisation, [group, other]).surplus * weigh(other)
        if value > most:
            best, most = other, value
    return best, most
