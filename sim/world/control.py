"""Membership: a group joins or leaves an organisation, which changes the ownership map and the central costs.

Nothing here sets an outcome: effects of central control emerge from the rules, given who owns each decision.
"""

import numpy as np

from sim.world.ownership import DECISIONS, LEVERS


def join(world, group: int, organisation: int) -> None:
    """A group joins an organisation, which becomes the owner of the group's decisions of every lever that is on."""
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
    """Whether any lever is on; an organisation without levers would own no decision and approaches no group."""
    return any(vars(p.organisation.levers).values())


def secede(world, group: int) -> None:
    """A group leaves its organisation: it owns all its decisions again and bears no central cost."""
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
