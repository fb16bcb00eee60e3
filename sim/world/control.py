"""Membership: a group joins or leaves an organisation, which changes the ownership map and the central costs.

Nothing here sets an outcome: effects of central control emerge from the rules, given who owns each decision.
"""

import numpy as np

from sim.world.ownership import DECISIONS, LEVERS

UNDER_NOBODY = -1


def decisions_taken(p) -> list[str]:
    """The decisions that an organisation takes for its groups: those of all levers that are on."""
    return [decision for lever, decisions in LEVERS.items() if getattr(p.organisation.levers, lever)
            for decision in decisions]


def central_costs(p) -> bool:
    """Whether groups of an organisation bear central costs."""
    return p.organisation.levers.central_costs


def has_anything_to_own(p) -> bool:
    """Whether any lever is on; an organisation without levers would own no decision and approaches no group."""
    return any(vars(p.organisation.levers).values())


def membership(ownership) -> np.ndarray:
    """The organisation that takes any decision, placebo excepted, for each group (J,); `UNDER_NOBODY` if none does."""
    return np.max([ownership.organisation(decision) for decision in DECISIONS if decision != "placebo"], axis=0)


def join(world, group: int, organisation: int) -> None:
    """The group joins an organisation, which takes the decisions of all levers that are on."""
    terms, groups = world.p.organisation, world.groups
    for decision in decisions_taken(world.p):
        world.ownership.give(decision, group, groups.n + organisation)
    if central_costs(world.p):
        groups.administration[group] = terms.administration
        groups.exposure[group] = terms.exposure
    if organisation == 0 and world.ownership.controlled()[group]:
        groups.organised[group] = True
    count_influence(world)


def secede(world, group: int) -> None:
    """A group leaves its organisation: it owns all its decisions again and bears no central cost."""
    world.ownership.release(group)
    world.groups.administration[group] = 0.0
    world.groups.exposure[group] = 1.0
    count_influence(world)


def is_whole(world) -> bool:
    """Whether every active group that has ever been under organisation O1, or split from one, is under it."""
    once = world.groups.organised & world.groups.active
    return bool(once.any() and (membership(world.ownership)[once] == 0).all())


def count_influence(world) -> None:
    """Update the share of active groups in which each organisation owns any decision."""
    active, of = world.groups.active, membership(world.ownership)
    for k in range(world.organisations.n):
        world.organisations.influence[k] = ((of == k) & active).sum() / max(active.sum(), 1)
