"""Alternatives of the contest: peace by patience and one-shot efforts (`decision`), or no decision (`pairwise`).

An owner's best response to rivals' effort X₋ for a prize V per night at unit cost w is  x = √(V X₋ / w) − X₋  (Tullock
1980 at r = 1).  A pair of owners keeps peace iff each one's patience reaches

    (deviate − peace) / (deviate − war),   war = z² (v_a + v_b)   (Tullock payoffs, z own share of impact)

v the income of each where both are present.  An owner of both gains nothing from conflict between them, so it keeps
peace at any patience, up to leakage.
"""

import numpy as np

from sim.rules.turf.clashes import clash, survivors_decide
from sim.rules.turf.impact import impact, spread, value_staging_places


def best_effort(prize, rivals, unit_cost):
    """Tullock best response at r = 1: fighters per night for a prize in EUR against rivals' fighters."""
    return np.maximum(np.sqrt(np.maximum(prize * rivals, 0.0) / unit_cost) - rivals, 0.0)


def decision(world) -> list[tuple[int, int]]:
    """Owners place their fighters, turf at war drifts to the stronger side, and groups clash."""
    value_staging_places(world)
    world.efforts = spread(world, desired_effort(world))
    drift(world)
    return clash(world, survivors_decide)


def pairwise(world) -> list[tuple[int, int]]:
    """Groups of different owners fight wherever they meet, without decisions, and place fighters in proportion to turf.

    Rivals of given size fight in this way in Prieto-Curiel, Campedelli and Hope (2023, Science 381:1312).
    """
    groups = world.groups
    value_staging_places(world)
    world.war = ~world.ownership.matrix("conflict") & groups.active[:, None] & groups.active[None, :]
    total = world.turf.sum(axis=1, keepdims=True)
    share = np.divide(world.turf, total, out=np.zeros_like(world.turf), where=total > 0)
    world.efforts = groups.fighters[:, None] * share
    drift(world)
    return clash(world, survivors_decide)


def desired_effort(world) -> np.ndarray:
    """Desired fighters of each group at each place (J, P): its owner's best response, divided by turf."""
    p, together = world.p.gangs, world.ownership.matrix("conflict")
    rivals = world.efforts.sum(axis=0) - together @ world.efforts
    owner_effort = best_effort(p.contestable * world.prize, rivals, p.fighter_wage)
    held = together @ world.turf
    return np.divide(world.turf * owner_effort, held, out=np.zeros_like(held), where=held > 0)


def fighters_wanted(world) -> np.ndarray:
    """Owners decide how many fighters each group's turf warrants.

    Returns fighters, summed over places (J,).
    """
    return desired_effort(world).sum(axis=1)


def patience_of_owners(world) -> np.ndarray:
    """Patience of each group's owner (J,): the mean over the owner's active groups."""
    together, active = world.ownership.matrix("conflict"), world.groups.active
    mine = together & active[None, :]
    return (mine @ world.groups.patience) / np.maximum(mine.sum(axis=1), 1)


def decide_war(world) -> None:
    """Owners decide which pairs of groups are at war, given their stakes and patience."""
    p, groups = world.p.gangs, world.groups
    together = world.ownership.matrix("conflict")
    held = together @ (world.turf * world.prize * p.contestable)
    force = together @ impact(world, world.efforts).sum(axis=1)
    present = (together @ world.turf) > p.presence
    mine = held @ present.T  # [a, b]: income of a where b is present too
    theirs = mine.T
    z = force[:, None] / np.maximum(force[:, None] + force[None, :], 1e-12)
    peace = mine
    deviate = mine + p.surprise * theirs * ~together
    fight = z**2 * (mine + theirs)
    tempted = (deviate - peace) > patience_of_owners(world)[:, None] * np.maximum(deviate - fight, 0.0) + 1e-12
    alive = groups.active[:, None] & groups.active[None, :]
    world.war = (tempted | tempted.T) & alive & ~together


def drift(world) -> None:
    """Turf moves between groups at war to the stronger side of each place; the shares at a place still sum to 1."""
    force = impact(world, world.efforts)
    world.turf = world.turf + world.p.gangs.turf_drift * gained(world.turf, force, world.war)


def gained(turf, impact, war):
    """Turf gained by each group (J, P): Σ_k turf_j turf_k (I_j − I_k)/(I_j + I_k) over k at war with j, I impact."""
    total = impact[:, None, :] + impact[None, :, :]
    edge = np.divide(impact[:, None, :] - impact[None, :, :], total, out=np.zeros_like(total), where=total > 0)
    return (turf[:, None, :] * turf[None, :, :] * edge * war[:, :, None]).sum(axis=1)


def nothing_to_decide(world) -> None:
    """Owners take no decision on war and peace."""
