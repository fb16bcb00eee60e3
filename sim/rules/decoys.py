"""M6 decoys: owners pay to draw patrols to one sector while their parties cross in another (F16).

Spending D a night in a corridor moves a share  z = z₁ (1 − exp(−D/d₀))  of its patrols to the sector with the least
traffic; the number of patrols is conserved.  Every party that crosses elsewhere gains, so decoys are a public good.
A client's chance to pass is worth what a passage gains the owner (`sim/world/contracts.py`), at the fee agreed.
With B_o an owner's gain at full pull, owner o adds  max(0, d₀ ln(B_o/d₀) − D_−o);  in equilibrium only the owner with
the largest gain pays, D = d₀ ln(max_o B_o / d₀), and it is less than the sum of gains would warrant (Bergstrom, Blume
and Varian 1986).
"""

import numpy as np

from sim.world.columns import rows_where
from sim.world.contracts import contract
from sim.world.derived import another_crossing, own_share, tax_per_crossing
from sim.world.ledger import CENTS, cents
from sim.world.patrols import interception_chance
from sim.world.worth import worth_of_staying


def equilibrium_spending(gain, unit):
    """Equilibrium spending of the owner with the largest gain, EUR: d₀ ln(gain / d₀) with unit d₀."""
    return np.where(gain > unit, unit * np.log(np.maximum(gain, unit) / unit), 0.0)


def moved(patrols, target, share):
    """Patrols by sector (S,) after a share of all other sectors' patrols moved to `target`; the sum is unchanged."""
    after = patrols * (1 - share)
    after[target] = patrols[target] + share * (patrols.sum() - patrols[target])
    return after


def costly(world, parties, patrols) -> np.ndarray:
    """The owner who gains most in a corridor pays for decoys there, and patrols move to the sector with least traffic.

    Returns effective patrols by sector (S,), units.
    """
    p, places = world.p.gangs, world.places
    unit = p.decoy_unit * world.p.scale
    owner_of = world.ownership.owner["decoy"]
    traffic = np.bincount(parties.sector, minlength=places.sectors).astype(float)
    spending = np.zeros(world.groups.n)
    effective = patrols.copy()
    sectors = [rows_where(here) for here in places.in_corridor]
    targets = [int(traffic[here].argmin()) for here in sectors]  # of each corridor, among its own
    full = patrols.copy()
    for here, target in zip(sectors, targets):
        full[here] = moved(patrols[here], target, p.decoy_pull)
    for here, target, gain in zip(sectors, targets, owners_gain(world, parties, patrols, full, traffic)):
        if gain.max() <= unit:
            continue
        spend = float(equilibrium_spending(gain.max(), unit))
        payers = rows_where((owner_of == gain.argmax()) & world.groups.active)
        spending[payers] += spend / len(payers)
        effective[here] = moved(patrols[here], target, p.decoy_pull * (1 - np.exp(-spend / unit)))
    world.books.groups_pay(cents(spending), "decoys", world.ownership.matrix("decoy"))
    return effective


def owners_gain(world, parties, before, after, traffic) -> np.ndarray:
    """Gain of each owner in each corridor tonight at full pull of decoys, EUR: (corridors, owner numbers)."""
    places, owner = world.places, world.ownership.owner["decoy"]
    owners = owner.max() + 1
    before, after = (interception_chance(world, patrols, traffic) for patrols in (before, after))
    aided = parties.group >= 0
    group, sector = parties.group[aided], parties.sector[parties.party[aided]]
    fee = world.people.fee[parties.rows[aided]] / CENTS * own_share(world)[group]
    worth = contract(world).passage(  # EUR at stake in each client's attempt
        fee, tax_per_crossing(world)[group], world.p.market.retry_fee, world.returning,
        worth_of_staying(world, "decoy")[group], another_crossing(world)[group])
    gain = np.bincount(places.corridor[sector] * owners + owner[group], (before - after)[sector] * worth,
                       len(places.corridors) * owners)
    return gain.reshape(-1, owners)


def none(world, parties, patrols) -> np.ndarray:
    """No owner pays for decoys, and patrols stay in place."""
    return patrols


RULES = {"costly": costly, "none": none}
