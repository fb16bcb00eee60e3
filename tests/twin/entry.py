"""Entry, purchase, splits and ends of groups (submodels.md, step 18 and Structure)."""

import math

from tests.twin.agents import LONG_AGO, ROLES
from tests.twin.draws import cents
from tests.twin.expectations import newcomer, observed
from tests.twin.learning import forget_group
from tests.twin.money import count_flow, group_pays
from tests.twin.offers import SMALLEST_SURPLUS, first_coalition, free_groups, offer, under
from tests.twin.ownership import any_lever, controlled, join, leave
from tests.twin.posts import newcomers_posts


def entry(model):
    """An outside organisation or a newcomer thinks about the market."""
    if model.uniform("entry kind", model.t, 0) < model.p.gangs.buy_share:
        purchase(model)
    else:
        start_small(model)


def start_small(model):
    """A newcomer starts a group if it expects more than its capital costs."""
    gangs = model.p.gangs
    free = [group for group in model.groups if not group.active]
    system = observed(model)
    if not free or system is None:
        return
    profit, demand, turf = newcomer(model, system)
    capital, horizon = gangs.entrant_capital * model.p.scale, gangs.entrant_horizon
    if profit <= capital / horizon:
        return
    chance = 7 * gangs.entry * (profit * horizon / max(capital, 1)) ** gangs.profit_visibility
    if model.uniform("entry", model.t, 0) < chance:
        start_entrant(model, free[0], demand, turf)


def purchase(model):
    """O2 looks at one network, and at a pair if it has none yet."""
    gangs, t = model.p.gangs, model.t
    if not any_lever(model) or model.uniform("entry", t, 0) >= 7 * gangs.entry:
        return
    active, second = model.active(), model.organisations[1]
    looked_at = active[math.floor(model.uniform("bought", t, 0) * len(active))]
    if controlled(model, looked_at):
        return
    bought = [looked_at]
    if not under(model, second):
        bought = first_coalition(model, second, looked_at, free_groups(model, looked_at))
        if bought is None:
            return
    surplus = offer(model, second, bought).surplus
    if surplus <= SMALLEST_SURPLUS:
        return
    for group in bought:
        price = gangs.entrant_horizon * (max(group.profit, 0.0) + surplus / (1 + len(bought)))
        model.flows["purchase"] += cents(price)
        join(model, group, second)
        model.tally["networks_bought"] += 1


def start_entrant(model, group, demand, turf):
    """A new group in the first free row."""
    gangs, active = model.p.gangs, model.active()
    posts = newcomers_posts(model)
    reset(model, group)
    group.posts = posts
    group.origin = math.floor(model.uniform("entrant origin", model.t, 0) * len(gangs.origin_shares))
    for role, number in zip(ROLES, gangs.entrant_crew):
        setattr(group, role, max(1, round(number * model.p.scale)))
    group.price = sum(other.price for other in active) / len(active)
    group.demand = demand
    for place in range(model.place_count):
        for other in active:
            other.turf[place] *= 1 - turf
        group.turf[place] = turf
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
    group.stages = group.probe = group.fares = group.worth = group.standing = group.disarray = 0.0
    group.tolls = {}
    group.met = [0.0] * len(model.corridors)
    group.retainers = [0.0] * len(model.corridors)
    group.weak_nights = group.week_profit = group.crossings_sold = 0
    group.review_profit = group.former_review_profit = 0
    group.leader_taken = group.been_under = False
    group.bound_until = LONG_AGO
    group.effort = [0.0] * model.place_count
    group.earnings = [0.0] * len(model.corridors)
    group.success = model.p.migrants.prior_success
    gangs = model.p.gangs
    drawn = gangs.patience + gangs.patience_sd * model.normal("patience", model.t, group.id)
    group.patience = min(max(drawn, 0.0), 0.99)
    leave(model, group)
    forget_group(model, group)
    for other in model.groups:
        model.war[group.id, other.id] = model.war[other.id, group.id] = False


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
    new.been_under = group.been_under
    for s in range(model.sector_count):
        model.sector_trials[new.id, s] = model.sector_trials[group.id, s]
        model.sector_successes[new.id, s] = model.sector_successes[group.id, s]
    new.posts = list(group.posts)
    group.earnings = [earned / 2 for earned in group.earnings]
    new.earnings = list(group.earnings)
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
    del model.last_interval.demand[group.id]
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
        if person.failed_by is group:
            person.failed_by, person.failures_with = None, 0
        if person.guarantee is group:
            person.guarantee = None
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
