"""Wages, hiring, arms (submodels.md, step 17 and Staffing)."""

import math

from tests.twin.agents import ROLES
from tests.twin.draws import cents, rounded
from tests.twin.money import group_pays, groups_pay_together, pooled_treasury
from tests.twin.turf import best_responses


def staffing(model):
    """Step 17."""
    model.labour_pool += model.p.gangs.labour_inflow * model.p.scale
    for group in model.active():
        pay_wages(model, group)
    if model.t % 7 == 3:
        hire(model)
        buy_arms(model)


def pay_wages(model, group):
    """All wages are due together; those who cannot be paid leave."""
    gangs = model.p.gangs
    wages = (gangs.guide_wage, gangs.driver_wage, gangs.fixer_wage, gangs.fighter_wage)
    due = sum(getattr(group, role) * cents(wage) for role, wage in zip(ROLES, wages))
    paid = min(due, max(group.treasury, 0))
    group_pays(model, group, paid, "wages")
    if paid < due:
        for role in ROLES:
            number = getattr(group, role)
            stay = number * paid // due
            setattr(group, role, stay)
            model.labour_pool += number - stay


def away_from_zero(x):
    """Rounded away from zero."""
    return math.ceil(x) if x > 0 else math.floor(x)


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
    return {role: max(math.ceil(x), gangs.smallest_crew) for role, x in wanted.items()}


def hire(model):
    """Steps towards what is wanted, from one pool of labour."""
    gangs = model.p.gangs
    best = best_responses(model)
    steps = {}
    for group in model.active():
        wanted = wanted_crew(model, group, sum(best[group.id]))
        for role in ROLES:
            speed = gangs.contest_step if role == "fighters" else gangs.hiring_step
            steps[group.id, role] = away_from_zero(speed * (wanted[role] - getattr(group, role)))
    pipeline(model, steps)
    asked = sum(step for step in steps.values() if step > 0)
    ration = min(1.0, model.labour_pool / asked) if asked else 0.0
    price = cents(gangs.hiring_cost)
    for role in ROLES:
        for group in model.active():
            step = steps[group.id, role]
            number = getattr(group, role)
            if step > 0:
                taken = math.floor(step * ration)
                if price > 0:
                    taken = min(taken, max(group.treasury, 0) // price)
                group_pays(model, group, taken * price, "operating")
            else:
                taken = max(step, -number)
            setattr(group, role, number + taken)
            model.labour_pool -= taken


def pipeline(model, steps):
    """Fighters that O1 brings from outside to groups whose recruiting it decides."""
    first = model.organisations[0].id
    groups = [group for group in model.active() if group.owner["recruit"] == first]
    for group in groups:
        each = 7 * model.p.organisation.pipeline * model.p.scale / len(model.active())
        brought = rounded(each, model.uniform("pipeline", model.t, group.id))
        brought = min(brought, max(steps[group.id, "fighters"], 0))
        group.fighters += brought
        steps[group.id, "fighters"] -= brought
        model.tally["pipeline_arrivals"] += brought


def buy_arms(model):
    """Whole lots of rifles, paid in full by those who decide arms together."""
    gangs, t = model.p.gangs, model.t
    if model.uniform("supplier arrested", t, 0) < 7 * gangs.supplier_arrest:
        model.supplier_back = t + gangs.supplier_absence
    if t < model.supplier_back:
        return
    lot = cents(gangs.rifle_lot * gangs.rifle_price)
    hold = {group.id: pooled_treasury(model, group, "arms") for group in model.active()}
    for group in model.active():
        lots = math.floor(max(gangs.armed_share * group.fighters - group.weapons, 0) / gangs.rifle_lot)
        lots = min(lots, max(hold[group.id], 0) // lot)
        if lots > 0:
            lots = min(lots, max(pooled_treasury(model, group, "arms"), 0) // lot)
            groups_pay_together(model, group, lots * lot, "arms", "arms")
            group.weapons += lots * gangs.rifle_lot
