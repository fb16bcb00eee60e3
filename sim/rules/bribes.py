"""M10 bribes `toll | retainer | none` at the fence, and a payroll for interior police.

Toll: a patrol that meets a party lets it pass for b if b reaches the unit's reservation bribe τ ~ lognormal.  The
owner of the decision maximises  F(b) (G − b),  G the value of a passage; first-order condition  F(b) = f(b) (G − b).
A party of n persons is worth G = n × what one person's passage gains (`sim/world/contracts.py`): about the price to a
small owner, but little more than the cost of another crossing to an owner of all groups, whose client comes back if
stopped.  Owners set a toll for each size, so a toll has no economy of scale.

Retainer: a patrol unit lets all parties of an owner pass, for R a night, if R reaches `retainer_crossings` × τ.  The
owner maximises  F(R) (W − R)  in each corridor, W the value of its parties that one unit meets in a night.  The
retainer does not depend on how many parties pass, so it has the economy of scale that a toll lacks.  A unit may be on
several retainers.

Payroll: an interior team serves the owner with the highest offer, if that reaches its threshold (per 30 nights).  Its
value to an owner is the share of raid losses that one team can prevent, so it grows with the owner's exposure; the
arrests of rivals that a team arranges come on top of it and are not counted (`police.arranged_arrests`).
Rotation limits it: officers are replaced, and the team's threshold is drawn anew.
"""

from typing import NamedTuple

import numpy as np
from scipy.special import ndtr

from sim.world.calendar import ACCOUNTS, MONTH, is_weekly
from sim.world.ledger import cents
from sim.world.opening import draw_integrity
from sim.world.worth import value_of_a_passage


class Bribes(NamedTuple):
    """The four moments of a night at which officers may be bribed."""

    review: object  # (world): on nights of review, owners set their offers at the fence
    retain: object  # (world) -> (J, U) bool, the units that let each group's parties pass tonight
    rotate: object  # (world): units change hands
    payroll: object  # (world): interior teams and who pays them


def best_toll(gain, median, sd):
    """The offer b (EUR) that maximises F(b)(gain − b) for lognormal thresholds, by bisection of its derivative."""
    gain = np.asarray(gain, float)
    low, high = np.zeros_like(gain), np.maximum(gain, 0.0)
    centre, scale = np.log(median), np.sqrt(2 * np.pi) * sd
    for _ in range(60):
        b = np.maximum(0.5 * (low + high), 1e-12)
        z = (np.log(b) - centre) / sd
        density = np.exp(-0.5 * z**2) / (scale * b)
        rising = density * (gain - b) > ndtr(z)
        low, high = np.where(rising, b, low), np.where(rising, high, b)
    return np.where(gain > 0, 0.5 * (low + high), 0.0)


def toll(world) -> None:
    """Owners set the bribe that they offer for a party of each size, given the value of a passage.

    `world.tolls` (J, persons + 1) holds them; the column `bribe` is the toll of a full party.
    """
    p, groups = world.p.police, world.groups
    persons = np.arange(world.tolls.shape[1])
    offer = best_toll(np.outer(reached(world), persons), p.reservation_bribe, p.reservation_bribe_sd)
    world.tolls = np.where(groups.active[:, None], offer, 0.0)
    groups.bribe = world.tolls[:, world.p.gangs.party_size]


def reached(world) -> np.ndarray:
    """Value of letting one client pass to each group's owner, as far as a toll takes the client across (J,), EUR."""
    return value_of_a_passage(world, "bribe") * world.p.police.toll_reach


def retainer(world) -> None:
    """Owners set a retainer per corridor, given the recent number of their parties that met patrols."""
    p, units, places = world.p.police, world.units, world.places
    count = np.maximum(np.bincount(units.corridor[~units.interior], minlength=len(places.corridors)), 1)
    met = (world.ownership.matrix("bribe") & world.groups.active) @ world.parties_met / count
    party = reached(world)[:, None] * world.p.gangs.party_size
    worth, median = met * party, p.reservation_bribe * p.retainer_crossings
    offer = best_toll(worth, median, p.reservation_bribe_sd)
    world.retainers = np.where(world.groups.active[:, None], offer, 0.0)


def nobody_retained(world) -> np.ndarray:
    """No unit is on a retainer (a toll is paid per crossing instead, if at all).

    Returns the units that let each group's parties pass tonight (J, U): none.
    """
    return np.zeros((world.groups.n, world.units.n), bool)


def retain(world) -> np.ndarray:
    """Owners pay a retainer to the units whose threshold their offer reaches, if they can afford all of them.

    Returns the units that let each group's parties pass tonight (J, U).
    """
    units, groups, offer = world.units, world.groups, world.retainers
    if not offer.any():
        return nobody_retained(world)
    posted = np.where(units.interior, 0.0, offer[:, units.corridor])
    accepts = (posted > 0) & (posted >= world.p.police.retainer_crossings * units.integrity)
    together = world.ownership.matrix("bribe") & groups.active
    clients = np.maximum(groups.demand, 1e-9) * groups.active  # owners split what they owe by clients
    share = np.divide(clients, together @ clients, out=np.zeros(groups.n), where=groups.active)
    due = cents((posted * accepts).sum(axis=1) * share)
    solvent = together @ groups.treasury >= together @ due
    world.books.groups_pay(np.where(solvent, due, 0), "toll", together)
    retained = accepts & solvent[:, None]
    units.taken += cents((posted * retained * share[:, None]).sum(axis=0))
    return retained


def none(world) -> None:
    """Owners offer no bribe at the fence."""
    world.groups.bribe[:] = 0.0
    world.tolls[:] = 0.0


def payroll(world) -> None:
    """Owners pay interior teams; weekly each team goes to the owner who values it most, if that reaches its threshold.

    A team that is not paid in full serves no owner.
    """
    units, groups, p = world.units, world.groups, world.p
    teams = np.flatnonzero(units.interior)
    if is_weekly(world.t, ACCOUNTS):
        worth = MONTH * (world.ownership.matrix("bribe") @ (groups.raid_loss * groups.active)) / len(teams)
        worth = np.where(groups.active, worth * p.police.payroll_effect, 0.0)
        best = int(np.argmax(worth))
        units.payer[teams] = np.where(worth[best] >= units.integrity[teams], best, -1)
    paid_for = np.flatnonzero(units.interior & (units.payer >= 0))
    due = np.bincount(units.payer[paid_for], cents(units.integrity[paid_for] / MONTH), groups.n).astype(np.int64)
    paid = world.books.groups_pay(due, "payroll", world.ownership.matrix("bribe"))
    units.payer[paid_for[(paid < due)[units.payer[paid_for]]]] = -1


def rotate(world) -> None:
    """Some units get a new officer, who has a new reservation bribe."""
    units = world.units
    moved = world.draws.uniform("rotation", world.t, units.id) < 1 / world.p.police.rotation_nights
    if moved.any():
        draw_integrity(units, world.p.police, world.draws, world.t, np.flatnonzero(moved))


RULES = {
    "toll": Bribes(toll, nobody_retained, rotate, payroll),
    "retainer": Bribes(retainer, retain, rotate, payroll),
    "none": Bribes(none, nobody_retained, rotate, payroll),
}
