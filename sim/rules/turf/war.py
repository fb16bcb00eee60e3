"""War is a lasting state of two owners: it opens when one of them would win by it and ends when neither would.

What the war with b would win owner a a night, at the present value V of pressure (see `contest`), is

    B_ab = Σ_s V (τ_b σ_a − τ_a σ_b) − r (1 − deterrence) Σ_s V σ_a (τ_b (1 − σ_a) + τ_a σ_b) − clash_cost · clashes:

turf won, less the wages of the fighters that a war calls for beyond those that peace needs, less what clashes cost.
Owners know strengths by reputation, which clashes teach (`clashes`).  The first sum of a and b cancels, so one side at
most gains: a war moves turf to the side that holds less than its share of impact until nothing is left to win.  What
sets one off is what changes strengths: hiring, arms, the arrest of a leader, clashes won by luck.
"""

import numpy as np

from sim.rules.turf.impact import impact, on_foot, shares, value_of_pressure

OWNERS = 1024  # more than there are numbers of owners


def members(world) -> np.ndarray:
    """Which active groups each owner of conflict has (K, J), in the order of `Ownership.owners`."""
    owner = world.ownership.owner["conflict"]
    return (world.ownership.owners("conflict").number[:, None] == owner[None, :]) & world.groups.active


def set_war(world, at_war) -> None:
    """Groups of owners at war (K, K) are at war."""
    has = members(world)
    world.war = (has.T.astype(int) @ at_war @ has) > 0


def owners_at_war(world) -> np.ndarray:
    """Which owners are at war (K, K): those of whom any two groups are; nobody is at war with itself."""
    has = members(world).astype(int)
    return (has @ world.war @ has.T > 0) & ~np.eye(len(has), dtype=bool)


def settle(world) -> None:
    """Two owners have one answer: a group that changed hands brings its wars along and takes part in its owner's."""
    set_war(world, owners_at_war(world))


def gain_of_war(value, share, turf, fighters, decisiveness, deterrence, clash_rate, clash_cost) -> np.ndarray:
    """B (K, K), EUR per night: what war with each other owner would win each owner.

    value (P,): V, EUR per night; share, turf, fighters (K, P): shares of impact and of turf, and fighters, by owner.
    """
    worth = value * share
    won = worth @ turf.T - turf @ worth.T
    wages = decisiveness * (1 - deterrence) * ((worth * (1 - share)) @ turf.T + (worth * turf) @ share.T)
    met = fighters / np.maximum(fighters.sum(axis=0), 1e-12)
    return won - wages - clash_cost * clash_rate * met @ fighters.T


def reputed_gain(world) -> np.ndarray:
    """B (K, K) at reputed strengths."""
    p, has = world.p.gangs, members(world)
    reputed = impact(world, on_foot(world)) * np.exp(world.groups.standing)[:, None]
    return gain_of_war(value_of_pressure(world), has @ shares(reputed), has @ world.turf, has @ world.efforts,
                       p.decisiveness, p.deterrence, p.clash_rate, p.clash_cost)


def review(world) -> None:
    """Owners at peace go to war, and owners at war make peace, with a hazard that rises with the gain from it."""
    p = world.p.gangs
    at_war, gain = owners_at_war(world), reputed_gain(world)
    best = np.maximum(gain, gain.T)
    urge = np.where(at_war, -best, best)
    temperature = p.war_temperature * world.p.scale
    acts = 1 - np.exp(-np.maximum(urge, 0.0) / temperature) if temperature else (urge > 0).astype(float)
    number = world.ownership.owners("conflict").number
    first, second = np.triu_indices(len(number), k=1)  # a pair has one draw
    pair = number[first] * OWNERS + number[second]  # numbers ascend
    chance = 1 - np.exp(-p.war_hazard * world.p.market.review_nights * acts)
    turns = np.zeros_like(at_war)
    turns[first, second] = world.draws.uniform("war", world.t, pair) < chance[first, second]
    set_war(world, at_war ^ turns ^ turns.T)
