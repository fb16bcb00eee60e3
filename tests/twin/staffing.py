"""Wages, hiring, arms (submodels.md, step 17 and Staffing)."""

import math

from tests.twin.agents import ROLES
from tests.twin.draws import cents, rounded
from tests.twin.money import group_pays, groups_pay_together
from tests.twin.ownership import owners
from tests.twin.posts import relocate
from tests.twin.turf import desired


def staffing(model):
    """Step 17."""
    model.labour_pool *= 1 - model.p.gangs.labour_outflow
    model.labour_pool += model.p.gangs.labour_inflow * model.p.scale
    for group in model.active():
        pay_wages(model, group)
    if model.t % 7 == 3:
        hire(model)
    relocate(model)
    if model.t % 7 == 3:
        buy_arms(model)


def pay_wages(model, group):
    """All wages are due together; those who cannot be paid leave."""
    gangs = model.p.gangs
    wages = (gangs.guide_wage, gangs.driver_wage, gangs.fixer_wage, gangs.fighter_wage)
    due = sum(getattr(group, role) * cents(wage) for role, wage in zip(ROLES, wages))
    paid = min(due, max(group.treasury, 0))
    group_pays(model, group, paid, "wages")
    if paid < due:
        for index, role in enumerate(ROLES):
            number = getattr(group, role)
            stay = min(number, rounded(number * paid / due, model.uniform("unpaid", model.t, group.id, index)))
            setattr(group, role, stay)
            model.labour_pool += number - stay


def wanted_crew(model, group, fighters):
    """How many of each role a group wants."""
    gangs, m = model.p.gangs, model.p.migrants
    queue = sum(person.client_of is group for person in model.people)
    flats = sum(person.landlord is group for person in model.people)
    clients = gangs.headroom * (group.demand + queue / m.review)
    wanted = {
        "guides": clients / gangs.clients_per_guide,
        "drivers": clients / gangs.clients_per_driver,
        "fixers": max(gangs.headroom * flats, group.demand) / gangs.beds_per_fixer,
        "fighters": fighters,
    }
    return {role: max(x, gangs.smallest_crew) for role, x in wanted.items()}


def hire(model):
    """Steps towards what is wanted, from one pool of labour."""
    gangs, t = model.p.gangs, model.t
    best = desired(model)
    steps = {}
    for group in model.active():
        wanted = wanted_crew(model, group, sum(best[group.id]))
        for index, role in enumerate(ROLES):
            speed = gangs.contest_step if role == "fighters" else gangs.hiring_step
            step = speed * (wanted[role] - getattr(group, role))
            steps[group.id, role] = rounded(step, model.uniform("hired", t, group.id, index))
    pipeline(model, steps)
    ration(model, steps)
    price = cents(gangs.hiring_cost)
    for role in ROLES:
        for group in model.active():
            step = steps[group.id, role]
            number = getattr(group, role)
            if step > 0:
                taken = step
                if price > 0:
                    taken = min(taken, max(group.treasury, 0) // price)
                group_pays(model, group, taken * price, "operating")
            else:
                taken = max(step, -number)
            setattr(group, role, number + taken)
            model.labour_pool -= taken


def ration(model, steps):
    """Positive steps are cut to what the pool holds, role by role and group by group."""
    people = math.floor(model.labour_pool)
    asked = sum(step for step in steps.values() if step > 0)
    if asked <= people:
        return
    share = max(people, 0) / asked
    v = model.uniform("ration", model.t, 0)
    before = 0
    for role in ROLES:
        for group in model.active():
            step = steps[group.id, role]
            if step > 0:
                steps[group.id, role] = math.floor(share * (before + step) + v) - math.floor(share * before + v)
                before += step


def pipeline(model, steps):
    """Fighters that O1 brings from outside to groups whose recruiting it decides."""
    first = model.organisations[0].id
    groups = [group for group in model.active() if group.owner["recruit"] == first]
    for group in groups:
        each = 7 * model.p.organisation.pipeline * model.p.scale / len(groups)
        brought = rounded(each, model.uniform("pipeline", model.t, group.id))
        brought = min(brought, max(steps[group.id, "fighters"], 0))
        group.fighters += brought
        steps[group.id, "fighters"] -= brought
        model.tally["pipeline_arrivals"] += brought


def buy_arms(model):
    """Whole lots of rifles for all groups of an owner of arms."""
    gangs = model.p.gangs
    for groups in owners(model, "arms").values():
        price, per_fighter = gangs.rifle_price, gangs.armed_share
        if model.p.rules.arms == "bulk":
            lots = max(1.0, sum(gangs.armed_share * group.fighters for group in groups) / gangs.rifle_lot)
            price *= lots**-gangs.bulk_discount
            per_fighter *= lots**gangs.bulk_discount
        buy(model, groups, cents(price), [max(per_fighter * group.fighters - group.weapons, 0) for group in groups])


def buy(model, groups, price, missing):
    """An owner's order is paid and shared by group."""
    lot = model.p.gangs.rifle_lot
    lots = math.floor(sum(missing) / lot + 1e-9)
    if price > 0:
        lots = min(lots, max(sum(group.treasury for group in groups), 0) // (price * lot))
    ordered = lots * lot
    if ordered <= 0:
        return
    cumulated, got = 0.0, 0
    for group, number in zip(groups, missing):
        cumulated += number
        upto = round(ordered * cumulated / sum(missing))
        groups_pay_together(model, group, (upto - got) * price, "arms", "arms")
        group.weapons += upto - got
        got = upto
