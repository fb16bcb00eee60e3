"""Accounts, transfers, takeover, defection, succession (submodels.md, step 18 and Structure)."""

import math

from tests.twin.draws import cents
from tests.twin.entry import entry, leave_market, split
from tests.twin.money import group_pays, income, profit
from tests.twin.offers import bargain, first_coalition, free_groups, pay_lump_sums, under
from tests.twin.ownership import any_lever, controlled, join, leave


def structure(model):
    """Step 18."""
    gangs = model.p.gangs
    for group in model.groups:
        group_pays(model, group, max(0, math.floor(group.administration * income(group))), "administration")
        tonight = profit(group)
        group.week_profit += tonight
        group.review_profit += tonight
        group.profit += model.p.market.learning * (tonight / 100 - group.profit)
        group.losses *= gangs.loss_memory
    if model.t % 7 == 0:
        week(model)
    for group in model.active():
        group.weak_nights = group.weak_nights + 1 if group.members < gangs.exit_members else 0
    for group in model.active():
        if group.weak_nights >= gangs.exit_nights and len(model.active()) > 1:
            leave_market(model, group)


def week(model):
    """The weekly part, in the order of the text."""
    transfers(model)
    draws(model)
    begun = model.takeover_from is None or model.t >= model.takeover_from
    if model.p.organisation.takeover > 0 and begun and any_lever(model):
        takeover(model)
    if model.p.organisation.defection > 0:
        defection(model)
    if model.p.organisation.levers.central_costs:
        succession(model)
    entry(model)
    split(model)


def transfers(model):
    """What groups pay to the organisation that decides transfers."""
    rules = model.p.organisation
    for group in model.active():
        index = group.owner["transfer"] - len(model.groups)
        due = 0
        if index >= 0 and rules.structure == "merger":
            due = math.floor(rules.skim_share * max(group.week_profit, 0))
        elif index >= 0 and rules.structure == "franchise":
            due = group.crossings_sold * cents(rules.head_tax)
        elif index >= 0 and rules.structure == "tribute":
            due = cents(rules.tribute * model.p.scale * 7)
        paid = min(due, max(group.treasury, 0))
        if paid:
            group_pays(model, group, paid, "skim")
            model.organisations[index].treasury += paid
    for group in model.groups:
        group.week_profit = 0
        group.crossings_sold = 0
    for organisation in model.organisations:
        spent = math.floor(rules.spent_share * organisation.treasury)
        organisation.treasury -= spent
        model.flows["spent"] += spent


def draws(model):
    """Owners draw what exceeds the reserve."""
    gangs = model.p.gangs
    for group in model.groups:
        nightly = sum(group.flow(name) for name in ("operating", "wages", "toll", "payroll"))
        reserve = gangs.reserve_nights * nightly + cents(gangs.reserve_floor * model.p.scale)
        reserve = reserve if group.active else 0
        drawn = math.floor(gangs.draw_share * max(group.treasury - reserve, 0))
        if drawn:
            group_pays(model, group, drawn, "draw")


def takeover(model):
    """O1 makes offers to groups that are under nobody."""
    rules, t = model.p.organisation, model.t
    first = model.organisations[0]

    def affinity(group):
        return 1 if group.origin == 0 else rules.other_affinity

    for group in model.active():
        if controlled(model, group):
            continue
        hazard = 7 * rules.takeover * affinity(group)
        hazard *= 1 + rules.takeover_losses * group.losses / (group.members + 1)
        if model.uniform("takeover", t, group.id) >= hazard:
            continue
        asked = [group]
        if not under(model, first):
            others = free_groups(model, group)
            if affinity(group) > rules.other_affinity:
                others = [other for other in others if other.origin == 0]
            asked = first_coalition(model, first, group, others)
            if asked is None:
                continue
        sums, _ = bargain(model, first, asked)
        if sums is None:
            continue
        pay_lump_sums(model, first, sums)
        for new in asked:
            join(model, new, first)
            killed = min(new.fighters, rules.takeover_deaths)
            new.fighters -= killed
            model.tally["fighters_killed"] += killed
            model.tally["takeovers"] += 1


def defection(model):
    """Groups that expect more alone leave unless they are paid to stay."""
    for group in model.active():
        if not controlled(model, group) or group.bound_until > model.t:
            continue
        if model.uniform("defection", model.t, group.id) >= 7 * model.p.organisation.defection:
            continue
        organisation = next(o for o in model.organisations if o.id in group.owner.values())
        sums, deal = bargain(model, organisation, [group])
        if sums is not None:
            pay_lump_sums(model, organisation, sums)
        elif deal.gains[group.id] < 0:
            leave(model, group)
            model.tally["defections"] += 1


def succession(model):
    """The organisation loses its head; groups go their own way."""
    rules = model.p.organisation
    if model.uniform("succession", model.t, 0) < 7 * rules.succession:
        for group in model.active():
            if controlled(model, group) and model.uniform("secession", model.t, group.id) < rules.secession:
                leave(model, group)
                model.tally["defections"] += 1
