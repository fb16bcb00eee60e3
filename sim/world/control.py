"""A group joins or leaves an organisation: levers change the ownership map, and central costs are set.

No effect of control on outcomes is written here; effects emerge from the rules.
"""

import numpy as np

from sim.world.ownership import DECISIONS, LEVERS


def join(world, group: int, organisation: int) -> None:
    """The group joins an organisation, which takes the decisions of all levers that are on."""
    terms, owner = world.p.organisation, world.groups.n + organisation
    for lever, decisions in LEVERS.items():
        if getattr(terms.levers, lever):
            for decision in decisions:
                world.ownership.give(decision, group, owner)
    if terms.levers.central_costs:
        world.groups.administration[group] = terms.administration
        world.groups.exposure[group] = terms.exposure
    count_influence(world)


def has_anything_to_own(p) -> bool:
    """Whether any lever is on; an organisation without levers approaches no group."""
    return any(vars(p.organisation.levers).values())


def secede(world, group: int) -> None:
    """The group leaves every organisation: it takes all decisions itself and bears no central cost."""
    world.ownership.release(group)
    world.groups.administration[group] = 0.0
    world.groups.exposure[group] = 1.0
    count_influence(world)


def count_influence(world) -> None:
    """Update the share of active groups in which each organisation owns any decision."""
    active = world.groups.active
    for k in range(world.organisations.n):
        any_owned = np.any([world.ownership.organisation(d) == k for d in DECISIONS if d != "placebo"], axis=0)
        world.organisations.influence[k] = (any_owned & active).sum() / max(active.sum(), 1)
