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
    frailty = np.bincount(parties.party, people.frailty[parties.rows], len(size)) / size
    skill = np.where(parties.group >= 0, world.groups.skill[parties.group], 0.0)
    skill = np.bincount(parties.party, skill, len(size)) / size
    return 1 - np.exp(-rate * frailty * np.exp(-skill))


def bribed(world, parties, met) -> np.ndarray:
    """Parties let through: their group's toll reaches the threshold of the unit they met, or it is on its retainer."""
    passes = np.zeros(len(met), bool)
    candidates = rows_where(met & (parties.owner >= 0))
    leader = parties.group[np.searchsorted(parties.party, candidates)]
    note_met(world, leader, parties.corridor[candidates])
    if not len(candidates) or not (world.groups.bribe.any() or world.retained.any()):
        return passes
    luck = world.draws.uniform("unit met", world.t, parties.key[candidates])
    unit = unit_met(world, parties.corridor[candidates], luck)
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


def unit_met(world, corridor, uniforms) -> np.ndarray:
    """A random patrol unit of the corridor (units change sectors nightly); −1 where there is none."""
    units = world.units
    found = np.full(len(corridor), -1)
    for c in range(len(world.places.corridors)):
        members = rows_where(~units.interior & (units.corridor == c))
        here = corridor == c
        if len(members):
            found[here] = members[(uniforms[here] * len(members)).astype(int)]
    return found


def tally(world, parties, stopped, passed, noticed, intercepted, died) -> None:
    """Counts for the record."""
    size = parties.size
    corridor = parties.corridor[parties.party]
    for c, name in enumerate(world.places.corridors):
        here = corridor == c
        world.count(f"attempts_{name}", np.count_nonzero(here))
        world.count(f"crossings_{name}", np.count_nonzero(here & ~intercepted & ~died))
    aided = np.count_nonzero(parties.group >= 0)
    world.count("attempts", len(parties.rows))
    world.count("attempts_aided", aided)
    world.count("attempts_unaided", len(parties.rows) - aided)
    again = world.people.pushbacks[parties.rows] > 0
    world.count("attempts_repeat", np.count_nonzero(again))
    world.count("attempts_repeat_unaided", np.count_nonzero(again & (parties.group < 0)))
    world.count("attempts_recorded", int(size[stopped | noticed].sum()))
    world.count("interceptions", np.count_nonzero(intercepted))
    world.count("bribed_passages", int(size[passed].sum()))
    world.count("crossings", np.count_nonzero(~intercepted & ~died))


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
