"""M4 choice `nested_logit | logit | satisficing`: people choose a group, try alone, wait or change corridor.

People choose at events (ready after arrival or rest, at the end of a wait, unserved too long), not every night, among
groups, trying alone, waiting and other corridors (utilities: `sim/world/offers.py`).

nested_logit: with the shares of a nested logit (`sim/world/shares.py`).  logit: the same with λ = 1.
satisficing: the first option met whose utility exceeds that of waiting by a personal aspiration, else waiting.
"""

import numpy as np
from scipy.special import expit, logit

from sim.world.columns import rows_where
from sim.world.contracts import contract
from sim.world.ledger import cents
from sim.world.loops import compilable
from sim.world.news import worth_of_staying
from sim.world.offers import offer
from sim.world.people import UNAIDED, Status
from sim.world.shares import (
    acceptable_slopes,
    conditional_shares,
    demand_slopes,
    expected_best,
    first_acceptable,
    pick,
    stay_or_move,
)


def choose(world, renewed) -> None:
    """People whose wait has ended choose among groups, an unaided attempt, waiting and other corridors (nested logit).

    `renewed` (J,): clients who returned under a guarantee tonight; they count among their group's engagements.
    """
    choose_among_nests(world, renewed, world.p.migrants.dissimilarity)


def choose_plainly(world, renewed) -> None:
    """People whose wait has ended choose among the same options by the plain logit."""
    choose_among_nests(world, renewed, 1.0)


def choose_among_nests(world, renewed, dissimilarity) -> None:
    """People choose by a nested logit with dissimilarity λ; owners record how demand responds."""
    rows = choosers(world)
    world.count("choosing", len(rows))
    if not len(rows):
        return
    offers = offer(world, rows)
    conditional, inclusive = conditional_shares(offers.groups, dissimilarity)
    inclusive = inclusive[offers.chooser_type] + offers.access_utility
    chosen = stay_or_move(inclusive, offers.here, offers.elsewhere)
    remember(world, offers, conditional, chosen, dissimilarity)
    tell(world, rows, offers, inclusive)
    uniforms = world.draws.uniform("choice", world.t, world.people.id[rows])
    act(world, rows, pick(uniforms, conditional, offers.chooser_type, chosen.nest, chosen.outside), renewed)


def choosers(world) -> np.ndarray:
    """Rows of the people who choose tonight; people whose rest has ended become people who wait."""
    people, t = world.people, world.t
    rested = (people.status == Status.RESTING) & (people.status_ends <= t)
    people.status[rested] = Status.WAITING
    waits_long = (people.client_of != -1) & (t - people.engaged >= world.p.migrants.review)
    people.disengage(waits_long & (people.guarantor < 0))
    return rows_where((people.status == Status.WAITING) & (people.status_ends <= t) & (people.client_of == -1))


def tell(world, rows, offers, inclusive) -> None:
    """People keep what is on offer is worth to them, and news of it reaches their origins.

    Urgency counts by its mean, ½: it makes people set out, and the season is no news.  inclusive (n,): of the nest.
    """
    p = world.p.migrants
    here = offers.here.copy()
    here[1] += p.impatience * (world.calendar.urgency(world.t) - 0.5)
    world.people.prospects[rows] = expected_best(inclusive, here, offers.elsewhere) + offers.taste
    world.news.hear(world.people.origin[rows], worth_of_staying(world, rows))


def remember(world, offers, conditional, chosen, lam) -> None:
    """Add tonight's expected engagements and their derivatives to the demand that owners observe (M3).

    The slope of utility in price is α ∂outlay/∂price (α q̂ on success); a client whose funds lie just above the price
    would lose the option, so within a band of width h above the price the slope of −s_j/(h p) is added (the density of
    means at the price).  Attempts alone, with share s₀, answer by ∂s₀/∂u_j = −s_j g s₀, and the worth of what is on
    offer by ∂V/∂u_j = s_j.
    """
    p, demand, price, chooser_type = world.p, world.demand, world.groups.price, offers.chooser_type
    types, nest_share, damped = len(conditional), chosen.nest, chosen.damping * chosen.nest
    alone = chosen.outside[0]
    summed, squared = (np.bincount(chooser_type, each, types) for each in (nest_share, nest_share * damped))
    both = np.bincount(chooser_type, damped * alone, types)
    demand.events += len(chooser_type)
    demand.alone += alone.sum()
    demand.demand += summed @ conditional
    slopes = p.migrants.price_sensitivity * contract(world).felt(offers.success)
    demand.by_price += demand_slopes(conditional, summed, squared, slopes, lam)
    demand.by_appeal -= demand_slopes(conditional, summed, squared, np.ones_like(conditional), lam)
    demand.by_price_alone += both @ (slopes * conditional)
    demand.by_appeal_alone -= both @ conditional
    demand.by_price_worth -= summed @ (slopes * conditional)
    few = rows_where(offers.funds < price.max() * (1 + p.market.means_band))  # funds may lie just above a price
    shares, inside = conditional[chooser_type[few]] * nest_share[few, None], conditional[chooser_type[few]]
    person, group = np.nonzero((offers.funds[few, None] < price * (1 + p.market.means_band)) & (shares > 0))
    extra = np.zeros_like(shares)
    g = chosen.damping[few]
    own = 1 / lam - (1 - lam) / lam * inside[person, group] - g[person] * shares[person, group]
    extra[person, group] = 1 / (p.market.means_band * np.maximum(price[group] * own, 1e-9))
    demand.by_price += demand_slopes(inside, nest_share[few], nest_share[few] * damped[few], extra, lam)
    demand.by_price_alone += (g * alone[few]) @ (extra * shares)
    demand.by_price_worth -= (extra * shares).sum(axis=0)


def satisfice(world, renewed) -> None:
    """People whose wait has ended take the first acceptable option that they meet, or wait (satisficing)."""
    rows = choosers(world)
    world.count("choosing", len(rows))
    if not len(rows):
        return
    p, t, ids, groups = world.p.migrants, world.t, world.people.id[rows], world.groups.n
    offers = offer(world, rows)
    aided = offers.groups[offers.chooser_type] + offers.access_utility[:, None]
    utility = np.column_stack([aided, offers.here[0], offers.elsewhere.T])
    level = offers.here[1] + p.aspiration
    inclusive = conditional_shares(offers.groups, p.dissimilarity)[1][offers.chooser_type] + offers.access_utility
    tell(world, rows, offers, inclusive)
    remember_acceptable(world, offers, *first_acceptable(utility, level, p.aspiration_scale))
    aspiration = level + p.aspiration_scale * logit(world.draws.uniform("aspiration", t, ids))
    meets = np.column_stack([world.draws.uniform("option met", t, ids, k) for k in range(utility.shape[1])])
    meets[utility < aspiration[:, None]] = 1.0  # draws lie below 1
    first = np.where(meets.min(axis=1) < 1.0, meets.argmin(axis=1), -1)
    # `act` counts options as groups, alone, wait, other corridors
    act(world, rows, np.where(first < 0, groups + 1, first + (first > groups)), renewed)


def remember_acceptable(world, offers, shares, density, rank) -> None:
    """Add tonight's demand as `remember` does, for people who take the first acceptable option: groups, then alone."""
    p, demand, price, groups = world.p, world.demand, world.groups.price, world.groups.n
    slopes = acceptable_slopes(density[:, : groups + 1], rank[:, : groups + 1])
    demand.events += len(shares)
    demand.alone += shares[:, groups].sum()
    shares, density, rank = (x[:, :groups] for x in (shares, density, rank))
    steep = p.migrants.price_sensitivity * contract(world).felt(offers.success)[offers.chooser_type]
    near = (offers.funds[:, None] >= price) & (offers.funds[:, None] < price * (1 + p.market.means_band))
    own = np.maximum(density / rank, 1e-9)
    steep = steep + near * shares / (p.market.means_band * np.maximum(price, 1e-9) * own)
    demand.demand += shares.sum(axis=0)
    by_price, by_appeal = -np.einsum("ij,ijk->jk", steep, slopes[:, :groups]), slopes[:, :groups].sum(axis=0)
    demand.by_price += by_price[:, :groups]
    demand.by_appeal += by_appeal[:, :groups]
    demand.by_price_alone += by_price[:, groups]
    demand.by_appeal_alone += by_appeal[:, groups]
    demand.by_price_worth -= (steep * shares).sum(axis=0)


def act(world, rows, picked, renewed) -> None:
    """Carry out the choices and update each group's running mean of engagements per night, `renewed` ones included."""
    people, groups, p = world.people, world.groups, world.p.migrants
    engaged, moving = carry_out(rows, picked, people.origin, people.client_of, people.engaged, people.fee,
                                people.status_ends, people.corridor, world.beliefs.engagements, cents(groups.price),
                                world.t, p.review, UNAIDED)
    groups.demand += (engaged + renewed - groups.demand) * world.p.market.learning
    world.books.people_pay(moving, np.full(len(moving), int(cents(p.switching_cost))), "unaided")


@compilable
def carry_out(rows, picked, origin, client_of, engaged, fee, status_ends, corridor, engagements, price, t, review,
              unaided):
    """Carry out the `picked` options: groups, unaided attempt, wait, other corridors.

    Returns engagements of each group (J,) and rows of the people who move to another corridor.
    """
    groups = len(price)
    taken, moves = picked < groups, picked >= groups + 2
    clients, group, movers = rows[taken], picked[taken], rows[moves]
    client_of[clients], engaged[clients], fee[clients] = group, t, price[group]
    np.add.at(engagements, (origin[clients], group), 1.0)
    alone = rows[picked == groups]
    client_of[alone], engaged[alone] = unaided, t
    status_ends[rows[picked == groups + 1]] = t + review
    corridor[movers], status_ends[movers] = picked[moves] - groups - 2, t + 1
    return np.bincount(group, minlength=groups), movers


@carry_out.loop("(int64[::1], int64[::1], int8[::1], int16[::1], int32[::1], int64[::1], int32[::1], int8[::1], "
                "float64[:, ::1], int64[::1], int64, int64, int64)")
def carry_out_loop(rows, picked, origin, client_of, engaged, fee, status_ends, corridor, engagements, price, t, review,
              unaided):
    groups = len(price)
    number, movers, moving = np.zeros(groups, np.int64), np.empty(rows.size, np.int64), 0
    for k in range(rows.size):
        i, j = rows[k], picked[k]
        if j < groups:
            client_of[i], engaged[i], fee[i] = j, t, price[j]
            engagements[origin[i], j] += 1.0
            number[j] += 1
        elif j == groups:
            client_of[i], engaged[i] = unaided, t
        elif j == groups + 1:
            status_ends[i] = t + review
        else:
            corridor[i], status_ends[i] = j - groups - 2, t + 1
            movers[moving] = i
            moving += 1
    return number, movers[:moving].copy()


def drop_out(world) -> np.ndarray:
    """Some people give up, more likely the less staying is worth; a few enter a legal procedure if there is access.

    Returns rows of both.  They remain clients until they leave the table at dawn, so that they still count when groups
    hire tonight.
    """
    p, people = world.p.migrants, world.people
    free = rows_where(people.free)
    u = world.draws.uniform("leaving", world.t, people.id[free])
    stops = stopping(p, worth_of_staying(world, free))
    world.demand.staying += stopping_slope(p, stops).sum()
    leaves = p.leave_hazard + p.leave_per_failure * people.failures[free] + stops
    enters = leaves + np.float32(world.p.border.legal_access) * people.trust[free] * people.aware[free]  # M20
    gone, admitted = free[u < leaves], free[(u >= leaves) & (u < enters)]
    people.status[gone], people.status[admitted] = Status.LEFT, Status.PROCEDURE
    out = np.concatenate([gone, admitted])
    people.leave_bed(out)
    world.count("left", len(gone))
    world.count("procedures", len(admitted))
    world.count("admissions", len(admitted))
    world.count("cost_admissions", len(admitted) * world.p.border.admission_cost)
    return out


def stopping(migrants, worth) -> np.ndarray:
    """Hazard h₁ Λ((V_out − V)/σ) of leaving because staying is worth no more than V (n,), per night.

    It is 0 where V is ∞: these people have not compared yet.
    """
    return migrants.stopping_rate * expit((migrants.outside_value - worth) / migrants.stopping_scale)


def stopping_slope(migrants, hazard) -> np.ndarray:
    """By how much `stopping` falls per unit of utility of staying, h₁ Λ(1 − Λ)/σ (n,), where it is `hazard` (n,)."""
    rate = migrants.stopping_rate
    return hazard * (1 - hazard / rate) / migrants.stopping_scale if rate else np.zeros_like(hazard)


RULES = {"nested_logit": choose, "logit": choose_plainly, "satisficing": satisfice}
