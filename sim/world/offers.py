"""Utilities of the options from which people choose tonight (M4).

    u_j     = −α (expected outlay_ij + transport) + β q̂_ij + γ [same origin] + δ_origin brand_j
              + η log turf_j − κ_g ĥ_ij − κ_m h̄_i           group j, if its price can be paid
    u_alone = β q̂_own − risk − α (cost + transport)
    u_wait  = v₀ − impatience × urgency + comfort [camp] + support × coverage [aware] − α rent [flat]
    u_c     = β q̂_c − α q̂_c p̄_c − α switching cost + v_c + τ_c − τ_here     go to another corridor

The logarithm of the chance to get away from police who are present in the corridor is added to every option that is an
attempt there (`sim/world/presence.py`).

A person's own failures alone lower q̂_own, and failures with the last group that failed the person lower q̂_ij of that
group: the belief that people share weighs as much as `own_weight` of them.  They have no other effect on choice, so
that dependence on groups after a pushback (F21) is not assumed.
"""

from typing import NamedTuple

import numpy as np

from sim.world.contracts import contract
from sim.world.derived import client_shares, corridor_turf, transport_cost
from sim.world.ledger import CENTS
from sim.world.people import Shelter
from sim.world.presence import known_chance
from sim.world.taste import tastes


class Offers(NamedTuple):
    """Utilities and beliefs of tonight's n choosers of K types, for J groups and C corridors.

    Choosers of one type have the same groups on offer at the same utility, so that their nest is computed once.
    """

    chooser_type: np.ndarray  # (n,) type of each chooser
    groups: np.ndarray  # (K, J) utility of each group without transport to the border; −inf where not on offer
    success: np.ndarray  # (K, J) believed chance of success with each group
    access_utility: np.ndarray  # (n,) utility of transport to the border with a group
    here: np.ndarray  # (2, n) utility of trying alone and of waiting
    elsewhere: np.ndarray  # (C, n) utility of going to each corridor; −inf for the one that the person is in
    funds: np.ndarray  # (n,) EUR, cash and family funds
    taste: np.ndarray  # (n,) utility of being in the present corridor instead of the favourite one, at most 0


def offer(world, rows) -> Offers:
    """Utilities of all options for the choosers in `rows` (n,)."""
    p, people, price = world.p, world.people, world.groups.price
    funds = (people.cash[rows] + people.family_funds[rows]) / CENTS
    limits = np.sort(np.concatenate([price, price * (1 + p.market.means_band)]))
    first, chooser_type = group_by_choice_set(people, rows, np.searchsorted(limits, funds, side="right"))
    example = rows[first]
    origin, corridor = people.origin[example], people.corridor[example]
    turf, believed, transport = corridor_turf(world), world.beliefs.success(), transport_cost(world, rows)
    success = believed.swapaxes(1, 2)[origin, corridor]
    doubt(success, people.failed_by[example], people.failed_times[example], p.migrants.own_weight)
    utility = attraction(world, turf)[origin, corridor] + worth_of_attempt(world, success, price)
    utility[funds[first][:, None] < price] = -np.inf
    taste = tastes(world, people.id[rows])
    here = taste[people.corridor[rows], np.arange(len(rows))]
    return Offers(chooser_type, utility, success, -p.migrants.price_sensitivity * transport,
                  without_group(world, rows, transport), elsewhere(world, rows, believed, turf, taste - here), funds,
                  here)


def group_by_choice_set(people, rows, level):
    """Sort choosers into types by origin, corridor, means and failures with a group.

    level (n,): number of the sorted limits of means that each chooser reaches.
    Returns for each type the position in `rows` of one chooser of it (K,), and the type of each chooser (n,).
    """
    failed_by = people.failed_by[rows]
    failed_times = np.where(failed_by >= 0, people.failed_times[rows], 0)
    label = np.zeros(len(rows), np.int64)
    for part in (people.origin[rows], people.corridor[rows], level, failed_by + 1, failed_times):
        label = label * (int(part.max(initial=0)) + 1) + part
    _, first, chooser_type = np.unique(label, return_index=True, return_inverse=True)
    return first, chooser_type


def doubt(success, failed_by, failed_times, own_weight) -> None:
    """Lower, in place, the success (K, J) that people believe in with the group that has failed them so often (K,)."""
    doubted = np.flatnonzero(failed_by >= 0)
    success[doubted, failed_by[doubted]] *= own_weight / (own_weight + failed_times[doubted])


def worth_of_attempt(world, success, price) -> np.ndarray:
    """Utility of a chance of success less that of the outlay expected, at prices in EUR; shape of `success`."""
    p = world.p.migrants
    outlay = contract(world).outlay(success, price, world.p.market.retry_fee)
    return p.value_of_success * success - p.price_sensitivity * outlay


def attraction(world, turf) -> np.ndarray:
    """Utility of each group by origin and corridor (O, C, J) besides its chances and price; −inf for one without turf.

    turf (C, J): mean turf shares.
    """
    p, groups = world.p.migrants, world.groups
    abuse = world.beliefs.abuse()
    market_abuse = abuse @ client_shares(groups)
    same = np.arange(len(p.origins))[:, None] == groups.origin
    repute = (p.same_origin * same + np.asarray(p.brand_appeal)[:, None] * groups.brand
              - p.abuse_aversion * abuse - p.market_abuse_aversion * market_abuse[:, None])
    with np.errstate(divide="ignore", invalid="ignore"):  # no turf, no offer, even if turf_visibility is 0
        presence = np.where(turf > 0, p.turf_visibility * np.log(turf), -np.inf)
    return np.where(groups.active, presence + repute[:, None] + known_chance(world)[:, None], -np.inf)


def without_group(world, rows, transport) -> np.ndarray:
    """Utilities of trying alone and of waiting (2, n) for the choosers in `rows`; transport in EUR (n,)."""
    p, people, alpha = world.p.migrants, world.people, world.p.migrants.price_sensitivity
    prior = p.own_weight / (p.own_weight + people.failures_alone[rows])
    success = world.beliefs.unaided()[people.origin[rows], people.corridor[rows]] * prior
    alone = (p.value_of_success * success - p.unaided_risk - alpha * (p.unaided_cost + transport)
             + known_chance(world)[people.corridor[rows]])
    shelter = people.shelter[rows]
    wait = (p.wait_value - p.impatience * world.calendar.urgency(world.t) + p.camp_comfort * (shelter == Shelter.CAMP)
            + p.support * p.coverage * people.aware[rows]
            - alpha * world.p.camps.rent * p.review * (shelter == Shelter.FLAT))
    return np.stack([alone, wait])


def elsewhere(world, rows, believed, turf, taste) -> np.ndarray:
    """Utility of going to each corridor (C, n); −inf for the one that the person is in.

    turf (C, J): mean turf shares; believed (O, J, C): believed chances of success; taste (C, n): beyond the one here.
    """
    p, people, alpha = world.p.migrants, world.people, world.p.migrants.price_sensitivity
    presence = turf / np.maximum(turf.sum(axis=1, keepdims=True), 1e-12)
    success = np.einsum("cj,ojc->oc", presence, believed)
    mean_price = presence @ world.groups.price
    going = (p.value_of_success * success - alpha * contract(world).felt(success) * mean_price
             + p.corridor_value - alpha * p.switching_cost + known_chance(world))
    utility = going[people.origin[rows]].T + taste
    utility[people.corridor[rows], np.arange(len(rows))] = -np.inf
    return utility
