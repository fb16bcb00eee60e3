"""Presence of police at the corridors, and what it does to those who set out and to those who take them (M22).

Presence R_c remembers operations and measures of the calendar:

    R_c ← ρ R_c + (1 − ρ) u_c,      u_c = strength of operations and of measures of presence at c tonight

so that it tends to 1 under a full operation that is kept up, and fades by the share 1 − ρ a night afterwards.
"""

import numpy as np


def chance_to_set_out(world) -> np.ndarray:
    """Chance that a person who is ready can set out at each corridor tonight (C,), e^(−ψ_s R)."""
    return np.exp(-world.p.police.presence_staging * world.presence)


def known_chance(world) -> np.ndarray:
    """Logarithm of the chance to set out at each corridor within `migrants.review` nights (C,), as people know it.

    Added to the utility of an option it is the correction for limited availability of Cascetta and Papola (2001,
    Transp. Res. C 9:249).
    """
    with np.errstate(divide="ignore"):  # nobody gets away, or everybody
        never = world.p.migrants.review * np.log1p(-chance_to_set_out(world))  # logarithm of the chance not to
        return np.log(-np.expm1(never))


def chance_to_be_found(world) -> np.ndarray:
    """Chance that presence alone finds a person outside camps at each corridor tonight (C,)."""
    return -np.expm1(-world.p.police.presence_find * world.presence)


def freedom(world) -> np.ndarray:
    """Share of what guides and drivers can do without presence that they can do at each corridor (C,), e^(−ψ R)."""
    return np.exp(-world.p.police.presence_capacity * world.presence)


def remember(world, measures) -> None:
    """Presence moves towards tonight's strength of operations and measures at each corridor (C,)."""
    memory = world.p.police.presence_memory
    world.presence = memory * world.presence + (1 - memory) * measures
