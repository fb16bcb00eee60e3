"""The distribution of patrols and the rate at which they encounter parties (used by interception and decoys)."""

import numpy as np


def encounter_rate(world, patrols, traffic) -> np.ndarray:
    """Encounters with patrols per party in each sector (S,), for a party whose group has skill 0.

    patrols: K, units (S,); traffic: m, parties (S,).  φ is in km per unit and night, h in unit-nights per party.
    """
    border, police, places = world.p.border, world.p.police, world.places
    joint = world.calendar.measures.sum(world.t, "joint_work")[places.corridor]
    phi = border.search_rate * police.joint_work_factor**joint
    return holling(patrols, traffic, places.length, places.difficulty, phi, border.handling_time)


def holling(patrols, traffic, length, difficulty, phi, handling):
    """Functional response of Holling's type II: φ (K/L) × difficulty / (1 + φ h m/L)."""
    return phi * (patrols / length) * difficulty / (1 + phi * handling * traffic / length)


def interception_chance(world, patrols, traffic) -> np.ndarray:
    """Chance that patrols stop a party with a guide of average skill in each sector (S,)."""
    return 1 - np.exp(-encounter_rate(world, patrols, traffic) * np.exp(-world.p.gangs.skill))


def patrols_by_corridor(world) -> np.ndarray:
    """Patrol units in each corridor tonight (C,); measures of the calendar add a share of a corridor's own units."""
    units = world.units
    count = np.bincount(units.corridor[~units.interior], minlength=len(world.places.corridors))
    return count * np.maximum(1 + world.calendar.measures.sum(world.t, "patrols"), 0.0)


def patrols_by_sector(world) -> np.ndarray:
    """Patrol units in each sector tonight (S,): the units of a corridor, divided by the weights of its sectors."""
    places, weight = world.places, world.patrol_weight
    total = (places.in_corridor @ weight)[places.corridor]
    return patrols_by_corridor(world)[places.corridor] * weight / total
