"""Readings of the world that several rules need; they change nothing."""

import numpy as np

from sim.world.contracts import contract
from sim.world.loops import compilable


def transport_cost(world, rows) -> np.ndarray:
    """EUR for the way to the border from where each person sleeps."""
    people, cost = world.people, np.asarray(world.p.border.transport_cost, float)  # by region
    from_camp = cost[np.append(world.camps.region, 0)]  # camp −1, nowhere, counts as the north
    return way_cost(rows, people.place, people.camp, cost[world.places.region], from_camp)


@compilable
def way_cost(rows, place, camp, from_place, from_camp):
    """EUR from each one's staging place, else camp (the last cost is of those in neither) (n,)."""
    place = place[rows]
    return np.where(place >= 0, from_place[place], from_camp[camp[rows]])


@way_cost.loop("float64[::1](int64[::1], int8[::1], int16[::1], float64[::1], float64[::1])")
def way_cost_loop(rows, place, camp, from_place, from_camp):
    cost = np.empty(rows.size)
    for k in range(rows.size):
        i = rows[k]
        cost[k] = from_place[place[i]] if place[i] >= 0 else from_camp[camp[i]]
    return cost


def corridor_turf(world) -> np.ndarray:
    """Mean turf share of each group in each corridor: corridors × groups."""
    places = world.places
    return (places.in_corridor @ world.turf[:, : places.sectors].T) / places.sectors_each


def client_shares(groups) -> np.ndarray:
    """Share of each group in running engagements; sums to 1."""
    demand = np.where(groups.active, groups.demand, 0.0)
    return demand / max(demand.sum(), 1e-12)


def attempt_cost(world) -> np.ndarray:
    """Marginal cost of one client's attempt, EUR: local services and the wages of guides and drivers."""
    g = world.p.gangs
    crew = g.guide_wage / g.clients_per_guide + g.driver_wage / g.clients_per_driver
    return np.full(world.groups.n, world.p.market.attempt_cost + crew)


def tax_per_crossing(world) -> np.ndarray:
    """Head tax owed to whoever owns transfers, where that is not whoever sets the price (else it is internal)."""
    owner = world.ownership.owner
    outside = owner["transfer"] != owner["price"]
    return np.where(outside, world.terms["head_tax"][owner["transfer"]], 0.0)


def crossing_cost(world) -> np.ndarray:
    """Cost of an engagement per price received, c of `contracts`: attempts, retry fees, head tax, stages; EUR."""
    success, deal = world.groups.success, contract(world)
    cost = deal.cost(attempt_cost(world), world.p.market.retry_fee, success)
    return cost + tax_per_crossing(world) * deal.taxed(success) + world.groups.stage_fees


def own_share(world) -> np.ndarray:
    """Share of its price that each group keeps, after what independent houses and carriers take (M21)."""
    groups = world.groups
    return 1 - np.minimum(np.divide(groups.stage_fees, groups.price, out=np.zeros(groups.n), where=groups.price > 0), 1)


def another_crossing(world) -> np.ndarray:
    """What bringing one client across costs each group, attempts 1/q: k/q, EUR."""
    return attempt_cost(world) / world.groups.success


def margins(world) -> np.ndarray:
    """Expected profit of each group on one engagement, w (p − c), EUR."""
    return contract(world).received(world.groups.success) * (world.groups.price - crossing_cost(world))


def police_cover(world) -> np.ndarray:
    """Share of interior teams that serve each group's owner."""
    units = world.units
    teams = units.interior.sum()
    served = np.bincount(units.payer[units.interior & (units.payer >= 0)], minlength=world.groups.n) / max(teams, 1)
    return world.ownership.matrix("bribe") @ served
