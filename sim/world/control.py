"""How a group comes under an organisation, or leaves it: levers hand over owner arrays, costs are switched on.

Nothing here says what control does to any outcome; that must come out of the rules.
"""

import numpy as np

from sim.world.ownership import DECISIONS, LEVERS


def join(world, group: int, organisation: int) -> None:
    """Hand the decisions of the levers that are on to an organisation."""
    o, owner = world.p.organisation, world.groups.n + organisation
    for lever, decisions in LEVERS.items():
        if getattr(o.levers, lever):
            for decision in decisions:
                world.ownership.give(decision, group, owner)
    if o.levers.central_costs:
        world.groups.administration[group] = o.administration
        world.groups.exposure[group] = o.exposure
    count_influence(world)


def has_anything_to_own(p) -> bool:
    """Whether any lever is on; an organisation that would own nothing approaches nobody."""
    return any(vars(p.organisation.levers).values())


def secede(world, group: int) -> None:
    """The group leaves every organisation: it decides everything itself again and bears no central cost."""
    world.ownership.release(group)
    world.groups.administration[group] = 0.0
    world.groups.exposure[group] = 1.0
    count_influence(world)


def count_influence(world) -> None:
    """Share of active groups in which each organisation owns any decision."""
    active = world.groups.active
    for o in range(world.organisations.n):
        any_owned = np.any([world.ownership.organisation(d) == o for d in DECISIONS if d != "placebo"], axis=0)
        world.organisations.influence[o] = (any_owned & active).sum() / max(active.sum(), 1)
