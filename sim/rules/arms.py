"""M17 arms `flat | bulk`: owners buy rifles in lots, weekly, for their groups together (F18).

An owner of arms wants m_j more rifles for its group j and orders whole lots, n = L ⌊Σ m_j / L⌋ rifles, as far as the
treasuries of its groups suffice; groups get them in proportion to m_j.  Lots cannot be divided, so that small groups
apart buy none and the same groups under one owner do (F12).

flat: every rifle has the price P.  bulk: a customer who wants N lots in all pays P N^−ε a rifle and wants N^ε as many
for each fighter, that is, spends as much on arms as at the flat price (unit elasticity, assumed).  Prices of illicit
goods fall with the size of a transaction as a power of it (Caulkins and Padman 1993, J. Am. Stat. Assoc. 88:748); the
power for rifles is assumed.
"""

import numpy as np

from sim.world.calendar import STAFF, is_weekly
from sim.world.ledger import cents


def flat(world) -> None:
    """Owners buy rifles once a week, every rifle at the same price."""
    buy(world, 0.0)


def bulk(world) -> None:
    """Owners buy rifles once a week, cheaper for those who want more of them."""
    buy(world, world.p.gangs.bulk_discount)


def buy(world, discount) -> None:
    """Owners of arms order whole lots for their groups and pay for them together."""
    p, groups = world.p.gangs, world.groups
    if not is_weekly(world.t, STAFF):
        return
    together = world.ownership.matrix("arms") & groups.active
    scale = customer(together @ (p.armed_share * groups.fighters), p.rifle_lot) ** discount  # N^ε
    missing = np.maximum(p.armed_share * scale * groups.fighters - groups.weapons, 0) * groups.active
    price = cents(p.rifle_price / scale)
    ordered = order(together @ missing, p.rifle_lot, together @ groups.treasury, price)
    rifles = divide(ordered, missing, world.ownership.owner["arms"])
    world.books.groups_pay(rifles * price, "arms", together)
    groups.weapons += rifles.astype(groups.weapons.dtype)


def customer(rifles, lot):
    """Size of the customer who wants so many `rifles` in all, N, in lots; at least 1."""
    return np.maximum(rifles / lot, 1.0)


def order(missing, lot, money, price) -> np.ndarray:
    """Rifles that an owner orders (J,): whole lots for what is `missing`, no more than `money` (cents) pays for.

    price (J,): cents a rifle; nothing limits the order where a rifle is free.
    """
    affordable = np.where(price > 0, money // np.maximum(price * lot, 1), np.inf)
    return (lot * np.minimum(np.floor(missing / lot + 1e-9), affordable)).astype(np.int64)  # rounding errors of sums


def divide(ordered, missing, owner) -> np.ndarray:
    """Rifles of each group (J,), whole numbers in proportion to `missing`; each owner's sum to what it `ordered`."""
    rifles = np.zeros(len(owner), np.int64)
    for o in np.unique(owner[ordered > 0]):
        mine = owner == o
        upto = missing[mine].cumsum()
        rifles[mine] = np.diff(np.rint(ordered[mine] * upto / upto[-1]), prepend=0)
    return rifles


RULES = {"flat": flat, "bulk": bulk}
