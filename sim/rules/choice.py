"""M4 choice `nested_logit | logit | satisficing`: with whom to try, alone, elsewhere, or later.

People choose at events (ready after arrival or rest, at the end of a wait, unserved too long), not every night, among
groups, trying alone, waiting and other corridors (utilities: `sim/world/offers.py`).

nested_logit: with the shares of a nested logit (`sim/world/shares.py`).  logit: the same with λ = 1.
satisficing: the first option met that beats waiting by an aspiration of one's own, else waiting.
"""

import numpy as np
from scipy.special import logit

from sim.ledger import cents
from sim.world.columns import rows_where
from sim.world.contracts import contract
from sim.world.offers import offer
from sim.world.people import NEVER, Shelter, Status
from sim.world.shares import acceptable_slopes, against, demand_slopes, first_acceptable, nest, pick

UNAIDED = -2  # `client_of` of someone who tries alone tonight


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


def choosers(world) -> np.ndarray:
    """Rows of those who are due to choose tonight; rests that have ended become waits."""
    people, t = world.people, world.t
    rested = (people.status == Status.RESTING) & (people.until <= t)
    people.status[rested] = Status.WAITING
    unserved = (people.client_of >= 0) & (t - people.engaged >= world.p.migrants.review) & (people.guarantor < 0)
    people.client_of[unserved], people.engaged[unserved] = -1, NEVER
    return rows_where((people.status == Status.WAITING) & (people.until <= t) & (people.client_of == -1))


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
    few = rows_where(offers.funds < price.max() * (1 + p.market.means_band))  # who may be just above a price
    shares, inside = within[kind[few]] * aided[few, None], within[kind[few]]
    person, group = np.nonzero((offers.funds[few, None] < price * (1 + p.market.means_band)) & (shares > 0))
    extra = np.zeros_like(shares)
    own = 1 / lam - (1 - lam) / lam * inside[person, group] - shares[person, group]
    extra[person, group] = 1 / (p.market.means_band * np.maximum(price[group] * own, 1e-9))
    demand.by_price += demand_slopes(inside, aided[few], aided[few] ** 2, extra, lam)


def satisfice(world) -> None:
    """Everyone who is due takes the first option met that is good enough, or waits."""
    rows = choosers(world)
    world.count("choosing", len(rows))
    if not len(rows):
        return
    p, t, ids, groups = world.p.migrants, world.t, world.people.id[rows], world.groups.n
    offers = offer(world, rows)
    aided = offers.groups[offers.kind] + offers.way[:, None]
    utility = np.column_stack([aided, offers.outside[0], offers.outside[2:].T])
    level = offers.outside[1] + p.aspiration
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
    free = rows_where(people.free)
    hazard = p.leave_hazard + p.leave_per_failure * people.failures[free]
    legal = world.p.border.legal_access * people.trust[free] * people.aware[free]
    u = world.draws.uniform("leaving", t, people.id[free])
    gone, admitted = u < hazard, (u >= hazard) & (u < hazard + legal)
    people.status[free[gone]] = Status.LEFT
    people.status[free[admitted]] = Status.PROCEDURE
    out = free[gone | admitted]
    people.shelter[out] = Shelter.NONE  # they sleep here no more
    people.camp[out] = people.place[out] = people.landlord[out] = -1
    world.count("left", np.count_nonzero(gone))
    world.count("procedures", np.count_nonzero(admitted))
    world.count("admissions", np.count_nonzero(admitted))
    world.count("cost_admissions", np.count_nonzero(admitted) * world.p.border.admission_cost)
    return out


RULES = {"nested_logit": choose, "logit": choose_plainly, "satisficing": satisfice}
