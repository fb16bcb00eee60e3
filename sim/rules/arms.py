"""M17 arms `flat | bulk`: rifles in lots from one supplier, weekly, while the supplier is free (F18).

An owner of arms orders for its groups together, as far as their treasuries hold.  flat: a lot has one price.  bulk:
a lot in an order of n costs n^{−ε} of that, so that those who order together pay less; prices of illicit goods fall
with the size of a transaction as a power of it (Caulkins and Padman 1993, J. Am. Stat. Assoc. 88:748; for rifles the
power is assumed).
"""

import numpy as np

from sim.world.calendar import STAFF, WEEK, is_weekly
from sim.world.ledger import CENTS


def flat(world) -> None:
    """Groups buy rifles once a week, every lot at the same price."""
    buy(world, 0.0)


def bulk(world) -> None:
    """Groups buy rifles once a week, cheaper in larger orders."""
    buy(world, world.p.gangs.bulk_discount)


def lot_price(price, ordered, discount):
    """Cents for a lot in an order of so many lots (EUR `price` alone); an order of none has the price of one."""
    return np.rint(price * CENTS * np.maximum(ordered, 1) ** -float(discount)).astype(np.int64)


def buy(world, discount) -> None:
    """Whole lots while the supplier is free; groups that decide arms together order and pay together."""
    p, groups, t = world.p.gangs, world.groups, world.t
    if not is_weekly(t, STAFF):
        return
    if world.draws.one("supplier arrested", t) < p.supplier_arrest * WEEK:
        world.supplier_back = t + p.supplier_absence
    if t < world.supplier_back:
        return
    together = world.ownership.matrix("arms")
    missing = np.maximum(p.armed_share * groups.fighters - groups.weapons, 0) * groups.active
    lots = missing // p.rifle_lot
    price = lot_price(p.rifle_price * p.rifle_lot, together @ lots, discount)
    pooled = together @ groups.treasury // price
    lots = np.minimum(lots, pooled).astype(np.int64)
    paid = world.books.groups_pay(lots * price, "arms", together)
    groups.weapons += (paid // price * p.rifle_lot).astype(groups.weapons.dtype)


RULES = {"flat": flat, "bulk": bulk}
