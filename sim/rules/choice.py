"""M4 choice: with whom to try, alone, elsewhere, or later.

People choose at events (ready after arrival or rest, at the end of a wait, unserved too long), not every night:

    u_j     = −α (q̂_ij p_j + (1 − q̂_ij) f + transport) + β q̂_ij + γ [same origin] + δ_origin brand_j
              + η log turf_j − κ_g ĥ_ij − κ_m h̄_i           group j, if its price can be paid
    u_alone = β q̂_own − risk − α (cost + transport),         q̂_own falls with own failures
    u_wait  = v₀ − impatience × urgency + comfort [camp] + support × coverage [aware] − α rent [flat]
    u_c     = β q̂_c − α q̂_c p̄_c − α switching cost + v_c     go to another corridor

Groups form one nest with dissimilarity λ (nested logit: McFadden 1978; λ = 1 is the plain logit), so for a client

    s_j = s_{j|nest} s_nest,   ∂s_k/∂u_j = s_j ([j = k]/λ − (1−λ)/λ s_{k|nest} − s_k).

Dependence on groups after pushback (F21) is not put in: own failures lower q̂_own, and nothing else.
"""

from typing import NamedTuple

import numpy as np

from sim.ledger import CENTS, cents
from sim.world.people import Shelter, Status
from sim.world.readings import client_shares, corridor_turf, transport_cost

UNAIDED = -2  # `client_of` of someone who tries alone tonight


class Offers(NamedTuple):
    """What the choosers face; n choosers, J groups, C corridors."""

    groups: np.ndarray  # (n, J) utility of each group; −inf where not on offer
    outside: np.ndarray  # (n, 2 + C) utility of trying alone, waiting, each other corridor
    success: np.ndarray  # (n, J) believed chance of success with each group
    funds: np.ndarray  # (n,) EUR that cash and family could pay


def nested_logit(groups, outside, dissimilarity):
    """Shares of each group (n, J), of each within the nest (n, J), and of the outside options (n, K)."""
    scaled = groups / dissimilarity
    top = scaled.max(axis=1, initial=-1e300)[:, None]
    weight = np.exp(scaled - top)
    total = weight.sum(axis=1, keepdims=True)
    within = weight / np.where(total > 0, total, 1.0)
    with np.errstate(divide="ignore"):
        inclusive = dissimilarity * (np.log(total) + top)
    best = np.maximum(inclusive, outside.max(axis=1, keepdims=True))
    nest, rest = np.exp(inclusive - best), np.exp(outside - best)
    everything = nest + rest.sum(axis=1, keepdims=True)
    return within * (nest / everything), within, rest / everything


def demand_slopes(shares, within, slopes, dissimilarity):
    """∂ engagements with k / ∂ price of j summed over clients (J, J), for price slopes of utility (n, J)."""
    steep = slopes * shares
    ratio = (1 - dissimilarity) / dissimilarity
    return steep.T @ (shares + ratio * within) - np.diag(steep.sum(axis=0) / dissimilarity)


def choose(world) -> None:
    """Everyone who is due chooses; owners remember how demand answers to price and appeal."""
    people = world.people
    rows = choosers(world)
    world.count("choosing", len(rows))
    if not len(rows):
        return
    offers = offer(world, rows)
    shares, within, outside = nested_logit(offers.groups, offers.outside, world.p.migrants.dissimilarity)
    remember(world, offers, shares, within)
    edges = np.cumsum(np.hstack([shares, outside]), axis=1)
    uniforms = world.draws.uniform("choice", world.t, people.id[rows])
    picked = (uniforms[:, None] * edges[:, -1:] > edges).sum(axis=1)
    act(world, rows, picked)


def choosers(world) -> np.ndarray:
    """Rows of those who are due to choose tonight; rests that have ended become waits."""
    people, t = world.people, world.t
    rested = (people.status == Status.RESTING) & (people.until <= t)
    people.status[rested] = Status.WAITING
    unserved = (people.client_of >= 0) & (t - people.engaged >= world.p.migrants.review)
    people.client_of[unserved] = -1
    return np.flatnonzero((people.status == Status.WAITING) & (people.until <= t) & (people.client_of == -1))


def offer(world, rows) -> Offers:
    """Utilities of every option for the choosers."""
    p, people, groups = world.p.migrants, world.people, world.groups
    origin, corridor = people.origin[rows], people.corridor[rows]
    funds = (people.cash[rows] + people.means[rows]) / CENTS
    transport = transport_cost(world, rows)
    turf = corridor_turf(world)
    believed = world.beliefs.success()
    success = believed[origin, :, corridor]
    abuse = world.beliefs.abuse()
    market_abuse = abuse @ client_shares(groups)
    alpha, price = p.price_sensitivity, groups.price
    with np.errstate(divide="ignore"):
        appeal = (p.turf_visibility * np.log(turf))[corridor]
    appeal = appeal + (p.same_origin * (origin[:, None] == groups.origin)
                       + np.asarray(p.brand_appeal)[origin][:, None] * groups.brand
                       - p.abuse_aversion * abuse[origin] - p.market_abuse_aversion * market_abuse[origin][:, None])
    outlay = success * price + (1 - success) * world.p.market.retry_fee + transport[:, None]
    utility = appeal + p.value_of_success * success - alpha * outlay
    utility[:, ~groups.active] = -np.inf
    utility[funds[:, None] < price] = -np.inf
    return Offers(utility, outside_options(world, rows, believed, turf, transport), success, funds)


def outside_options(world, rows, believed, turf, transport) -> np.ndarray:
    """Utilities of trying alone, waiting and each other corridor: (n, 2 + C)."""
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
    other = (p.value_of_success * elsewhere - alpha * elsewhere * mean_price)[origin]
    other = other + p.corridor_value - alpha * p.switching_cost
    other[np.arange(n), corridor] = -np.inf
    return np.column_stack([alone, wait, other])


def remember(world, offers, shares, within) -> None:
    """Add tonight's choosers to what owners know of demand (M3).

    The slope of utility in price is α q̂; a client whose funds lie just above the price would lose the option, so
    within a band of width h above the price the slope of −s_j/(h p) is added (the density of means at the price).
    """
    p, demand, price = world.p, world.demand, world.groups.price
    lam = p.migrants.dissimilarity
    slopes = p.migrants.price_sensitivity * offers.success
    marginal = (offers.funds[:, None] < price * (1 + p.market.means_band)) & (shares > 0)
    if marginal.any():
        own = 1 / lam - (1 - lam) / lam * within - shares
        band = p.market.means_band * np.maximum(price, 1e-9)
        slopes = slopes + np.where(marginal, 1 / (band * np.maximum(own, 1e-9)), 0)
    demand.demand += shares.sum(axis=0)
    demand.by_price += demand_slopes(shares, within, slopes, lam)
    demand.by_appeal -= demand_slopes(shares, within, np.ones_like(shares), lam)


def act(world, rows, picked) -> None:
    """Carry out the choices."""
    people, groups, t, p = world.people, world.groups, world.t, world.p.migrants
    taken = picked < groups.n
    clients, group = rows[taken], picked[taken]
    people.client_of[clients], people.engaged[clients] = group, t
    people.fee[clients] = cents(groups.price)[group]
    np.add.at(world.beliefs.engagements, (people.origin[clients], group), 1.0)
    engaged = np.bincount(group, minlength=groups.n)
    groups.demand += (engaged - groups.demand) * world.p.market.learning
    people.client_of[rows[picked == groups.n]] = UNAIDED
    people.until[rows[picked == groups.n + 1]] = t + p.review
    movers = picked >= groups.n + 2
    people.corridor[rows[movers]] = picked[movers] - groups.n - 2
    people.until[rows[movers]] = t + 1
    moving = rows[movers]
    world.books.people_pay(moving, np.full(len(moving), int(cents(p.switching_cost))), "unaided")


def leave(world) -> np.ndarray:
    """Some give up, more after failures; a few enter a legal procedure where access exists (M20)."""
    p, people, t = world.p.migrants, world.people, world.t
    free = np.flatnonzero((people.status == Status.WAITING) | (people.status == Status.RESTING))
    hazard = p.leave_hazard + p.leave_per_failure * people.failures[free]
    legal = world.p.border.legal_access * people.trust[free] * people.aware[free]
    u = world.draws.uniform("leaving", t, people.id[free])
    gone, admitted = u < hazard, (u >= hazard) & (u < hazard + legal)
    people.status[free[gone]] = Status.LEFT
    people.status[free[admitted]] = Status.PROCEDURE
    world.count("left", int(gone.sum()))
    world.count("procedures", int(admitted.sum()))
    return free[gone | admitted]


RULES = {"nested_logit": choose}
