"""M7 interception and M10 bribes at the fence: a party is the trial.

    rate = φ e^(−skill) frailty difficulty (K/L) / (1 + φ h m/L),   P = 1 − exp(−rate)

K patrols and m parties in a sector of length L; a patrol that holds a party for h nights meets fewer others (Holling
1959, type II).  People cross unaided with skill 0; a group's skill is what they pay for.  Frailty differs between
people for good, so that numbers of attempts have an over-dispersed tail.  A party that meets a patrol passes when
its group's toll reaches the unit's threshold or the unit is on the group's retainer.
"""

from typing import NamedTuple

import numpy as np

from sim.draws import pick
from sim.ledger import cents
from sim.loops import compilable
from sim.world.columns import rows_where
from sim.world.patrols import meeting_rate

CAUSES = ("drowning", "vehicle", "exposure", "other")  # of accidents; exposure has its season


class Crossing(NamedTuple):
    """What became of tonight's attempts; arrays by person as in `Parties`, or by party."""

    crossed: np.ndarray  # (n,) bool
    intercepted: np.ndarray  # (n,) bool
    died: np.ndarray  # (n,) bool, accident on the way
    party_stopped: np.ndarray  # (m,) bool


def attempt(world, parties, patrols) -> Crossing:
    """Every party meets its fate; recorded attempts are those stopped and those a patrol noticed."""
    p, draws, t = world.p, world.draws, world.t
    met = draws.uniform("interception", t, parties.key) < meeting_chance(world, parties, patrols)
    passed = met & bribed(world, parties, met)
    stopped = met & ~passed
    ids = world.people.id[parties.rows]
    died = draws.uniform("accident", t, ids) < p.border.accident_rate
    intercepted = stopped[parties.party] & ~died
    noticed = ~met & (draws.uniform("noticed", t, parties.key) < p.police.noticed_share)
    tally(world, parties, stopped, passed, noticed, intercepted, died)
    tally_causes(world, ids[died])
    return Crossing(~intercepted & ~died, intercepted, died, stopped)


def meeting_chance(world, parties, patrols) -> np.ndarray:
    """Chance that each party meets a patrol."""
    places, people = world.places, world.people
    traffic = np.bincount(parties.sector, minlength=places.sectors).astype(float)
    rate = meeting_rate(world, np.arange(places.sectors), patrols, traffic)[parties.sector]
    size = np.maximum(parties.size, 1)
    frailty, skill = averages(parties.party, parties.rows, parties.group, people.frailty, world.groups.skill, size)
    return 1 - np.exp(-rate * frailty * np.exp(-skill))


@compilable
def averages(party, rows, group, frailty, skill, size):
    """Mean frailty of each party's members, and mean skill of their groups (0 without one): (m,), (m,)."""
    skilled = np.where(group >= 0, skill[group], 0.0)
    return np.bincount(party, frailty[rows], len(size)) / size, np.bincount(party, skilled, len(size)) / size


@averages.loop("(int64[::1], int64[::1], int64[::1], float32[::1], float64[::1], int64[::1])")
def averages_loop(party, rows, group, frailty, skill, size):
    frail, skilled = np.zeros(size.size), np.zeros(size.size)
    for k in range(rows.size):
        frail[party[k]] += frailty[rows[k]]
        skilled[party[k]] += skill[group[k]] if group[k] >= 0 else 0.0
    return frail / size, skilled / size


def bribed(world, parties, met) -> np.ndarray:
    """Parties let through: their group's toll reaches the threshold of the unit they met, or it is on its retainer."""
    passes = np.zeros(len(met), bool)
    candidates = rows_where(met & (parties.owner >= 0))
    leader = parties.group[np.searchsorted(parties.party, candidates)]
    note_met(world, leader, parties.corridor[candidates])
    if not len(candidates) or not (world.groups.bribe.any() or world.retained.any()):
        return passes
    luck = world.draws.uniform("unit met", world.t, parties.key[candidates])
    unit = unit_met(parties.corridor[candidates], luck, world.units.corridor, world.units.interior,
                    len(world.places.corridors))
    passes[candidates] = (unit >= 0) & world.retained[leader, unit]
    return pay_tolls(world, candidates, leader, unit, passes)


def note_met(world, leader, corridor) -> None:
    """Owners remember how many of their parties met a patrol, by corridor."""
    groups, corridors = world.parties_met.shape
    tonight = np.bincount(leader * corridors + corridor, minlength=groups * corridors).reshape(groups, corridors)
    world.parties_met += (tonight - world.parties_met) * world.p.market.learning


def pay_tolls(world, candidates, leader, unit, passes) -> np.ndarray:
    """Tolls of parties not let through otherwise, as far as money lasts; returns who passes."""
    units, groups = world.units, world.groups
    offer = cents(groups.bribe)
    accepted = (unit >= 0) & (groups.bribe[leader] >= units.integrity[unit]) & (offer[leader] > 0)
    together = world.ownership.together("bribe")
    for k in rows_where(accepted & ~passes[candidates]):  # a handful of parties
        j = leader[k]
        if groups.treasury[together[j]].sum() >= offer[j]:
            world.books.groups_pay(np.where(np.arange(groups.n) == j, offer[j], 0), "toll", together)
            units.taken[unit[k]] += offer[j]
            passes[candidates[k]] = True
    return passes


@compilable
def unit_met(corridor, uniforms, at, interior, corridors):
    """A random patrol unit of each corridor in `corridor` (units change sectors nightly); −1 where there is none.

    `at`: corridor of each unit; those of the `interior` stand at none.
    """
    found = np.full(len(corridor), -1)
    for c in range(corridors):
        members, here = rows_where(~interior & (at == c)), corridor == c
        if len(members):
            found[here] = members[(uniforms[here] * len(members)).astype(int)]
    return found


@unit_met.loop("int64[::1](int64[::1], float64[::1], int8[::1], boolean[::1], int64)")
def unit_met_loop(corridor, uniforms, at, interior, corridors):
    members, number = np.empty((corridors, at.size), np.int64), np.zeros(corridors, np.int64)
    for u in range(at.size):
        if not interior[u] and at[u] >= 0:
            members[at[u], number[at[u]]] = u
            number[at[u]] += 1
    found = np.full(corridor.size, -1)
    for k in range(corridor.size):
        c = corridor[k]
        if number[c]:
            found[k] = members[c, int(uniforms[k] * number[c])]
    return found


def tally(world, parties, stopped, passed, noticed, intercepted, died) -> None:
    """Counts for the record."""
    corridors = world.places.corridors
    number = counts(parties.party, parties.rows, parties.group, parties.corridor, parties.size, stopped, passed, noticed,
                    intercepted, died, world.people.pushbacks, len(corridors)).tolist()
    attempts, aided, again, again_unaided, caught, recorded, passages = number[:7]
    by_corridor = number[7:]
    for c, name in enumerate(corridors):
        world.count(f"attempts_{name}", by_corridor[c])
        world.count(f"crossings_{name}", by_corridor[len(corridors) + c])
    world.count("attempts", attempts)
    world.count("attempts_aided", aided)
    world.count("attempts_unaided", attempts - aided)
    world.count("attempts_repeat", again)
    world.count("attempts_repeat_unaided", again_unaided)
    world.count("attempts_recorded", recorded)
    world.count("interceptions", caught)
    world.count("bribed_passages", passages)
    world.count("crossings", sum(by_corridor[len(corridors) :]))


@compilable
def counts(party, rows, group, corridor, size, stopped, passed, noticed, intercepted, died, pushbacks, corridors):
    """Attempts, aided, repeated, repeated unaided, intercepted, recorded, let through; attempts, crossings by corridor."""
    again, across = pushbacks[rows] > 0, ~intercepted & ~died
    return np.concatenate([
        [len(rows), (group >= 0).sum(), again.sum(), (again & (group < 0)).sum(), intercepted.sum(),
         size[stopped | noticed].sum(), size[passed].sum()],
        np.bincount(corridor[party], minlength=corridors), np.bincount(corridor[party[across]], minlength=corridors)])


@counts.loop("int64[::1](int64[::1], int64[::1], int64[::1], int64[::1], int64[::1], boolean[::1], boolean[::1], "
             "boolean[::1], boolean[::1], boolean[::1], int16[::1], int64)")
def counts_loop(party, rows, group, corridor, size, stopped, passed, noticed, intercepted, died, pushbacks, corridors):
    number = np.zeros(7 + 2 * corridors, np.int64)
    number[0] = rows.size
    for k in range(rows.size):
        again, here = pushbacks[rows[k]] > 0, 7 + corridor[party[k]]
        number[1] += group[k] >= 0
        number[2] += again
        number[3] += again and group[k] < 0
        number[4] += intercepted[k]
        number[here] += 1
        number[here + corridors] += not intercepted[k] and not died[k]
    for j in range(size.size):
        if stopped[j] or noticed[j]:
            number[5] += size[j]
        if passed[j]:
            number[6] += size[j]
    return number


def tally_causes(world, ids) -> None:
    """Accidents by cause, from a draw of their own: which one it was changes nothing else."""
    if not len(ids):
        return
    share = np.array(world.p.border.death_causes)
    share[CAUSES.index("exposure")] *= world.calendar.cold(world.t)
    cause = pick(world.draws.uniform("cause of death", world.t, ids), share / share.sum())
    for k, name in enumerate(CAUSES):
        world.count(f"deaths_{name}", np.count_nonzero(cause == k))


RULES = {"holling": attempt}
