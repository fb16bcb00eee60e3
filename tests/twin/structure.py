"""Transfers, takeover, defection, succession, entry, split, exit (submodels.md, step 18 and Structure)."""

import math

from tests.twin.agents import ROLES
from tests.twin.draws import cents
from tests.twin.money import count_flow, group_pays, income, profit
from tests.twin.ownership import any_lever, controlled, join, leave, skim_share


def structure(model):
    """Step 18."""
    gangs = model.p.gangs
    for group in model.groups:
        group_pays(model, group, max(0, math.floor(group.administration * income(group))), "administration")
        tonight = profit(group)
        group.week_profit += tonight
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


def per_member(group):
    """A group's profit per member."""
    return group.profit / max(group.members, 1)


def inside_and_outside(model, group):
    """What membership promises, and independence."""
    rules, hiring = model.p.organisation, model.p.gangs.hiring_cost
    members = max(group.members, 1)
    outside = per_member(group)
    under = [other for other in model.active() if controlled(model, other)]
    if under:
        common = sum(other.profit for other in under) / sum(max(other.members, 1) for other in under)
    else:
        common = outside + group.losses * hiring / members
    inside = max(common, outside) * (1 - skim_share(model)) + rules.protection * group.losses * hiring / members
    return inside, outside


def takeover(model):
    """O1 asks groups that are under nobody."""
    rules, t = model.p.organisation, model.t
    joining = []
    for group in model.active():
        if controlled(model, group):
            continue
        hazard = 7 * rules.takeover * (1 if group.origin == 0 else rules.other_affinity)
        hazard *= 1 + rules.takeover_losses * group.losses / (group.members + 1)
        inside, outside = inside_and_outside(model, group)
        if model.uniform("takeover", t, group.id) < hazard and inside >= outside:
            joining.append(group)
    for group in joining:
        join(model, group, model.organisations[0])
        killed = min(group.fighters, rules.takeover_deaths)
        group.fighters -= killed
        model.tally["fighters_killed"] += killed
        model.tally["takeovers"] += 1


def defection(model):
    """Groups that would do better alone leave."""
    leaving = []
    for group in model.active():
        if controlled(model, group):
            inside, outside = inside_and_outside(model, group)
            chance = 7 * model.p.organisation.defection
            if inside < outside and model.uniform("defection", model.t, group.id) < chance:
                leaving.append(group)
    for group in leaving:
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


def entry(model):
    """A newcomer buys a network or starts a group."""
    gangs, t = model.p.gangs, model.t
    active = model.active()
    capital = gangs.entrant_capital * model.p.scale
    expected = gangs.entrant_turf * sum(group.profit for group in active) - capital / gangs.entrant_horizon
    if expected <= 0 or model.uniform("entry", t, 0) >= 7 * gangs.entry:
        return
    if model.uniform("entry kind", t, 0) < gangs.buy_share:
        bought = active[math.floor(model.uniform("bought", t, 0) * len(active))]
        if any_lever(model) and not controlled(model, bought):
            model.flows["purchase"] += cents(max(bought.profit * gangs.entrant_horizon, 0))
            join(model, bought, model.organisations[1])
            model.tally["networks_bought"] += 1
    else:
        free = [group for group in model.groups if not group.active]
        if free:
            start_entrant(model, free[0], active)


def start_entrant(model, group, active):
    """A new group in the first free row."""
    gangs = model.p.gangs
    reset(model, group)
    group.origin = math.floor(model.uniform("entrant origin", model.t, 0) * len(gangs.origin_shares))
    for role, number in zip(ROLES, gangs.entrant_crew):
        setattr(group, role, max(1, round(number * model.p.scale)))
    group.price = sum(other.price for other in active) / len(active)
    group.demand = gangs.entrant_turf * sum(other.demand for other in active)
    for place in range(model.place_count):
        for other in active:
            other.turf[place] *= 1 - gangs.entrant_turf
        group.turf[place] = gangs.entrant_turf
    capital = cents(gangs.entrant_capital * model.p.scale)
    group.treasury += capital
    count_flow(model, "entry", capital, group)
    model.tally["entries"] += 1


def reset(model, group):
    """A row is used (again); what came in late goes to its former owners."""
    if group.treasury:
        group_pays(model, group, group.treasury, "draw")
    group.active = True
    group.weapons = 0
    group.intensity = 0.5
    group.brand = 0.0
    group.shadow = group.toll = group.profit = group.losses = group.raid_loss = 0.0
    group.weak_nights = group.week_profit = group.crossings_sold = 0
    group.leader_taken = False
    group.effort = [0.0] * model.place_count
    leave(model, group)


def split(model):
    """A group that lost its leader may divide."""
    gangs = model.p.gangs
    for group in model.active():
        if not group.leader_taken:
            continue
        group.leader_taken = False
        free = [other for other in model.groups if not other.active]
        big = group.members >= 2 * gangs.exit_members
        if big and free and model.uniform("split", model.t, group.id) < gangs.split_chance:
            divide(model, group, free[0])


def divide(model, group, new):
    """Half of everything goes to a new group of the same origin."""
    reset(model, new)
    new.origin = group.origin
    for name in (*ROLES, "weapons", "treasury"):
        half = getattr(group, name) // 2
        setattr(new, name, getattr(new, name) + half)
        setattr(group, name, getattr(group, name) - half)
    new.price, new.intensity, new.brand, new.success = group.price, group.intensity, group.brand, group.success
    group.demand /= 2
    new.demand = group.demand
    group.turf = [held / 2 for held in group.turf]
    new.turf = list(group.turf)
    model.tally["splits"] += 1


def leave_market(model, group):
    """A weak group ends."""
    group.active = False
    leave(model, group)
    group.weapons = 0
    group.effort = [0.0] * model.place_count
    for other in model.groups:
        model.war[group.id, other.id] = model.war[other.id, group.id] = False
    model.labour_pool += group.members
    for role in ROLES:
        setattr(group, role, 0)
    if group.treasury:
        group_pays(model, group, group.treasury, "draw")
    for person in model.people:
        if person.client_of is group:
            person.disengage()
        if person.landlord is group:
            person.shelter, person.landlord = "informal", None
        if person.creditor is group:
            person.creditor = None
            person.debt = 0
    others = model.active()
    for place in range(model.place_count):
        held = group.turf[place]
        rest = sum(other.turf[place] for other in others)
        for other in others:
            other.turf[place] += held * (other.turf[place] / rest if rest > 0 else 1 / len(others))
    group.turf = [0.0] * model.place_count
    group.weak_nights = 0
    model.tally["exits"] += 1
