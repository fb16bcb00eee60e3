"""M12 turf: groups place fighters, pairs of owners keep peace or fight, and clashes move turf.

Impact of group j at a place is  strength × turf^ν × x^r,  a contest success function (Tullock 1980; r ≤ n/(n − 1) and ν
+ r < 1 keep rivals of any size from vanishing at once).  An owner's best response to rivals' effort X₋ for a prize V
per night at unit cost w is  x = √(V X₋ / w) − X₋  at r = 1.  A pair of owners keeps peace iff each one's patience
reaches

    (deviate − peace) / (deviate − war),   war = z² (v_a + v_b)   (Tullock payoffs, z own share of impact)

v the income of each where both are present.  An owner of both gains nothing from conflict between them, so it keeps
peace at any patience, up to leakage.  Casualties follow Lanchester's square law (1916).
"""

from functools import cache
from typing import NamedTuple

import numpy as np

from sim.world.columns import rows_where
from sim.world.draws import round_randomly
from sim.world.ledger import CENTS
from sim.world.loops import compilable


class Turf(NamedTuple):
    """The three moments of a night at which turf matters."""

    review: object  # (world): on nights of review, owners decide on war and peace
    fight: object  # (world) -> list of (key, place), tonight's clashes; the key is of the pair and the place
    fighters_wanted: object  # (world) -> (J,) fighters that turf warrants, for hiring


def best_effort(prize, rivals, unit_cost):
    """Tullock best response at r = 1: fighters per night for a prize in EUR against rivals' fighters."""
    return np.maximum(np.sqrt(np.maximum(prize * rivals, 0.0) / unit_cost) - rivals, 0.0)


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


def contest(world) -> list[tuple[int, int]]:
    """Owners place their fighters, turf at war drifts to the stronger side, and groups clash."""
    value_staging_places(world)
    place_fighters(world)
    drift(world)
    return clash(world)


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
    return clash(world)


def value_staging_places(world) -> None:
    """Update the prizes of staging places: running means of ransoms and rents, EUR per night."""
    p, flow, staging = world.p, world.books.flow, slice(world.places.sectors, None)
    weights = np.asarray(p.border.staging_weights)
    tonight = (flow["ransom"] + flow["rent"]) / CENTS * weights / weights.sum()
    world.prize[staging] += (tonight - world.prize[staging]) * p.gangs.prize_learning


def strength(world) -> np.ndarray:
    """Fighting strength of one fighter of each group (J,): arms and intimidation."""
    p, groups = world.p.gangs, world.groups
    armed = np.minimum(groups.weapons / np.maximum(groups.fighters, 1), 1.0)
    return (1 + p.arms_effect * armed) * (1 + p.intimidation * groups.brand)


def impact(world) -> np.ndarray:
    """Impact of each group at each place (J, P)."""
    p = world.p.gangs
    return strength(world)[:, None] * world.turf**p.incumbency * world.efforts**p.decisiveness


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


def place_fighters(world) -> None:
    """Place the fighters of each group by the best response; a share guards the group's own turf."""
    want = desired_effort(world) + world.p.gangs.guard * world.turf
    total = want.sum(axis=1, keepdims=True)
    share = np.divide(want, total, out=np.zeros_like(want), where=total > 0)
    world.efforts = world.groups.fighters[:, None] * share


def decide_war(world) -> None:
    """Owners decide which pairs of groups are at war, given their stakes and patience."""
    p, groups = world.p.gangs, world.groups
    together = world.ownership.matrix("conflict")
    held = together @ (world.turf * world.prize * p.contestable)
    force = together @ impact(world).sum(axis=1)
    present = (together @ world.turf) > p.presence
    mine = held @ present.T  # [a, b]: income of a where b is present too
    theirs = mine.T
    z = force[:, None] / np.maximum(force[:, None] + force[None, :], 1e-12)
    peace = mine
    deviate = mine + p.surprise * theirs * ~together
    fight = z**2 * (mine + theirs)
    tempted = (deviate - peace) > groups.patience[:, None] * np.maximum(deviate - fight, 0.0) + 1e-12
    alive = groups.active[:, None] & groups.active[None, :]
    world.war = (tempted | tempted.T) & alive & ~np.eye(groups.n, dtype=bool)


def drift(world) -> None:
    """Turf moves between groups at war to the stronger side of each place; the shares at a place still sum to 1."""
    world.turf = world.turf + world.p.gangs.turf_drift * gained(world.turf, impact(world), world.war)


@compilable
def gained(turf, impact, war):
    """Turf gained by each group (J, P): Σ_k turf_j turf_k (I_j − I_k)/(I_j + I_k) over k at war with j, I impact."""
    total = impact[:, None, :] + impact[None, :, :]
    edge = np.divide(impact[:, None, :] - impact[None, :, :], total, out=np.zeros_like(total), where=total > 0)
    return (turf[:, None, :] * turf[None, :, :] * edge * war[:, :, None]).sum(axis=1)


@gained.loop("float64[:, ::1](float64[:, ::1], float64[:, ::1], boolean[:, ::1])")
def gained_loop(turf, impact, war):
    groups, places = turf.shape
    gain = np.zeros((groups, places))
    for j in range(groups):
        for k in range(groups):
            if war[j, k]:
                for s in range(places):
                    total = impact[j, s] + impact[k, s]
                    edge = (impact[j, s] - impact[k, s]) / total if total > 0 else 0.0
                    gain[j, s] += turf[j, s] * turf[k, s] * edge
    return gain


@cache
def pairs(groups: int) -> tuple[np.ndarray, np.ndarray]:
    """All pairs of groups, the lower number first: two arrays (M,)."""
    return np.triu_indices(groups, k=1)


def nothing_to_decide(world) -> None:
    """Owners take no decision on war and peace."""


def clash(world) -> list[tuple[int, int]]:
    """Draw tonight's clashes and their outcomes; returns (key, place) of each clash."""
    p, together = world.p, world.ownership.matrix("conflict")
    first, second, place, rate = encounters(world.efforts, world.war, together, p.gangs.clash_rate,
                                            p.gangs.truce_leakage, p.organisation.leakage)
    key = (first * 1024 + second) * 1024 + place  # does not depend on how many groups there are
    happens = world.draws.uniform("clash", world.t, key) < 1 - np.exp(-rate)
    happened = rows_where(happens)
    for i in happened:
        fight(world, int(key[i]), first[i], second[i], place[i])
    return [(int(key[i]), place[i]) for i in happened]


@compilable
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


@encounters.loop("(float64[:, ::1], boolean[:, ::1], boolean[:, ::1], float64, float64, float64)")
def encounters_loop(efforts, war, together, clash_rate, truce, within):
    (groups, places), count = efforts.shape, 0
    room = groups * (groups - 1) // 2 * places
    first, second, place = np.empty(room, np.int64), np.empty(room, np.int64), np.empty(room, np.int64)
    rates, total = np.empty(room), np.zeros(places)
    for j in range(groups):
        for s in range(places):
            total[s] += efforts[j, s]
    for j in range(groups):
        for k in range(j + 1, groups):
            hostile = 1.0 if war[j, k] else within if together[j, k] else truce
            for s in range(places):
                rate = clash_rate * hostile * efforts[j, s] * efforts[k, s] / max(total[s], 1e-12)
                if rate != 0:
                    first[count], second[count], place[count], rates[count] = j, k, s, rate
                    count += 1
    return first[:count].copy(), second[:count].copy(), place[:count].copy(), rates[:count].copy()


def fight(world, pair, j, k, place) -> None:
    """Play one clash: casualties on both sides, publicity, and turf that moves to the stronger side."""
    p, groups, t, draws = world.p.gangs, world.groups, world.t, world.draws
    worth = strength(world)
    engaged = np.minimum(world.efforts[[j, k], place], p.engaged_fighters)
    left = lanchester(*engaged, p.lethality * worth[j], p.lethality * worth[k], p.clash_duration)
    loss = [int(round_randomly(engaged[s] - left[s], draws.one("fighters killed", t, pair, s))) for s in (0, 1)]
    killed = 0
    for group, lost in zip((j, k), loss):
        lost = min(lost, int(groups.fighters[group]))
        groups.fighters[group] -= lost
        groups.losses[group] += lost
        killed += lost
    lead = left[0] * worth[j] - left[1] * worth[k]
    if abs(lead) < 1e-9 * (worth[j] + worth[k]):  # a tie: a draw decides, not rounding
        lead = draws.one("clash tie", t, pair) - 0.5
    winner, loser = (j, k) if lead > 0 else (k, j)
    moved = p.turf_moved * world.turf[loser, place]
    world.turf[loser, place] -= moved
    world.turf[winner, place] += moved
    deadly = p.publicity_death if killed else 0.0
    reported = draws.one("clash reported", t, pair) < min(p.reporting + deadly, 1.0)
    brand = max(groups.brand[j], groups.brand[k])
    world.pressure.heat += world.p.police.heat_clash * reported * (1 + world.p.police.heat_brand * brand)
    world.pressure.heat += world.p.police.heat_death * killed
    world.count("clashes")
    world.count("clashes_reported", int(reported))
    world.count("fighters_killed", killed)
    world.count("resident_risk", world.places.residents[place])


RULES = {
    "decision": Turf(decide_war, contest, fighters_wanted),
    "pairwise": Turf(nothing_to_decide, pairwise, fighters_wanted),
}
