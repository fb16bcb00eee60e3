"""Efforts are best responses in the contest that nature plays, and turf at war drifts to shares of impact.

Between groups j and k at war turf τ flows at the rate μ (τ_k σ_j − τ_j σ_k); with everybody at war it comes to rest
at τ = σ.  A unit of turf that an owner gains fades at about the rate μ (1 − ν), because the shares of impact follow
turf with elasticity ν, so what a night of pressure wins is worth at present, at a discount d,

    V = prize μ / (d + μ (1 − ν)).

An owner o that maximises V times its gain less wages over the fighters of all its groups k at once sets

    x_k = r V σ_k (T (1 − σ_o) + τ_o Σ) / wage,

T and Σ turf and share of impact of its rivals, those at peace counted by the share `deterrence`.  With everybody at
war this is r V σ_k (1 − σ_o)/x_k = wage, the equilibrium of a Tullock contest of owners with several entries each.
"""

import numpy as np

from sim.rules.turf.clashes import clash, impact_decides
from sim.rules.turf.impact import impact_shares, spread, value_of_pressure, value_staging_places
from sim.rules.turf.war import settle


def contest(world) -> list[tuple[int, int]]:
    """Owners place their fighters, turf at war drifts to shares of impact, and groups clash.

    Returns (key, place) of each clash.
    """
    value_staging_places(world)
    settle(world)
    world.groups.disarray *= world.p.gangs.leader_memory
    world.efforts = spread(world, desired_effort(world))
    world.turf = world.turf + world.p.gangs.turf_drift * gained(world.turf, impact_shares(world), world.war)
    return clash(world, impact_decides)


def hostility(world) -> np.ndarray:
    """Weight of each group as a rival of each other (J, J): 1 at war, `deterrence` at peace, 0 within an owner."""
    active = world.groups.active
    rivals = active[:, None] & active[None, :] & ~world.ownership.matrix("conflict")
    return np.where(world.war, 1.0, world.p.gangs.deterrence) * rivals


def best_efforts(value, share, turf, together, hostile, decisiveness, wage) -> np.ndarray:
    """Fighters that owners want of each group at each place (J, P).

    value (P,): V, EUR per night; share, turf (J, P): σ and τ; together, hostile (J, J): same owner, weight as rivals.
    """
    own, held = together @ share, together @ turf
    return decisiveness * value * share * (hostile @ turf * (1 - own) + held * (hostile @ share)) / wage


def desired_effort(world) -> np.ndarray:
    """Fighters that owners want of each group at each place (J, P), given those who stand there."""
    p = world.p.gangs
    return best_efforts(value_of_pressure(world), impact_shares(world), world.turf,
                        world.ownership.matrix("conflict"), hostility(world), p.decisiveness, p.fighter_wage)


def fighters_wanted(world) -> np.ndarray:
    """Owners decide how many fighters each group's turf warrants.

    Returns fighters, summed over places (J,).
    """
    return desired_effort(world).sum(axis=1)


def gained(turf, share, war) -> np.ndarray:
    """Turf that flows to each group at unit rate (J, P): Σ_k (τ_k σ_j − τ_j σ_k) over k at war with j."""
    return share * (war @ turf) - turf * (war @ share)
