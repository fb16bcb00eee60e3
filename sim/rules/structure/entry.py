"""M15 entry: newcomers start small groups, and an outside organisation buys networks, where that pays.

A newcomer enters where its own expected profit exceeds the cost of its capital, and the sooner the more visible that
profit is: hazard  e (v H / K)^visibility.  With many newcomers a newcomer's share, and so its profit, falls until it
only just covers the capital (free entry: Mankiw and Whinston 1986, RAND J. Econ. 17:48).  A buyer pays owners what
their networks are worth to them and a part of what it makes more of them; where it makes no more it buys nothing.
"""

import numpy as np

from sim.rules.structure.bargain import LEAST, found, make_offer
from sim.rules.structure.endings import vacate
from sim.world.calendar import WEEK
from sim.world.control import has_anything_to_own, join, membership
from sim.world.expectations import newcomers_prospect, newcomers_turf
from sim.world.groups import ROLES
from sim.world.ledger import cents
from sim.world.posts import newcomers_posts


def enter(world) -> None:
    """A newcomer considers starting a group, or an outside organisation buying a network."""
    p, t, draws = world.p.gangs, world.t, world.draws
    if draws.one("entry kind", t) < p.buy_share:
        if draws.one("entry", t) < WEEK * p.entry and has_anything_to_own(world.p):
            buy(world)
    elif p.entry > 0:
        consider_starting(world)


def consider_starting(world) -> None:
    """A newcomer starts in the first free row with a hazard that rises with its profit over its capital cost."""
    p, free = world.p.gangs, np.flatnonzero(~world.groups.active)
    if not len(free):
        return
    profit, engagements = newcomers_prospect(world)
    capital = p.entrant_capital * world.p.scale
    earned = profit * p.entrant_horizon
    if earned > capital:
        hazard = WEEK * p.entry * (earned / max(capital, 1.0)) ** p.profit_visibility
        if world.draws.one("entry", world.t) < hazard:
            start(world, int(free[0]), engagements)


def start(world, row, engagements) -> None:
    """A small new group starts in a free row, with a little turf everywhere and the mean price of active groups.

    engagements: that it expects, persons a night.
    """
    p, groups, t = world.p.gangs, world.groups, world.t
    active = groups.active.nonzero()[0]
    origin = int(world.draws.one("entrant origin", t) * len(p.origin_shares))
    turf = newcomers_turf(world)
    posts = newcomers_posts(world)
    vacate(world, row)
    world.posts[row] = posts
    groups.open(row, active=True, origin=origin, affine=origin == 0, demand=engagements,
                price=groups.price[active].mean() if len(active) else p.opening_price,
                success=world.p.migrants.prior_success,
                **{role: max(1, round(n * world.p.scale)) for role, n in zip(ROLES, p.entrant_crew)})
    world.turf *= 1 - turf
    world.turf[row] += turf
    world.books.enter(row, cents(p.entrant_capital * world.p.scale))
    world.count("entries")


def buy(world) -> None:
    """An outside organisation (O2) looks at one group and buys it, or several as its first, if all gain."""
    p, groups, of = world.p.gangs, world.groups, membership(world.ownership)
    active = np.flatnonzero(groups.active)
    j = active[int(world.draws.one("bought", world.t) * len(active))] if len(active) else -1
    if j < 0 or of[j] >= 0:
        return
    if ((of == 1) & groups.active).any():
        offer = make_offer(world, 1, [j])
    else:
        offer = found(world, 1, j, groups.active & (of < 0))
    if offer is None or offer.surplus <= LEAST:
        return
    part = offer.surplus / (1 + len(offer.asked))
    for k in offer.asked:
        world.books.purchase(int(cents(p.entrant_horizon * (max(groups.profit[k], 0.0) + part))))
        join(world, k, 1)
        world.count("networks_bought")
