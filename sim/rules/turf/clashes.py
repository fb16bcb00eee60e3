"""Who meets, who dies and who wins in clashes.

Two groups clash at a place at the rate c x_j x_k/X.  Expected casualties follow Lanchester's square law (1916) times a
lognormal factor of mean 1, as deaths per attack are heavy-tailed (Bohorquez et al. 2009, Nature 462:911); a side wins
with its share of the two impacts, and the winner takes turf.
"""

from functools import cache
from typing import NamedTuple

import numpy as np

from sim.rules.turf.impact import impact, on_foot, strength
from sim.world.columns import rows_where
from sim.world.draws import poisson_quantile


class Clash(NamedTuple):
    """One clash of tonight."""

    key: int  # of the pair and the place, for draws
    first: int  # the group with the lower number
    second: int
    place: int
    engaged: np.ndarray  # (2,) fighters of both sides who take part
    left: np.ndarray  # (2,) those expected to be left in a clash of mean severity


def lanchester(first, second, effect_first, effect_second, duration):
    """Fighters left on both sides after a fight of the given duration (square law): dA/dt = −b B, dB/dt = −a A.

    The fight stops when one side has no fighters left; a A² − b B² is conserved.
    """
    a, b = effect_first, effect_second
    rate = np.sqrt(a * b)
    end = duration
    ratio = np.sqrt(a) * first / max(np.sqrt(b) * second, 1e-12)
    if rate > 0 and ratio != 1:  # time at which the weaker side has no fighters left
        end = min(duration, np.arctanh(min(ratio, 1 / ratio)) / rate)
    cosh, sinh = np.cosh(rate * end), np.sinh(rate * end)
    left_first = first * cosh - np.sqrt(b / a) * second * sinh
    left_second = second * cosh - np.sqrt(a / b) * first * sinh
    return max(left_first, 0.0), max(left_second, 0.0)


@cache
def pairs(groups: int) -> tuple[np.ndarray, np.ndarray]:
    """All pairs of groups, the lower number first: two arrays (M,)."""
    return np.triu_indices(groups, k=1)


def encounters(efforts, war, together, clash_rate, truce, within):
    """Rate of clashes between each pair of groups at each place, c x_j x_k / X per night, where it is not 0.

    At peace the share `truce` of the rate remains; within one owner the share `within` remains (F40).
    Returns both groups, the place and the rate: four arrays, the lower group first.
    """
    j, k = pairs(len(efforts))
    hostile = np.where(war[j, k], 1.0, np.where(together[j, k], within, truce))
    total = np.maximum(efforts.sum(axis=0), 1e-12)
    rates = clash_rate * hostile[:, None] * efforts[j] * efforts[k] / total
    pair, place = np.nonzero(rates)
    return j[pair], k[pair], place, rates[pair, place]


def clash(world, decides) -> list[tuple[int, int]]:
    """Draw tonight's clashes and their outcomes; returns (key, place) of each clash.

    decides (world, clash) -> bool: whether the first group wins, and what the owners learn from it.
    """
    p, together = world.p, world.ownership.matrix("conflict")
    first, second, place, rate = encounters(world.efforts, world.war, together, p.gangs.clash_rate,
                                            p.gangs.truce_leakage, p.organisation.leakage)
    key = (first * 1024 + second) * 1024 + place  # does not depend on how many groups there are
    happens = world.draws.uniform("clash", world.t, key) < 1 - np.exp(-rate)
    happened = rows_where(happens)
    for i in happened:
        fight(world, meet(world, int(key[i]), first[i], second[i], place[i]), decides)
    return [(int(key[i]), place[i]) for i in happened]


def meet(world, key, first, second, place) -> Clash:
    """The two sides of a clash: fighters at the place at full scale, up to a number, and those expected to be left."""
    p, pair = world.p.gangs, [first, second]
    engaged = np.minimum(world.efforts[pair, place] / world.p.scale, p.engaged_fighters)
    left = lanchester(*engaged, *(p.lethality * strength(world)[pair]), p.clash_duration)
    return Clash(key, first, second, place, engaged, np.asarray(left))


def casualties(lost, engaged, severity_sd, normal, u) -> np.ndarray:
    """Fighters killed on a side: Poisson with mean lost × a lognormal factor of mean 1, at most those engaged.

    lost: expected losses; normal: the standard normal number of the clash, which both sides share; u: uniform numbers.
    """
    severity = np.exp(severity_sd * normal - severity_sd**2 / 2)
    return np.minimum(poisson_quantile(u, lost * severity), np.ceil(engaged)).astype(int)


def killed(world, clash) -> np.ndarray:
    """Fighters killed on both sides (2,), no more than there are."""
    sd, t, draws = world.p.gangs.severity_sd, world.t, world.draws
    normal = draws.normal("severity", t, np.array([clash.key]))[0]
    u = np.array([draws.one("fighters killed", t, clash.key, side) for side in (0, 1)])
    dead = casualties(clash.engaged - clash.left, clash.engaged, sd, normal, u)
    return np.minimum(dead, world.groups.fighters[[clash.first, clash.second]])


def fight(world, clash, decides) -> None:
    """Play one clash: casualties on both sides, turf that moves to the winner, and publicity."""
    p, groups, sides = world.p.gangs, world.groups, [clash.first, clash.second]
    dead = killed(world, clash)
    first_wins = decides(world, clash)
    groups.fighters[sides] -= dead.astype(groups.fighters.dtype)
    groups.losses[sides] += dead
    winner, loser = sides if first_wins else sides[::-1]
    moved = p.turf_moved * world.turf[loser, clash.place]
    world.turf[loser, clash.place] -= moved
    world.turf[winner, clash.place] += moved
    publish(world, clash, int(dead.sum()))


def publish(world, clash, dead) -> None:
    """A clash may become public, more so with a death; publicity and deaths raise heat."""
    p, police, brand = world.p.gangs, world.p.police, world.groups.brand
    chance = p.reporting + (p.publicity_death if dead else 0.0)
    reported = world.draws.one("clash reported", world.t, clash.key) < min(chance, 1.0)
    name = max(brand[clash.first], brand[clash.second])
    world.pressure.heat += police.heat_clash * reported * (1 + police.heat_brand * name)
    world.pressure.heat += police.heat_death * dead
    world.count("clashes")
    world.count("clashes_reported", int(reported))
    world.count("fighters_killed", dead)
    world.count("resident_risk", world.places.residents[clash.place])


def impact_decides(world, clash) -> bool:
    """A side wins with its share of the two impacts; owners rate both groups anew by what they expected.

    The rating moves as in chess (Elo 1978): by how unexpected the result is, at reputed strengths.
    """
    groups, sides = world.groups, [clash.first, clash.second]
    force = impact(world, on_foot(world))[sides, clash.place]
    reputed = force * np.exp(groups.standing[sides])
    wins = world.draws.one("clash winner", world.t, clash.key) < chance_of_first(force)
    expected = chance_of_first(reputed)
    surprise = world.p.gangs.strength_learning * (1 - expected if wins else -expected)
    groups.standing[sides] += np.array([surprise, -surprise])
    return wins


def chance_of_first(force) -> float:
    """Chance that the first of two sides wins, given their impacts (2,); even if neither has any."""
    total = force.sum()
    return force[0] / total if total > 0 else 0.5


def survivors_decide(world, clash) -> bool:
    """The side with more strength × fighters left by the square law wins; a draw decides a tie, not rounding."""
    worth = strength(world)[[clash.first, clash.second]]
    lead = clash.left[0] * worth[0] - clash.left[1] * worth[1]
    if abs(lead) < 1e-9 * worth.sum():
        lead = world.draws.one("clash tie", world.t, clash.key) - 0.5
    return lead > 0
