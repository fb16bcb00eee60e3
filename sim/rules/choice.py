"""M4 choice `nested_logit | logit | satisficing`: with whom to try, alone, elsewhere, or later.

People choose at events (ready after arrival or rest, at the end of a wait, unserved too long), not every night:

    u_j     = −α (expected outlay_ij + transport) + β q̂_ij + γ [same origin] + δ_origin brand_j
              + η log turf_j − κ_g ĥ_ij − κ_m h̄_i           group j, if its price can be paid
    u_alone = β q̂_own − risk − α (cost + transport),         q̂_own falls with own failures
    u_wait  = v₀ − impatience × urgency + comfort [camp] + support × coverage [aware] − α rent [flat]
    u_c     = β q̂_c − α q̂_c p̄_c − α switching cost + v_c     go to another corridor

Groups form one nest with dissimilarity λ (nested logit: McFadden 1978; λ = 1 is the plain logit), so for a client

    s_j = s_{j|nest} s_nest,   ∂s_k/∂u_j = s_j ([j = k]/λ − (1−λ)/λ s_{k|nest} − s_k).

logit: λ = 1.  satisficing: people meet options in an order of their own and take the first that beats waiting by their
aspiration a + σ logistic (Simon 1955, Q. J. Econ. 69:99), else they wait.  With F the chance that an option is good
enough and options ranked from the best, an option is taken with chance Σ_{m ≥ rank} (F_m − F_{m+1})/m.

Dependence on groups after pushback (F21) is not put in: own failures lower q̂_own, and nothing else.
"""

from typing import NamedTuple

import numpy as np
from scipy.special import expit, logit

from sim.ledger import CENTS, cents
from sim.world.contracts import contract
from sim.world.people import NEVER, Shelter, Status
from sim.world.readings import client_shares, corridor_turf, transport_cost

UNAIDED = -2  # `client_of` of someone who tries alone tonight


class Offers(NamedTuple):
    """What the choosers face; n choosers of K kinds, J groups, C corridors.

    Choosers of one kind see the same groups at the same prices, so the nest is computed once for all of them.
    """

    kind: np.ndarray  # (n,) kind of each chooser
    groups: np.ndarray  # (K, J) utility of each group before the way to the border; −inf where not on offer
    success: np.ndarray  # (K, J) believed chance of success with each group
    way: np.ndarray  # (n,) utility of the way to the border with a group
    outside: np.ndarray  # (n, 2 + C) utility of trying alone, waiting, each other corridor
    funds: np.ndarray  # (n,) EUR that cash and family could pay


def nest(groups, dissimilarity):
    """Shares of each group within the nest (K, J) and the nest's inclusive value (K,)."""
    scaled = groups / dissimilarity
    top = scaled.max(axis=1, initial=-1e300)
    weight = np.exp(scaled - top[:, None])
    total = weight.sum(axis=1)
    within = weight / np.where(total > 0, total, 1.0)[:, None]
    with np.errstate(divide="ignore"):
        return within, dissimilarity * (np.log(total) + top)


def against(inclusive, outside):
    """Share of the nest (n,) and of each outside option (n, M)."""
    best = np.maximum(inclusive, outside.max(axis=1))
    aided, rest = np.exp(inclusive - best), np.exp(outside - best[:, None])
    everything = aided + rest.sum(axis=1)
    return aided / everything, rest / everything[:, None]


def nested_logit(groups, outside, dissimilarity):
    """Shares of each group (n, J), of each within the nest (n, J), and of the outside options (n, M)."""
    within, inclusive = nest(groups, dissimilarity)
    aided, rest = against(inclusive, outside)
    return within * aided[:, None], within, rest


def demand_slopes(within, aided, squared, slopes, dissimilarity):
    """∂ engagements with k / ∂ price of j summed over clients (J, J), for price slopes of utility (K, J).

    `aided`, `squared` (K,): sums over a kind's clients of the nest's share and of its square (s_j = within × share).
    """
    steep = slopes * within
    ratio = (1 - dissimilarity) / dissimilarity
    return steep.T @ (within * (squared + ratio * aided)[:, None]) - np.diag(aided @ steep / dissimilarity)


def choose(world) -> None:
    """Everyone who is due chooses by the nested logit."""
    choose_among_nests(world, world.p.migrants.dissimilarity)


def choose_plainly(world) -> None:
    """The same without a nest: the plain logit."""
    choose_among_nests(world, 1.0)


def choose_among_nests(world, dissimilarity) -> None:
    """Everyone who is due chooses; owners remember how demand answers to price and appeal."""
    rows = choosers(world)
    world.count("choosing", len(rows))
    if not len(rows):
        return
    offers = offer(world, rows)
    within, inclusive = nest(offers.groups, dissimilarity)
    aided, rest = against(inclusive[offers.kind] + offers.way, offers.outside)
    remember(world, offers, within, aided, dissimilarity)
    uniforms = world.draws.uniform("choice", world.t, world.people.id[rows])
    act(world, rows, pick(uniforms, within, offers.kind, aided, rest))


def pick(uniforms, within, kind, aided, rest) -> np.ndarray:
    """The option whose stretch of the cumulative shares holds the uniform: groups first, then the outside options."""
    outside = uniforms - aided
    picked = within.shape[1] + (outside[:, None] >= np.cumsum(rest, axis=1)[:, :-1]).sum(axis=1)
    chose = np.flatnonzero(outside < 0)
    edges = np.cumsum(within, axis=1)
    u = uniforms[chose] / aided[chose] * edges[kind[chose], -1]
    picked[chose] = (u[:, None] >= edges[kind[chose], :-1]).sum(axis=1)
    return picked


def choosers(world) -> np.ndarray:
    """Rows of those who are due to choose tonight; rests that have ended become waits."""
    people, t = world.people, world.t
    rested = (people.status == Status.RESTING) & (people.until <= t)
    people.status[rested] = Status.WAITING
    unserved = (people.client_of >= 0) & (t - people.engaged >= world.p.migrants.review) & (people.guarantor < 0)
    people.client_of[unserved], people.engaged[unserved] = -1, NEVER
    return np.flatnonzero((people.status == Status.WAITING) & (people.until <= t) & (people.client_of == -1))


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
    _, first, kind = np.unique(label, return_index=True, return_inverse=True)
    return first, kind


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
    with np.errstate(divide="ignore"):
        presence = p.turf_visibility * np.log(turf)
    utility = presence + standing[:, None] + p.value_of_success * success - p.price_sensitivity * outlay
    return np.where(groups.active, utility, -np.inf)


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
    other = (p.value_of_success * elsewhere - alpha * contract(world).felt(elsewhere) * mean_price)[origin]
    other = other + p.corridor_value - alpha * p.switching_cost
    other[np.arange(n), corridor] = -np.inf
    return np.column_stack([alone, wait, other])


def remember(world, offers, within, aided, lam) -> None:
    """Add tonight's choosers to what owners know of demand (M3).

    The slope of utility in price is α ∂outlay/∂price (α q̂ on success); a client whose funds lie just above the price
    would lose the option, so within a band of width h above the price the slope of −s_j/(h p) is added (the density of
    means at the price).
    """
    p, demand, price, kind = world.p, world.demand, world.groups.price, offers.kind
    kinds = len(within)
    summed, squared = np.bincount(kind, aided, kinds), np.bincount(kind, aided**2, kinds)
    demand.demand += summed @ within
    slopes = p.migrants.price_sensitivity * contract(world).felt(offers.success)
    demand.by_price += demand_slopes(within, summed, squared, slopes, lam)
    demand.by_appeal -= demand_slopes(within, summed, squared, np.ones_like(within), lam)
    few = np.flatnonzero(offers.funds < price.max() * (1 + p.market.means_band))  # who may be just above a price
    shares, inside = within[kind[few]] * aided[few, None], within[kind[few]]
    person, group = np.nonzero((offers.funds[few, None] < price * (1 + p.market.means_band)) & (shares > 0))
    extra = np.zeros_like(shares)
    own = 1 / lam - (1 - lam) / lam * inside[person, group] - shares[person, group]
    extra[person, group] = 1 / (p.market.means_band * np.maximum(price[group] * own, 1e-9))
    demand.by_price += demand_slopes(inside, aided[few], aided[few] ** 2, extra, lam)


def first_acceptable(utility, level, scale):
    """Chance that each option is the first good enough one met (n, M), density of the aspiration at it, and its rank.

    utility (n, M), −inf where not on offer; aspirations are logistic around `level` (n,) with `scale`.
    """
    order = np.argsort(-utility, axis=1, kind="stable")
    chance = expit((utility - level[:, None]) / scale)
    number = np.arange(1, utility.shape[1] + 1)
    sorted_chance = np.take_along_axis(chance, order, axis=1)
    drop = sorted_chance - np.column_stack([sorted_chance[:, 1:], np.zeros(len(utility))])
    taken = np.cumsum((drop / number)[:, ::-1], axis=1)[:, ::-1]
    shares, rank = np.empty_like(chance), np.empty_like(order)
    np.put_along_axis(shares, order, taken, axis=1)
    np.put_along_axis(rank, order, np.broadcast_to(number, order.shape), axis=1)
    return shares, chance * (1 - chance) / scale, rank


def acceptable_slopes(density, rank):
    """∂ share of k / ∂ utility of j (n, J, J): a better j gains density/rank, all from those who also accept more."""
    worse = rank[:, :, None] > rank[:, None, :]
    slopes = np.where(worse, -(density / (rank * np.maximum(rank - 1, 1)))[:, :, None], 0.0)
    j = np.arange(rank.shape[1])
    slopes[:, j, j] = density / rank
    return slopes


def satisfice(world) -> None:
    """Everyone who is due takes the first option met that is good enough, or waits."""
    rows = choosers(world)
    world.count("choosing", len(rows))
    if not len(rows):
        return
    p, t, ids, groups = world.p.migrants, world.t, world.people.id[rows], world.groups.n
    offers = offer(world, rows)
    aided = offers.groups[offers.kind] + offers.way[:, None]
    utility = np.column_stack([aided, offers.outside[:, 0], offers.outside[:, 2:]])
    level = offers.outside[:, 1] + p.aspiration
    remember_acceptable(world, offers, *first_acceptable(utility, level, p.aspiration_scale))
    aspiration = level + p.aspiration_scale * logit(world.draws.uniform("aspiration", t, ids))
    meets = np.column_stack([world.draws.uniform("option met", t, ids, k) for k in range(utility.shape[1])])
    meets[utility < aspiration[:, None]] = 1.0  # draws lie below 1
    first = np.where(meets.min(axis=1) < 1.0, meets.argmin(axis=1), -1)
    # `act` counts options as groups, alone, wait, other corridors
    act(world, rows, np.where(first < 0, groups + 1, first + (first > groups)))


def remember_acceptable(world, offers, shares, density, rank) -> None:
    """As `remember`, for those who take the first acceptable option."""
    p, demand, price = world.p, world.demand, world.groups.price
    shares, density, rank = (x[:, : world.groups.n] for x in (shares, density, rank))
    steep = p.migrants.price_sensitivity * contract(world).felt(offers.success)[offers.kind]
    near = (offers.funds[:, None] >= price) & (offers.funds[:, None] < price * (1 + p.market.means_band))
    own = np.maximum(density / rank, 1e-9)
    steep = steep + near * shares / (p.market.means_band * np.maximum(price, 1e-9) * own)
    slopes = acceptable_slopes(density, rank)
    demand.demand += shares.sum(axis=0)
    demand.by_price -= np.einsum("ij,ijk->jk", steep, slopes)
    demand.by_appeal += slopes.sum(axis=0)


def act(world, rows, picked) -> None:
    """Carry out the choices."""
    people, groups, t, p = world.people, world.groups, world.t, world.p.migrants
    taken = picked < groups.n
    clients, group = rows[taken], picked[taken]
    people.client_of[clients], people.engaged[clients] = group, t
    people.fee[clients] = cents(groups.price)[group]
    np.add.at(world.beliefs.engagements, (people.origin[clients], group), 1.0)
    engaged = np.bincount(group, minlength=groups.n) + world.renewed
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
    out = free[gone | admitted]
    people.shelter[out] = Shelter.NONE  # they sleep here no more
    people.camp[out] = people.place[out] = people.landlord[out] = -1
    world.count("left", int(gone.sum()))
    world.count("procedures", int(admitted.sum()))
    world.count("admissions", int(admitted.sum()))
    world.count("cost_admissions", admitted.sum() * world.p.border.admission_cost)
    return out


RULES = {"nested_logit": choose, "logit": choose_plainly, "satisficing": satisfice}
