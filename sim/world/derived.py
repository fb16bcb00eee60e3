"""Quantities derived from the state of the world that several rules use; these functions change nothing."""

import numpy as np

from sim.world.contracts import contract
from sim.world.loops import compilable


def transport_cost(world, rows) -> np.ndarray:
    """Cost of transport to the border for people in `rows` (n,), EUR, by the region of their place or camp."""
    people, cost = world.people, np.asarray(world.p.border.transport_cost, float)  # by region
    from_camp = cost[np.append(world.camps.region, 0)]  # the last entry serves camp −1, no camp: the north
    return way_cost(rows, people.place, people.camp, cost[world.places.region], from_camp)


@compilable
def way_cost(rows, place, camp, from_place, from_camp):
    """Cost from each person's staging place or else camp (n,), EUR; people in neither pay the last of `from_camp`."""
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
    """Mean turf share of each group in each corridor (corridors, groups)."""
    places = world.places
    return (places.in_corridor @ world.turf[:, : places.sectors].T) / places.sectors_each


def client_shares(groups) -> np.ndarray:
    """Share of each active group in the running mean of engagements (J,); the shares sum to 1."""
    demand = np.where(groups.active, groups.demand, 0.0)
    return demand / max(demand.sum(), 1e-12)


def attempt_cost(world) -> np.ndarray:
    """Marginal cost of one client's attempt (J,), EUR: local services and the wages of guides and drivers."""
    g = world.p.gangs
    crew = g.guide_wage / g.clients_per_guide + g.driver_wage / g.clients_per_driver
    return np.full(world.groups.n, world.p.market.attempt_cost + crew)


def tax_per_crossing(world) -> np.ndarray:
    """Head tax per crossing (J,), EUR, due to the owner of transfers unless that owner also sets the price."""
    owner = world.ownership.owner
    external = owner["transfer"] != owner["price"]  # else the tax is an internal transfer
    return np.where(external, world.terms["head_tax"][owner["transfer"]], 0.0)


def crossing_cost(world) -> np.ndarray:
    """Cost of an engagement per price received (J,), EUR: attempts, retry fees, head tax and fees of stages.

    This is c in `sim/world/contracts.py`.
    """
    success, deal = world.groups.success, contract(world)
    cost = deal.cost(attempt_cost(world), world.p.market.retry_fee, success)
    return cost + tax_per_crossing(world) * deal.taxed(success) + world.groups.stage_fees


def own_share(world) -> np.ndarray:
    """Share of its price that each group keeps after it has paid independent houses and carriers (J,) (M21)."""
    groups = world.groups
    return 1 - np.minimum(np.divide(groups.stage_fees, groups.price, out=np.zeros(groups.n), where=groups.price > 0), 1)


def another_crossing(world) -> np.ndarray:
    """Expected cost of bringing one client across, k/q (J,), EUR: 1/q attempts at k each."""
    return attempt_cost(world) / world.groups.success


def margins(world) -> np.ndarray:
    """Expected profit of each group from one engagement, w (p − c) (J,), EUR (`sim/world/contracts.py`)."""
    return contract(world).received(world.groups.success) * (world.groups.price - crossing_cost(world))


def police_cover(world) -> np.ndarray:
    """Share of interior teams that are paid by any group with the same owner of bribes (J,)."""
    units = world.units
    teams = units.interior.sum()
    served = np.bincount(units.payer[units.interior & (units.payer >= 0)], minlength=world.groups.n) / max(teams, 1)
    return world.ownership.matrix("bribe") @ served
