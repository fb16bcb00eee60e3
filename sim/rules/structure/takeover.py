"""M15 takeover: an organisation asks groups to join it, and groups leave it.

Groups are approached weekly with the hazard  h × affinity × (1 + θ × recent losses / (members + 1)).  What is offered
and when it is accepted is a bargain (`bargain`).  An organisation without groups has nothing to offer a single one: it
asks as many together as it takes for a surplus.  Leaving is the same comparison the other way.  An
organisation that bears central costs may lose its leader, and then groups secede.
"""

import numpy as np

from sim.rules.structure.bargain import found, make_offer, settle
from sim.world.calendar import WEEK
from sim.world.control import central_costs, has_anything_to_own, join, membership, secede


def take_over(world) -> None:
    """Organisation O1 approaches groups that no organisation controls; they join if all would gain."""
    p, groups, t = world.p.organisation, world.groups, world.t
    if p.takeover <= 0 or t < world.calendar.takeover or not has_anything_to_own(world.p):
        return
    affinity = np.where(groups.affine, 1.0, p.other_affinity)
    hazard = WEEK * p.takeover * affinity * (1 + p.takeover_losses * groups.losses / (groups.members + 1))
    approached = world.draws.uniform("takeover", t, groups.id) < hazard
    for j in np.flatnonzero(approached & groups.active):
        if not world.ownership.controlled()[j]:
            approach(world, 0, j, affinity)


def approach(world, organisation, group, affinity) -> None:
    """An organisation asks a group, or, if it has none, several at once; they join if all would gain.

    affinity (J,): how readily it approaches each group; to be the first, a group brings in none that is less so.
    """
    groups, of = world.groups, membership(world.ownership)
    if ((of == organisation) & groups.active).any():
        offer = make_offer(world, organisation, [group])
    else:
        offer = found(world, organisation, group, groups.active & (of < 0) & (affinity >= affinity[group]))
    if offer is None or not settle(world, offer):
        return
    for j in offer.asked:
        join(world, j, organisation)
        killed = min(int(world.p.organisation.takeover_deaths), int(groups.fighters[j]))
        groups.fighters[j] -= killed
        world.count("fighters_killed", killed)
        world.count("takeovers")


def defect(world) -> None:
    """Groups that expect more outside leave their organisation with a hazard, unless it pays them to stay."""
    p, groups, t = world.p.organisation, world.groups, world.t
    if p.defection <= 0:
        return
    asked = world.draws.uniform("defection", t, groups.id) < WEEK * p.defection
    free = groups.active & world.ownership.controlled() & (groups.bound_until <= t)
    for j in np.flatnonzero(asked & free):
        stay = make_offer(world, membership(world.ownership)[j], [j])
        if stay.gains[0] < 0 and not settle(world, stay):
            leave(world, j)


def succeed(world) -> None:
    """An organisation that bears central costs may lose its leader; each of its groups may then secede."""
    p, groups, t, draws = world.p.organisation, world.groups, world.t, world.draws
    if not central_costs(world.p) or draws.one("succession", t) >= WEEK * p.succession:
        return
    under = world.ownership.controlled() & groups.active
    for j in np.flatnonzero(under & (draws.uniform("secession", t, groups.id) < p.secession)):
        leave(world, j)


def leave(world, group) -> None:
    """A group leaves its organisation."""
    secede(world, group)
    world.count("defections")
