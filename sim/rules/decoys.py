"""M6 decoys: patrols can be drawn to one point while others cross at another (F16).

Spending D a night in a corridor moves a share  z = z₁ (1 − exp(−D/d₀))  of its patrols to the sector with the least
traffic; the number of patrols is conserved.  Everyone who crosses elsewhere gains: a public good.  With B_o an
owner's gain at full pull, owner o adds  max(0, d₀ ln(B_o/d₀) − D_−o);  in equilibrium only the owner with the
largest gain pays, D = d₀ ln(max_o B_o / d₀), and it is less than the sum of gains would warrant
(Bergstrom, Blume and Varian 1986).
"""

from typing import NamedTuple

import numpy as np

from sim.ledger import CENTS, cents
from sim.world.columns import rows_where
from sim.world.contracts import contract
from sim.world.patrols import interception_chance
from sim.world.readings import another_crossing, own_share


class Stakes(NamedTuple):
    """Tonight's clients on the way, as owners of decoys see them; n clients."""

    sector: np.ndarray  # (n,)
    owner: np.ndarray  # (n,) owner of the decision for each one's group
    worth: np.ndarray  # (n,) EUR that hang on the attempt
    owners: int  # numbers of owners there may be


def equilibrium_spending(gain, unit):
    """What the owner with the largest gain spends, EUR."""
    return np.where(gain > unit, unit * np.log(np.maximum(gain, unit) / unit), 0.0)


def moved(patrols, target, share):
    """Patrols by sector after a share of the others' went to `target`; the sum is unchanged."""
    after = patrols * (1 - share)
    after[target] = patrols[target] + share * (patrols.sum() - patrols[target])
    return after


def costly(world, parties, patrols) -> np.ndarray:
    """Effective patrols by sector after decoys; the owner who gains most in a corridor pays."""
    p, places = world.p.gangs, world.places
    unit = p.decoy_unit * world.p.scale
    owner_of = world.ownership.owner["decoy"]
    traffic = np.bincount(parties.sector, minlength=places.sectors).astype(float)
    spending = np.zeros(world.groups.n)
    effective = patrols.copy()
    stakes = tonights_stakes(world, parties)
    for c in range(len(places.corridors)):
        here = rows_where(places.in_corridor[c])
        target = int(np.argmin(traffic[here]))
        full = moved(patrols[here], target, p.decoy_pull)
        gain = owners_gain(world, stakes, here, patrols[here], full, traffic[here])
        if not len(gain) or gain.max() <= unit:
            continue
        spend = float(equilibrium_spending(gain.max(), unit))
        payers = rows_where((owner_of == gain.argmax()) & world.groups.active)
        spending[payers] += spend / len(payers)
        effective[here] = moved(patrols[here], target, p.decoy_pull * (1 - np.exp(-spend / unit)))
    world.books.groups_pay(cents(spending), "decoys", world.ownership.together("decoy"))
    return effective


def tonights_stakes(world, parties) -> Stakes:
    """What hangs on every client's attempt."""
    aided = parties.group >= 0
    group, owner = parties.group[aided], world.ownership.owner["decoy"]
    fee = world.people.fee[parties.rows[aided]] / CENTS * own_share(world)[group]
    stake = contract(world).stake(fee, another_crossing(world)[group])
    return Stakes(parties.sector[parties.party[aided]], owner[group], stake, owner.max() + 1)


def owners_gain(world, stakes, here, before, after, traffic) -> np.ndarray:
    """EUR each owner would gain tonight in a corridor if the decoy pulled fully, by owner number."""
    chance = [interception_chance(world, here, k, traffic) for k in (before, after)]
    better = np.zeros(world.places.sectors)
    better[here] = chance[0] - chance[1]
    return np.bincount(stakes.owner, better[stakes.sector] * stakes.worth, minlength=stakes.owners)


def none(world, parties, patrols) -> np.ndarray:
    """Nobody distracts patrols."""
    return patrols


RULES = {"costly": costly, "none": none}
