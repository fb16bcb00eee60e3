"""What groups expect to earn if their prices had other owners, and what a newcomer expects (M15).

Expectations come from the demand that owners observed up to the last review (`sim/world/demand_system.py`) and from
the price rule's own condition, held until prices are at rest.  A group that compares two organisations therefore counts
the price umbrella that it would enjoy outside (the free ride of Deneckere and Davidson 1985, RAND J. Econ. 16:473).
"""

import numpy as np

from sim.world.contracts import contract
from sim.world.demand_system import Expected, Market, at_rest, expected_at, of_rows, with_newcomer
from sim.world.derived import crossing_cost
from sim.world.worth import FEWEST_EXITS, absorbed, absorbed_alone

STILL = ("cost_plus", "imitate")  # price rules under which a price does not answer to who owns the others


def observe(world) -> Market | None:
    """The market as owners observed it since the last review, at the prices of that time; None if nobody chose."""
    demand, groups, p = world.demand, world.groups, world.p
    slope = -np.diag(demand.by_price)
    rows = np.flatnonzero(groups.active & (demand.demand > 1e-6) & (slope > 0))
    if not len(rows) or not demand.nights:
        return None
    share, deal, success = demand.demand[rows] / demand.events, contract(world), groups.success[rows]
    lam = 1.0 if p.rules.choice == "logit" else p.migrants.dissimilarity
    own = 1 / lam - (1 - lam) / lam * share / share.sum() - share
    received = deal.received(success)
    return Market(
        rows=rows, events=demand.events / demand.nights, share=share, alone=demand.alone / demand.events,
        slope=slope[rows] / (demand.demand[rows] * own), price=groups.price[rows], cost=crossing_cost(world)[rows],
        shadow=groups.shadow_cost[rows], received=received, sold=received * deal.taxed(success),
        absorbed=absorbed(world)[rows], absorbed_alone=absorbed_alone(world),
        leaving=min(max(demand.exits / demand.events, FEWEST_EXITS), 1.0), staying=demand.staying / demand.events,
        coming=demand.coming / demand.arrivals if demand.arrivals else 0.0, discount=p.market.client_discount,
        dissimilarity=lam, floor=p.market.price_floor, ceiling=p.market.price_ceiling)


def remember_market(world) -> None:
    """Keep the market that owners observed since the last review; without choosers the one before stays."""
    world.market = observe(world) or world.market


def forget_group(world, row) -> None:
    """Leave the group of a row out of what is remembered of the market."""
    if world.market is not None and row in world.market.rows:
        world.market = of_rows(world.market, world.market.rows != row) if len(world.market.rows) > 1 else None


def resting(world, market, together) -> Expected:
    """Expectations at prices at rest; where the price rule does not look at other owners, at the prices of today."""
    still = world.p.rules.price in STILL
    return expected_at(market, market.price if still else at_rest(market, together))


def expected_profits(world, together) -> Expected:
    """What each group expects of clients if prices had these owners, at rest (J,); 0 for groups nobody considered.

    together (J, J): pairs of groups whose prices have the same owner.  Costs other than those of an attempt, and
    income other than from crossings, are not in it: it serves to compare owners.
    """
    market = world.market
    if market is None:
        return Expected(*np.zeros((len(Expected._fields), world.groups.n)))
    found = resting(world, market, together[np.ix_(market.rows, market.rows)])
    full = np.zeros((len(found), world.groups.n))
    full[:, market.rows] = found
    return Expected(*full)


def newcomers_turf(world) -> float:
    """Share of every place that a newcomer takes: `entrant_turf`, but no more than an equal share."""
    return min(world.p.gangs.entrant_turf, 1 / (np.count_nonzero(world.groups.active) + 1))


def newcomers_prospect(world) -> tuple[float, float]:
    """A newcomer's expected profit, EUR, and engagements, persons a night, at its own price; 0, 0 without a market.

    Its weight is that which the groups would have, on average, with its turf.  Crews, fighters and fights, rents and
    ransoms cost or bring it per engagement what the accounts of the groups show beside their margins.
    """
    market, groups, p = world.market, world.groups, world.p
    if market is None:
        return 0.0, 0.0
    turf, room = newcomers_turf(world), world.turf[market.rows, : world.places.sectors].mean(axis=1)
    power = p.migrants.turf_visibility / market.dissimilarity
    there = room > 0
    if not there.any():
        return 0.0, 0.0
    weight = np.mean(market.share[there] / market.share.sum() * (turf / room[there]) ** power)
    larger = with_newcomer(market, weight, (1 - turf) ** power)
    together = np.eye(len(larger.rows), dtype=bool)
    together[:-1, :-1] = world.ownership.matrix("price")[np.ix_(market.rows, market.rows)]
    new, now = resting(world, larger, together), expected_at(market, market.price)
    beside = (now.profit.sum() - groups.profit[market.rows].sum()) / now.engagements.sum()
    return float(new.profit[-1] - beside * new.engagements[-1]), float(new.engagements[-1])
