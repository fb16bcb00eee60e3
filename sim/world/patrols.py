"""Where patrols stand, and the rate at which they encounter parties (shared by interception and decoys)."""

import numpy as np

from sim.world.loops import compilable


def encounter_rate(world, patrols, traffic) -> np.ndarray:
    """Rate per party in each sector for skill 0.

    `patrols` K (units), `traffic` m (parties); φ in km per unit and night, h in unit-nights per party.
    """
    border, police, places = world.p.border, world.p.police, world.places
    phi = border.search_rate * (police.joint_work_factor if world.t >= world.calendar.joint_work else 1.0)
    return holling(patrols, traffic, places.length, places.difficulty, phi, border.handling_time)


@compilable
def holling(patrols, traffic, length, difficulty, phi, holding):
    """Holling type II: φ (K/L) × difficulty / (1 + φ h m/L)."""
    return phi * (patrols / length) * difficulty / (1 + phi * holding * traffic / length)


@holling.loop("float64[::1](float64[::1], float64[::1], float64[::1], float64[::1], float64, float64)")
def holling_loop(patrols, traffic, length, difficulty, phi, holding):
    rate = np.empty(length.size)
    for s in range(length.size):
        crowding = 1 + phi * holding * traffic[s] / length[s]
        rate[s] = phi * (patrols[s] / length[s]) * difficulty[s] / crowding
    return rate


def interception_chance(world, patrols, traffic) -> np.ndarray:
    """Chance that an average guided party is stopped in each sector."""
    return 1 - np.exp(-encounter_rate(world, patrols, traffic) * np.exp(-world.p.gangs.skill))


def patrols_by_corridor(world) -> np.ndarray:
    """Patrol units in each corridor tonight; a crackdown adds a share of each corridor's own."""
    units = world.units
    count = np.bincount(units.corridor[~units.interior], minlength=len(world.places.corridors))
    if world.t in world.calendar.crackdown:
        count = count * (1 + np.asarray(world.p.police.crackdown_patrols))
    return count


def patrols_by_sector(world) -> np.ndarray:
    """Patrol units in each sector tonight: each corridor's units by the sectors' weights; sums are conserved."""
    places, weight = world.places, world.patrol_weight
    total = (places.in_corridor @ weight)[places.corridor]
    return patrols_by_corridor(world)[places.corridor] * weight / total
