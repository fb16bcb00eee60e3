"""M17 arms `flat | bulk`: groups buy rifles in lots, weekly, from one supplier while the supplier is free (F18).

An owner of arms orders for its groups together, limited by their treasuries.  flat: every lot has the same price. bulk:
a lot in an order of n lots costs n^{−ε} of that price, so that a joint order is cheaper; prices of illicit goods fall
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
    """Price of a lot in cents within an order of `ordered` lots; `price` (EUR) is that of a single lot.

    An order of no lots has the price of one.
    """
    return np.rint(price * CENTS * np.maximum(ordered, 1) ** -float(discount)).astype(np.int64)


def buy(world, discount) -> None:
    """Groups buy whole lots while the supplier is free; groups with the same owner of arms order and pay together."""
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
