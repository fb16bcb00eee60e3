"""Utilities of the options from which people choose tonight (M4).

    u_j     = −α (expected outlay_ij + transport) + β q̂_ij + γ [same origin] + δ_origin brand_j
              + η log turf_j − κ_g ĥ_ij − κ_m h̄_i           group j, if its price can be paid
    u_alone = β q̂_own − risk − α (cost + transport),         q̂_own falls with own failures
    u_wait  = v₀ − impatience × urgency + comfort [camp] + support × coverage [aware] − α rent [flat]
    u_c     = β q̂_c − α q̂_c p̄_c − α switching cost + v_c     go to another corridor

The logarithm of the chance to get away from police who are present in the corridor is added to every option that is an
attempt there (`sim/world/presence.py`).

Dependence on groups after a pushback (F21) is not assumed: own failures lower q̂_own and have no other effect.
"""

from typing import NamedTuple

import numpy as np

from sim.world.contracts import contract
from sim.world.derived import client_shares, corridor_turf, transport_cost
from sim.world.ledger import CENTS
from sim.world.loops import compilable
from sim.world.people import Shelter
from sim.world.presence import known_chance


class Offers(NamedTuple):
    """Utilities and beliefs of tonight's n choosers of K types, for J groups and C corridors.

    Choosers of one type have the same groups on offer at the same utility, so that their nest is computed once.
    """

    chooser_type: np.ndarray  # (n,) type of each chooser
    groups: np.ndarray  # (K, J) utility of each group without transport to the border; −inf where not on offer
    success: np.ndarray  # (K, J) believed chance of success with each group
    access_utility: np.ndarray  # (n,) utility of transport to the border with a group
    outside: np.ndarray  # (2 + C, n) utility of trying alone, waiting, each other corridor
    funds: np.ndarray  # (n,) EUR, cash and family funds


def offer(world, rows) -> Offers:
    """Utilities of all options for the choosers in `rows` (n,)."""
    p, people, price = world.p, world.people, world.groups.price
    limits = np.sort(np.concatenate([price, price * (1 + p.market.means_band)]))
    funds, first, chooser_type = group_by_choice_set(
        rows, people.origin, people.corridor, people.cash, people.family_funds, limits, len(p.migrants.origins),
        len(world.places.corridors), CENTS)
    origin, corridor = people.origin[rows[first]], people.corridor[rows[first]]
    turf, believed, transport = corridor_turf(world), world.beliefs.success(), transport_cost(world, rows)
    utility = attraction(world, turf, believed)[origin, corridor]
    utility[funds[first][:, None] < price] = -np.inf
    success = believed.swapaxes(1, 2)[origin, corridor]
    outside = outside_options(world, rows, believed, turf, transport)
    return Offers(chooser_type, utility, success, -p.migrants.price_sensitivity * transport, outside, funds)


@compilable
def group_by_choice_set(rows, origin, corridor, cash, family_funds, limits, origins, corridors, cents):
    """Sort choosers into types by origin, corridor and the number of the sorted `limits` (EUR) that they can pay.

    Returns each chooser's funds in EUR (n,), for each type the position in `rows` of one chooser of it (K,), and the
    type of each chooser (n,).
    """
    funds = (cash[rows] + family_funds[rows]) / cents
    levels = len(limits) + 1
    level = np.searchsorted(limits, funds, side="right")
    label = (origin[rows].astype(np.int64) * corridors + corridor[rows]) * levels + level
    example = np.full(origins * corridors * levels, -1)  # by label, the position of one chooser with it
    example[label] = np.arange(len(rows))
    occurs = example >= 0
    return funds, example[occurs], (np.cumsum(occurs) - 1)[label]


@group_by_choice_set.loop("(int64[::1], int8[::1], int8[::1], int64[::1], int64[::1], float64[::1], int64, int64, "
                          "int64)")
def group_by_choice_set_loop(rows, origin, corridor, cash, family_funds, limits, origins, corridors, cents):
    funds, chooser_type, levels = np.empty(rows.size), np.empty(rows.size, np.int64), len(limits) + 1
    example, types = np.full(origins * corridors * levels, -1), 0
    for k in range(rows.size):
        i, level = rows[k], 0
        funds[k] = (cash[i] + family_funds[i]) / cents
        for limit in limits:
            level += limit <= funds[k]
        chooser_type[k] = (np.int64(origin[i]) * corridors + corridor[i]) * levels + level
        example[chooser_type[k]] = k
    first, number = np.empty(example.size, np.int64), np.empty(example.size, np.int64)
    for label in range(example.size):
        if example[label] >= 0:
            first[types], number[label] = example[label], types
            types += 1
    for k in range(rows.size):
        chooser_type[k] = number[chooser_type[k]]
    return funds, first[:types].copy(), chooser_type


def attraction(world, turf, believed) -> np.ndarray:
    """Utility of each group by origin and corridor (O, C, J), without transport; −inf for a group without turf.

    turf (C, J): mean turf shares; believed (O, J, C): believed chances of success.
    """
    p, groups = world.p.migrants, world.groups
    abuse = world.beliefs.abuse()
    market_abuse = abuse @ client_shares(groups)
    same = np.arange(len(p.origins))[:, None] == groups.origin
    standing = (p.same_origin * same + np.asarray(p.brand_appeal)[:, None] * groups.brand
                - p.abuse_aversion * abuse - p.market_abuse_aversion * market_abuse[:, None])
    success = believed.swapaxes(1, 2)
    outlay = contract(world).outlay(success, groups.price, world.p.market.retry_fee)
    with np.errstate(divide="ignore", invalid="ignore"):  # no turf, no offer, even if turf_visibility is 0
        presence = np.where(turf > 0, p.turf_visibility * np.log(turf), -np.inf)
    utility = presence + standing[:, None] + p.value_of_success * success - p.price_sensitivity * outlay
    utility += known_chance(world)[:, None]
    return np.where(groups.active, utility, -np.inf)


def outside_options(world, rows, believed, turf, transport) -> np.ndarray:
    """Utilities of trying alone, waiting and going to each other corridor (2 + C, n) for the choosers in `rows`."""
    p, people, alpha = world.p.migrants, world.people, world.p.migrants.price_sensitivity
    presence = turf / np.maximum(turf.sum(axis=1, keepdims=True), 1e-12)
    elsewhere = np.einsum("cj,ojc->oc", presence, believed)
    mean_price = presence @ world.groups.price
    other = (p.value_of_success * elsewhere - alpha * contract(world).felt(elsewhere) * mean_price
             + p.corridor_value - alpha * p.switching_cost + known_chance(world))
    outside = without_group(
        rows, people.origin, people.corridor, people.failures, people.shelter, people.aware, transport,
        world.beliefs.unaided(), other, p.value_of_success, p.own_weight, p.unaided_risk, alpha, p.unaided_cost,
        p.wait_value - p.impatience * world.calendar.urgency(world.t), p.camp_comfort, p.support * p.coverage,
        alpha * world.p.camps.rent * p.review, Shelter.CAMP, Shelter.FLAT)
    outside[0] += known_chance(world)[people.corridor[rows]]
    return outside


@compilable
def without_group(rows, origin, corridor, failures, shelter, aware, transport, unaided, other, value, own_weight, risk,
                  alpha, cost, wait, comfort, support, rent, camp, flat):
    """Utilities of trying alone, waiting and going to each other corridor (2 + C, n).

    unaided (O, C): believed chance of success alone; other (O, C): utility of going to each corridor.
    """
    own, here = origin[rows], corridor[rows]
    prior = own_weight / (own_weight + failures[rows])  # own failures lower the belief that one's origin shares
    outside = np.empty((2 + other.shape[1], len(rows)))
    outside[0] = value * unaided[own, here] * prior - risk - alpha * (cost + transport)
    outside[1] = wait + comfort * (shelter[rows] == camp) + support * aware[rows] - rent * (shelter[rows] == flat)
    outside[2:] = other[own].T
    outside[2 + here, np.arange(len(rows))] = -np.inf
    return outside


@without_group.loop(f"float64[:, ::1](int64[::1], int8[::1], int8[::1], int16[::1], int8[::1], boolean[::1], "
                    f"float64[::1], float64[:, ::1], float64[:, ::1], {'float64, ' * 9}int64, int64)")
def without_group_loop(rows, origin, corridor, failures, shelter, aware, transport, unaided, other, value, own_weight,
                       risk, alpha, cost, wait, comfort, support, rent, camp, flat):
    corridors = other.shape[1]
    outside = np.empty((2 + corridors, rows.size))
    for k in range(rows.size):
        i = rows[k]
        own, here = origin[i], corridor[i]
        prior = own_weight / (own_weight + failures[i])
        outside[0, k] = value * unaided[own, here] * prior - risk - alpha * (cost + transport[k])
        outside[1, k] = wait + comfort * (shelter[i] == camp) + support * aware[i] - rent * (shelter[i] == flat)
        for c in range(corridors):
            outside[2 + c, k] = -np.inf if c == here else other[own, c]
    return outside
