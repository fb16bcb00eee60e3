"""M7 interception and M10 bribes at the fence: each party is one Bernoulli trial.

    rate = φ e^(−skill) frailty difficulty (K/L) / (1 + φ h m/L),   P = 1 − exp(−rate)

K patrols and m parties in a sector of length L; a patrol that holds a party for h nights meets fewer others (Holling
1959, type II).  People who cross unaided have skill 0.  Frailty differs permanently between people, so that the
number of attempts per person is overdispersed.  A party that meets a patrol passes when
its group's toll reaches the unit's threshold or the unit is on the group's retainer.
"""

from typing import NamedTuple

import numpy as np

from sim.world.columns import rows_where
from sim.world.draws import pick
from sim.world.ledger import cents
from sim.world.loops import compilable
from sim.world.patrols import encounter_rate

CAUSES = ("drowning", "vehicle", "exposure", "other")  # of accidents; exposure has its season


class Crossing(NamedTuple):
    """Outcomes of tonight's attempts, by person (n,) in the order of `Parties`, or by party (m,)."""

    crossed: np.ndarray  # (n,) bool
    intercepted: np.ndarray  # (n,) bool
    died: np.ndarray  # (n,) bool, accident on the way
    party_stopped: np.ndarray  # (m,) bool


def attempt(world, parties, patrols, retained) -> Crossing:
    """Patrols stop parties at random or let them pass for a bribe; they record the parties that they stop or notice.

    patrols (S,): units by sector; retained (J, U): the units that let each group's parties pass tonight.
    """
    p, draws, t = world.p, world.draws, world.t
    met = draws.uniform("interception", t, parties.key) < encounter_chance(world, parties, patrols)
    passed = bribed(world, parties, met, retained)
    noticed = draws.uniform("noticed", t, parties.key) < p.police.noticed_share
    ids = world.people.id[parties.rows]
    died = draws.uniform("accident", t, ids) < p.border.accident_rate
    crossed, intercepted, number = outcome(
        parties.party, parties.rows, parties.group, parties.corridor, parties.size, met, passed, noticed, died,
        world.people.pushbacks, len(world.places.corridors))
    tally(world, number.tolist())
    tally_causes(world, ids[died])
    return Crossing(crossed, intercepted, died, met & ~passed)


def encounter_chance(world, parties, patrols) -> np.ndarray:
    """Probability that each party meets a patrol (m,)."""
    traffic = np.bincount(parties.sector, minlength=world.places.sectors).astype(float)
    frailty, skill = averages(parties.party, parties.rows, parties.group, world.people.frailty, world.groups.skill,
                              parties.size)
    return 1 - np.exp(-encounter_rate(world, patrols, traffic)[parties.sector] * frailty * np.exp(-skill))


@compilable
def averages(party, rows, group, frailty, skill, size):
    """Mean frailty of each party's members (m,) and mean skill of their groups (m,), 0 without a group."""
    skilled, size = np.where(group >= 0, skill[group], 0.0), np.maximum(size, 1)
    return np.bincount(party, frailty[rows], len(size)) / size, np.bincount(party, skilled, len(size)) / size


@averages.loop("(int64[::1], int64[::1], int64[::1], float32[::1], float64[::1], int64[::1])")
def averages_loop(party, rows, group, frailty, skill, size):
    frail, skilled = np.zeros(size.size), np.zeros(size.size)
    for k in range(rows.size):
        frail[party[k]] += frailty[rows[k]]
        skilled[party[k]] += skill[group[k]] if group[k] >= 0 else 0.0
    for j in range(size.size):
        frail[j] /= max(size[j], 1)
        skilled[j] /= max(size[j], 1)
    return frail, skilled


def bribed(world, parties, met, retained) -> np.ndarray:
    """Mask of the parties that meet a patrol and pass (m,): the unit is on a retainer or accepts a bribe."""
    units, together = world.units, world.ownership.matrix("bribe")
    luck = world.draws.uniform("unit met", world.t, parties.key)
    leader = parties.group[parties.party.searchsorted(np.arange(len(parties.key)))]
    tolls = np.where(leader >= 0, world.tolls[leader, parties.size.clip(max=world.tolls.shape[1] - 1)], 0.0)
    number, passes, accepted = meetings(parties, leader, met, luck, units, retained, tolls, len(world.places.corridors))
    offer = cents(tolls)
    # owners remember how many of their parties met a patrol, by corridor
    world.parties_met += (number - world.parties_met) * world.p.market.learning
    for k, j, unit in accepted.tolist():  # few parties; in order, while the money suffices
        if offer[k] > 0 and world.books.one_pays(j, int(offer[k]), "toll", together[j]):
            units.taken[unit] += offer[k]
            passes[k] = True
    return passes


def meetings(parties, leader, met, luck, units, retained, tolls, corridors):
    """Meetings of groups' parties with a random unit of their corridor (units change sectors nightly).

    `interior` units patrol none.  leader (m,): group of each party's first member; tolls (m,): EUR that each party
    offers.  Returns the number of meetings by group and corridor (J, C); the parties that pass because of a retainer
    (m,); and party, group and unit (A, 3) of the other meetings in which the toll reaches the unit's reservation bribe.
    """
    found = rows_where(met & (parties.owner >= 0))
    here = parties.corridor[found]
    unit = np.full(len(found), -1)
    for c in range(corridors):
        members, those = rows_where(~units.interior & (units.corridor == c)), here == c
        if len(members):
            unit[those] = members[(luck[found[those]] * len(members)).astype(int)]
    number = np.bincount(leader[found] * corridors + here, minlength=len(retained) * corridors).reshape(-1, corridors)
    found, unit = found[unit >= 0], unit[unit >= 0]  # where no unit stands nobody is paid
    passes = np.zeros(len(met), bool)
    passes[found] = retained[leader[found], unit]
    accepts = (tolls[found] >= units.integrity[unit]) & ~passes[found]
    return number, passes, np.column_stack([found, leader[found], unit])[accepts]


@compilable
def outcome(party, rows, group, corridor, size, met, passed, noticed, died, pushbacks, corridors):
    """Masks of the people who crossed and who were intercepted (n,), and counts; a person who dies is in neither mask.

    The counts, in the order of `tally`, are attempts, aided, repeated, repeated unaided, intercepted, recorded and
    bribed; then attempts and crossings in each corridor.
    """
    stopped, again = met & ~passed, pushbacks[rows] > 0
    intercepted = stopped[party] & ~died
    crossed = ~intercepted & ~died
    recorded = stopped | (noticed & ~met)
    number = [len(rows), (group >= 0).sum(), again.sum(), (again & (group < 0)).sum(), intercepted.sum(),
              size[recorded].sum(), size[passed].sum()]
    by_corridor = (np.bincount(corridor[party[who]], minlength=corridors) for who in (slice(None), crossed))
    return crossed, intercepted, np.concatenate([number, *by_corridor])


@outcome.loop("(int64[::1], int64[::1], int64[::1], int64[::1], int64[::1], boolean[::1], boolean[::1], boolean[::1], "
              "boolean[::1], int16[::1], int64)")
def outcome_loop(party, rows, group, corridor, size, met, passed, noticed, died, pushbacks, corridors):
    crossed, intercepted = np.empty(rows.size, np.bool_), np.empty(rows.size, np.bool_)
    number, aided, again, again_unaided, caught = np.zeros(7 + 2 * corridors, np.int64), 0, 0, 0, 0
    for i in range(rows.size):
        k, before = party[i], pushbacks[rows[i]] > 0
        stopped = met[k] & ~passed[k]
        intercepted[i] = stopped & ~died[i]
        crossed[i] = ~stopped & ~died[i]
        aided += group[i] >= 0
        again += before
        again_unaided += before & (group[i] < 0)
        caught += intercepted[i]
        number[7 + corridor[k]] += 1
        number[7 + corridors + corridor[k]] += crossed[i]
    number[0], number[1], number[2], number[3], number[4] = rows.size, aided, again, again_unaided, caught
    for k in range(size.size):
        if passed[k]:
            number[6] += size[k]
        elif met[k] or noticed[k]:
            number[5] += size[k]
    return crossed, intercepted, number


def tally(world, number) -> None:
    """Add the counts of `outcome` to tonight's counters."""
    attempts, aided, again, again_unaided, intercepted, recorded, passages, *by_corridor = number
    half = len(by_corridor) // 2
    for name, tried, across in zip(world.places.corridors, by_corridor[:half], by_corridor[half:]):
        world.count(f"attempts_{name}", tried)
        world.count(f"crossings_{name}", across)
    world.count("attempts", attempts)
    world.count("attempts_aided", aided)
    world.count("attempts_unaided", attempts - aided)
    world.count("attempts_repeat", again)
    world.count("attempts_repeat_unaided", again_unaided)
    world.count("attempts_recorded", recorded)
    world.count("interceptions", intercepted)
    world.count("bribed_passages", passages)
    world.count("crossings", sum(by_corridor[half:]))


def tally_causes(world, ids) -> None:
    """Count deaths in accidents by cause, drawn by a separate stream so that the cause changes nothing else."""
    if not len(ids):
        return
    share = np.array(world.p.border.death_causes)
    share[CAUSES.index("exposure")] *= world.calendar.cold(world.t)
    cause = pick(world.draws.uniform("cause of death", world.t, ids), share / share.sum())
    for k, name in enumerate(CAUSES):
        world.count(f"deaths_{name}", np.count_nonzero(cause == k))


RULES = {"holling": attempt}
