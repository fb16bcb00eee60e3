"""Impact of a group at a place: strength × turf^ν × x^r, a contest success function (Tullock 1980).

σ, a group's share of all impact at a place, is its share of what the contest there gives.  With ν + r < 1 rivals of
equal strength come to rest at positive shares whatever they held before.
"""

import numpy as np

from sim.world.ledger import CENTS


def strength(world) -> np.ndarray:
    """Fighting strength of one fighter of each group (J,): arms, intimidation, and disarray after a leader's arrest."""
    p, groups = world.p.gangs, world.groups
    armed = np.minimum(groups.weapons / np.maximum(groups.fighters, 1), 1.0)
    return (1 + p.arms_effect * armed) * (1 + p.intimidation * groups.brand) * (1 - groups.disarray)


def impact(world, efforts) -> np.ndarray:
    """Impact (J, P) of each group with so many fighters at each place (J, P); nothing where it holds no turf."""
    p = world.p.gangs
    force = strength(world)[:, None] * world.turf**p.incumbency * efforts**p.decisiveness
    return np.where(world.turf > 0, force, 0.0)


def on_foot(world) -> np.ndarray:
    """Fighters at each place (J, P), at least the foothold that turf alone gives."""
    return np.maximum(world.efforts, world.p.gangs.foothold * world.p.scale * world.turf)


def shares(force) -> np.ndarray:
    """Share of each group in all impact at each place (J, P); 0 where nobody has any."""
    total = force.sum(axis=0)
    return np.divide(force, total, out=np.zeros_like(force), where=total > 0)


def impact_shares(world) -> np.ndarray:
    """Shares of impact σ (J, P) with the fighters that stand there now."""
    return shares(impact(world, on_foot(world)))


def value_of_pressure(world) -> np.ndarray:
    """Present value V of a night's shares of impact at each place (P,), EUR per night: prize μ/(d + μ (1 − ν))."""
    p = world.p.gangs
    return world.prize * p.turf_drift / (p.discount + p.turf_drift * (1 - p.incumbency))


def value_staging_places(world) -> None:
    """Update the prizes of staging places: running means of ransoms and rents, EUR per night."""
    p, flow, staging = world.p, world.books.flow, slice(world.places.sectors, None)
    weights = np.asarray(p.border.staging_weights)
    tonight = (flow["ransom"] + flow["rent"]) / CENTS * weights / weights.sum()
    world.prize[staging] += (tonight - world.prize[staging]) * p.gangs.prize_learning


def spread(world, want) -> np.ndarray:
    """Fighters of each group by place (J, P), in proportion to those wanted (J, P) and a guard of its turf."""
    want = want + world.p.gangs.guard * world.p.scale * world.turf
    total = want.sum(axis=1, keepdims=True)
    return world.groups.fighters[:, None] * np.divide(want, total, out=np.zeros_like(want), where=total > 0)
