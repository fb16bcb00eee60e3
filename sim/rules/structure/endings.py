"""M15 endings: groups with too few members end, groups whose leader was arrested split, and rows are used again.

A row that is used again keeps nothing of the group that ended.
"""

import numpy as np

from sim.world.control import count_influence, secede
from sim.world.expectations import forget_group
from sim.world.groups import ROLES


def close(world) -> None:
    """A group that has too few members for enough nights exits, and its turf goes to the groups beside it."""
    p, groups = world.p.gangs, world.groups
    weak = groups.active & (groups.members < p.exit_members)
    groups.weak_nights = np.where(weak, groups.weak_nights + 1, 0)
    for j in np.flatnonzero(weak & (groups.weak_nights >= p.exit_nights)):
        if groups.active.sum() > 1:
            end(world, j)


def end(world, j) -> None:
    """Group `j` exits: its members return to the pool, its money goes to owners, and its clients choose again."""
    groups, people = world.groups, world.people
    secede(world, j)
    forget_group(world, j)
    world.labour_pool += groups.members[j]
    groups.active[j] = False
    for role in ROLES:
        getattr(groups, role)[j] = 0
    everything = np.where(np.arange(groups.n) == j, groups.treasury, 0)
    world.books.groups_pay(everything, "draw")
    rest = 1 - world.turf[j]
    scale = np.divide(1.0, rest, out=np.zeros_like(rest), where=rest > 1e-12)
    equal = groups.active / max(groups.active.sum(), 1)
    world.turf = np.where(rest > 1e-12, world.turf * scale, equal[:, None])
    world.turf[j] = 0.0
    groups.weapons[j] = 0
    world.efforts[j] = 0.0
    world.war[j] = world.war[:, j] = False
    clients, tenants = people.client_of == j, people.landlord == j
    people.disengage(clients)
    people.evict(tenants)
    people.debt[people.creditor == j] = 0
    people.guarantor[people.guarantor == j] = -1
    people.failed_by[people.failed_by == j] = -1
    world.count("exits")


def split(world) -> None:
    """A group whose leader was arrested may split in two, if the table has a free row."""
    p, groups, t = world.p.gangs, world.groups, world.t
    hit = (world.leaders_taken > 0) & groups.active & (groups.members >= 2 * p.exit_members)
    for j in np.flatnonzero(hit & (world.draws.uniform("split", t, groups.id) < p.split_chance)):
        free = np.flatnonzero(~groups.active)
        if len(free):
            divide(world, j, int(free[0]))
    world.leaders_taken[:] = 0


def divide(world, j, row) -> None:
    """Half of everything that group `j` has goes to a new, independent group of the same origin.

    The guides who go know the sectors; people do not know the new group.
    """
    groups = world.groups
    vacate(world, row)
    groups.open(row, active=True, **{name: getattr(groups, name)[j] for name in (
        "origin", "affine", "price", "intensity", "brand", "success", "organised")})
    world.beliefs.teach(row, j)
    for name in (*ROLES, "weapons", "treasury"):
        column = getattr(groups, name)
        half = column[j] // 2
        column[row] += half
        column[j] -= half
    groups.demand[row] = groups.demand[j] = groups.demand[j] / 2
    world.posts[row] = world.posts[j]
    world.earnings[row] = world.earnings[j] = world.earnings[j] / 2
    world.turf[row] = world.turf[j] / 2
    world.turf[j] /= 2
    count_influence(world)
    world.count("splits")


def vacate(world, row) -> None:
    """Free a row for a new group: nothing remains of the group that ended there, and it owns itself.

    Its former owners withdraw the money that came in late.
    """
    groups, p = world.groups, world.p.gangs
    secede(world, row)
    world.books.groups_pay(np.where(np.arange(groups.n) == row, groups.treasury, 0), "draw")
    world.beliefs.forget(row)
    world.demand.forget(row)
    forget_group(world, row)
    for per_group in (world.efforts, world.parties_met, world.retainers, world.earnings, world.tolls,
                      world.crossings_sold, world.leaders_taken):
        per_group[row] = 0
    world.war[row] = world.war[:, row] = False
    luck = world.draws.normal("patience", world.t, np.array([row]))[0]
    groups.patience[row] = np.clip(p.patience + p.patience_sd * luck, 0, 0.99)
