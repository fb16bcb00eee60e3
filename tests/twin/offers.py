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


def pacified(model, group, new, outside, inside):
    """phi: share of a group's hostility that peace with new fellows ends; outside and inside: h at peace."""
    spared = everything = 0.0
    for other in model.groups:
        if other is group:
            continue
        h = outside
        if model.war[group.id, other.id]:
            h = 1.0
        elif other not in new and group.owner["conflict"] == other.owner["conflict"]:
            h = inside
        rate = encounter(model, group, other)
        everything += h * rate
        if other in new:
            spared += (h - inside) * rate
    return max(spared, 0.0) / everything if everything > 0 else 0.0


def spared(model, group, new, asked):
    """What peace with new fellows and the organisation's promise are worth a night."""
    gangs, rules = model.p.gangs, model.p.organisation
    if not rules.levers.internal_peace:
        return 0.0
    lost = group.losses * (1 - gangs.loss_memory) * gangs.hiring_cost
    worth = pacified(model, group, new, gangs.deterrence, 0.0) * group.fighters * gangs.fighter_wage
    share = pacified(model, group, new, gangs.truce_leakage, rules.leakage)
    worth += share * lost
    if asked:
        worth += rules.protection * (1 - share) * lost
    return worth


def transfer(model, group, change, sold):
    """y: what a group would pay the organisation a night."""
    rules = model.p.organisation
    if not rules.levers.skim:
        return 0.0
    if rules.structure == "merger":
        return skim_share(model) * max(group.profit + (0.0 if controlled(model, group) else change), 0.0)
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
        new = [x for x in union if x is not group] if inside else asked
        change[j] = joint.profit.get(j, 0.0) - share * joint.receipts.get(j, 0.0) - apart.profit.get(j, 0.0)
        change[j] += spared(model, group, new, inside)
        if inside and central:
            change[j] -= (rules.exposure - 1) * group.raid_loss
        if not inside:
            change[j] += share * apart.receipts.get(j, 0.0)
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
    most = min(funds, horizon * deal.organisation)
    for share in (deal.surplus / (1 + len(asked)), 0.0):
        sums = {j: horizon * (share - g) for j, g in losers.items()}
        if sum(sums.values()) <= most:
            return sums, deal
    return None, deal


def backing_left(model, organisation):
    """Cents that O1 may still get from outside."""
    if organisation is not model.organisations[0]:
        return 0
    return max(cents(model.p.organisation.backing * model.p.scale) - organisation.backed, 0)


def pay_lump_sums(model, organisation, sums):
    """Paid from the treasury, then from outside; a group that is paid is bound."""
    for number, euros in sums.items():
        group, amount = model.groups[number], math.ceil(euros * 100)
        amount = min(amount, organisation.treasury + backing_left(model, organisation))
        missing = max(amount - organisation.treasury, 0)
        organisation.backed += missing
        organisation.treasury += missing - amount
        model.flows["backing"] += missing
        group.treasury += amount
        count_flow(model, "joining", amount, group)
        group.bound_until = model.t + model.p.gangs.entrant_horizon


def free_groups(model, group):
    """The other active groups under nobody."""
    return [other for other in model.active() if other is not group and not controlled(model, other)]


def first_coalition(model, organisation, group, others):
    """The first of {j, k1, ..., km}, m = 1, 2, ..., with a surplus, others by falling surplus with j alone; or None."""
    alone = {other.id: offer(model, organisation, [group, other]).surplus for other in others}
    ranked = sorted(others, key=lambda other: -alone[other.id])
    for number in range(1, len(ranked) + 1):
        asked = [group, *ranked[:number]]
        if offer(model, organisation, asked).surplus > SMALLEST_SURPLUS:
            return asked
    return None
