"""M15 accounts: what groups keep of their income, what they owe an organisation, and what owners withdraw."""

import numpy as np

from sim.world.calendar import WEEK
from sim.world.ledger import CENTS, cents


def administer(world) -> None:
    """Agents inside an organisation keep a share of the group's gross income (agency cost)."""
    groups, books = world.groups, world.books
    books.groups_pay((books.income() * groups.administration).astype(np.int64), "administration")


def close_accounts(world) -> None:
    """Tonight's profit enters the week's, the one since the last review and the running mean; losses fade."""
    groups, p, tonight = world.groups, world.p, world.books.profit()
    groups.week_profit += tonight
    world.demand.profit += tonight
    world.demand.nights += 1
    groups.profit += (tonight / CENTS - groups.profit) * p.market.learning
    groups.losses *= p.gangs.loss_memory


def settle_with_owners(world) -> None:
    """Groups pay organisations by their terms, then owners withdraw a share of the treasury above a reserve."""
    groups, books, p = world.groups, world.books, world.p
    owner = world.ownership.owner["transfer"]
    profit = np.maximum(groups.week_profit, 0)
    due = (world.terms["skim"][owner] * profit
           + cents(world.terms["head_tax"][owner] * world.crossings_sold)
           + cents(world.terms["tribute"][owner] * WEEK)).astype(np.int64) * groups.active
    organisation = np.maximum(world.ownership.organisation("transfer"), 0)
    books.transfer(due, organisation)
    for o in range(world.organisations.n):
        books.spend(o, world.organisations.treasury[o] * p.organisation.spent_share)
    nightly = sum(books.group_flow[c] for c in ("operating", "wages", "toll", "payroll"))
    reserve = np.where(groups.active, p.gangs.reserve_nights * nightly + cents(p.gangs.reserve_floor * p.scale), 0)
    books.groups_pay((groups.treasury - reserve) * p.gangs.draw_share, "draw")
    groups.week_profit[:] = 0
    world.crossings_sold[:] = 0
