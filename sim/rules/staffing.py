"""M17 staffing: groups pay wages and hire by role from one labour pool; a pipeline may add fighters.

Weekly, a group wants guides and drivers for the clients it gets, fixers for the flats in use, and the fighters its
turf warrants (M12).  Recruits come from a pool shared by all groups; if demand exceeds it, each group gets its share.
People enter the pool at a rate and turn to something else with a hazard, so that a pool nobody draws on stays small.
An owner of recruiting with a pipeline also brings fighters from outside the pool (F14).
"""

import numpy as np

from sim.world.calendar import STAFF, WEEK, is_weekly
from sim.world.draws import round_randomly
from sim.world.groups import ROLES
from sim.world.ledger import cents
from sim.world.people import Shelter


def staff(world, desired_fighters) -> None:
    """Groups pay their members every night and hire once a week.

    desired_fighters (J,): fighters that each group's turf warrants.
    """
    p = world.p.gangs
    world.labour_pool += p.labour_inflow * world.p.scale - p.labour_outflow * world.labour_pool
    pay_wages(world)
    if is_weekly(world.t, STAFF):
        hire(world, desired_fighters)


def pay_wages(world) -> None:
    """Groups pay their members for the night; members whom the treasury cannot pay leave for the labour pool."""
    p, groups = world.p.gangs, world.groups
    wage = {"guides": p.guide_wage, "drivers": p.driver_wage, "fixers": p.fixer_wage, "fighters": p.fighter_wage}
    bill = sum(getattr(groups, role) * cents(wage[role]) for role in ROLES)
    paid = world.books.groups_pay(bill, "wages")
    kept = np.divide(paid, bill, out=np.ones(groups.n), where=bill > 0)
    for r, role in enumerate(ROLES) if (kept < 1).any() else ():
        column = getattr(groups, role)
        stay = round_randomly(column * kept, world.draws.uniform("unpaid", world.t, groups.id, r)).astype(column.dtype)
        world.labour_pool += (column - stay).sum()
        column[:] = stay


def wanted(world, desired_fighters) -> dict[str, np.ndarray]:
    """Desired number of members of each group (J,), by role; not whole, so that it is the same at every scale."""
    p, groups = world.p.gangs, world.groups
    people = world.people
    queue = np.bincount(people.client_of[people.client_of >= 0], minlength=groups.n)
    clients = (groups.demand + queue / world.p.migrants.review) * p.headroom
    flats = np.bincount(people.landlord[people.shelter == Shelter.FLAT], minlength=groups.n)
    want = {
        "guides": clients / p.clients_per_guide,
        "drivers": clients / p.clients_per_driver,
        "fixers": np.maximum(flats * p.headroom, groups.demand) / p.beds_per_fixer,
        "fighters": desired_fighters,
    }
    return {role: np.where(groups.active, np.maximum(number, p.smallest_crew), 0.0) for role, number in want.items()}


def hire(world, desired_fighters) -> None:
    """Move each role a step towards its desired number; hiring costs money and draws on the labour pool."""
    p, groups = world.p.gangs, world.groups
    want = wanted(world, desired_fighters)
    # simultaneous best responses of n rivals overshoot for steps above 4/n, so fighters follow more slowly
    pace = dict.fromkeys(ROLES, p.hiring_step) | {"fighters": p.contest_step}
    step = {role: round_randomly((want[role] - getattr(groups, role)) * pace[role],
                                 world.draws.uniform("hired", world.t, groups.id, r)) for r, role in enumerate(ROLES)}
    arrive_by_pipeline(world, step)
    joining = ration(np.array([np.maximum(step[role], 0) for role in ROLES]), world.labour_pool,
                     world.draws.one("ration", world.t))
    cost = int(cents(p.hiring_cost))
    for role, join in zip(ROLES, joining):
        column = getattr(groups, role)
        join = np.minimum(join, groups.treasury // cost) if cost else join
        leave = np.minimum(np.maximum(-step[role], 0), column)
        world.books.groups_pay(join * cost, "operating")
        column += (join - leave).astype(column.dtype)
        world.labour_pool += leave.sum() - join.sum()


def ration(vacancies, pool, u) -> np.ndarray:
    """Recruits for each of the vacancies (roles, J), persons: all, or equal shares of a pool that is too small.

    Systematic rounding with one offset u in (0, 1): every share has the right mean, and they add up to the pool.
    """
    total, most = vacancies.sum(), int(pool)
    if total <= most:
        return vacancies
    edges = np.floor(most * (vacancies.cumsum() / total) + u).astype(int)  # the last is `most`, as 1 is exact
    return np.diff(edges, prepend=0).reshape(vacancies.shape)


def arrive_by_pipeline(world, step) -> None:
    """Fighters arrive from outside the pool, as many as the owner of recruiting can bring and the group wants."""
    groups, t = world.groups, world.t
    brought = world.terms["pipeline"][world.ownership.owner["recruit"]] * WEEK * groups.active
    rate = brought / np.maximum((world.ownership.matrix("recruit") & groups.active).sum(axis=1), 1)
    come = round_randomly(rate, world.draws.uniform("pipeline", t, groups.id))
    come = np.minimum(come, np.maximum(step["fighters"], 0))
    groups.fighters += come.astype(groups.fighters.dtype)
    step["fighters"] -= come
    world.count("pipeline_arrivals", int(come.sum()))


RULES = {"pool": staff}
