"""Where patrols stand, and the rate at which they meet parties (shared by interception and decoys)."""

import numpy as np


def meeting_rate(world, patrols, traffic) -> np.ndarray:
    """Holling type II rate per party in each sector for skill 0: φ (K/L) / (1 + φ h m/L) × difficulty.

    `patrols` K (units), `traffic` m (parties); φ in km per unit and night, h in unit-nights per party.
    """
    border, police, length = world.p.border, world.p.police, world.places.length
    phi = border.detection * (police.joint_work_factor if world.t >= world.calendar.joint_work else 1.0)
    density = patrols / length
    return phi * density * world.places.difficulty / (1 + phi * border.holding * traffic / length)


def interception_chance(world, patrols, traffic) -> np.ndarray:
    """Chance that an average guided party is stopped in each sector."""
    return 1 - np.exp(-meeting_rate(world, patrols, traffic) * np.exp(-world.p.gangs.skill))


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
