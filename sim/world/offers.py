"""What people who choose face tonight (M4): the utility of every option.

    u_j     = −α (expected outlay_ij + transport) + β q̂_ij + γ [same origin] + δ_origin brand_j
              + η log turf_j − κ_g ĥ_ij − κ_m h̄_i           group j, if its price can be paid
    u_alone = β q̂_own − risk − α (cost + transport),         q̂_own falls with own failures
    u_wait  = v₀ − impatience × urgency + comfort [camp] + support × coverage [aware] − α rent [flat]
    u_c     = β q̂_c − α q̂_c p̄_c − α switching cost + v_c     go to another corridor

Dependence on groups after pushback (F21) is not put in: own failures lower q̂_own, and nothing else.
"""

from typing import NamedTuple

import numpy as np

from sim.ledger import CENTS
from sim.world.contracts import contract
from sim.world.people import Shelter
from sim.world.readings import client_shares, corridor_turf, transport_cost


class Offers(NamedTuple):
    """What the choosers face; n choosers of K kinds, J groups, C corridors.

    Choosers of one kind see the same groups at the same prices, so the nest is computed once for all of them.
    """

    kind: np.ndarray  # (n,) kind of each chooser
    groups: np.ndarray  # (K, J) utility of each group before the way to the border; −inf where not on offer
    success: np.ndarray  # (K, J) believed chance of success with each group
    way: np.ndarray  # (n,) utility of the way to the border with a group
    outside: np.ndarray  # (2 + C, n) utility of trying alone, waiting, each other corridor
    funds: np.ndarray  # (n,) EUR that cash and family could pay


def offer(world, rows) -> Offers:
    """Utilities of every option for the choosers."""
    p, people, price = world.p, world.people, world.groups.price
    funds = (people.cash[rows] + people.means[rows]) / CENTS
    first, kind = alike(world, rows, funds)
    origin, corridor = people.origin[rows[first]], people.corridor[rows[first]]
    turf, believed, transport = corridor_turf(world), world.beliefs.success(), transport_cost(world, rows)
    utility = attraction(world, turf, believed)[origin, corridor]
    utility[funds[first][:, None] < price] = -np.inf
    success = believed.swapaxes(1, 2)[origin, corridor]
    outside = outside_options(world, rows, believed, turf, transport)
    return Offers(kind, utility, success, -p.migrants.price_sensitivity * transport, outside, funds)


def alike(world, rows, funds) -> tuple[np.ndarray, np.ndarray]:
    """Kinds of choosers by origin, corridor and which prices they can pay: one of each kind, and everyone's kind."""
    people, price = world.people, world.groups.price
    limits = np.sort(np.concatenate([price, price * (1 + world.p.market.means_band)]))
    level = np.searchsorted(limits, funds, side="right")
    corridors = len(world.places.corridors)
    label = (people.origin[rows].astype(np.int64) * corridors + people.corridor[rows]) * (len(limits) + 1) + level
    one = np.full(len(world.p.migrants.origins) * corridors * (len(limits) + 1), -1)
    one[label] = np.arange(len(rows))
    found = one >= 0
    return one[found], (np.cumsum(found) - 1)[label]


def attraction(world, turf, believed) -> np.ndarray:
    """Utility of each group by origin and corridor (O, C, J), before the way to the border; −inf where not there."""
    p, groups = world.p.migrants, world.groups
    abuse = world.beliefs.abuse()
    market_abuse = abuse @ client_shares(groups)
    same = np.arange(len(p.origins))[:, None] == groups.origin
    standing = (p.same_origin * same + np.asarray(p.brand_appeal)[:, None] * groups.brand
                - p.abuse_aversion * abuse - p.market_abuse_aversion * market_abuse[:, None])
    success = believed.swapaxes(1, 2)
    outlay = contract(world).outlay(success, groups.price, world.p.market.retry_fee)
    with np.errstate(divide="ignore", invalid="ignore"):  # a group without turf is not there, however little turf shows
        presence = np.where(turf > 0, p.turf_visibility * np.log(turf), -np.inf)
    utility = presence + standing[:, None] + p.value_of_success * success - p.price_sensitivity * outlay
    return np.where(groups.active, utility, -np.inf)


def outside_options(world, rows, believed, turf, transport) -> np.ndarray:
    """Utilities of trying alone, waiting and each other corridor: (2 + C, n)."""
    p, people = world.p.migrants, world.people
    origin, corridor, n = people.origin[rows], people.corridor[rows], len(rows)
    alpha = p.price_sensitivity
    prior = p.own_weight / (p.own_weight + people.failures[rows])  # own failures count against the common belief
    alone = (p.value_of_success * world.beliefs.unaided()[origin, corridor] * prior - p.unaided_risk
             - alpha * (p.unaided_cost + transport))
    wait = (p.wait_value - p.impatience * world.calendar.urgency(world.t)
            + p.camp_comfort * (people.shelter[rows] == Shelter.CAMP)
            + p.support * p.coverage * people.aware[rows]
            - alpha * world.p.camps.rent * p.review * (people.shelter[rows] == Shelter.FLAT))
    presence = turf / np.maximum(turf.sum(axis=1, keepdims=True), 1e-12)
    elsewhere = np.einsum("cj,ojc->oc", presence, believed)
    mean_price = presence @ world.groups.price
    other = (p.value_of_success * elsewhere - alpha * contract(world).felt(elsewhere) * mean_price
             + p.corridor_value - alpha * p.switching_cost)
    outside = np.empty((2 + len(presence), n))
    outside[0], outside[1], outside[2:] = alone, wait, other[origin].T
    outside[2 + corridor, np.arange(n)] = -np.inf
    return outside
