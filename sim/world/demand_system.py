"""A demand system fitted to observed demand: shares at other prices, and where prices come to rest under other owners.

Shares and own slopes that owners observed since the last review are those of a nested logit of alike clients with the
group's own slope of utility in price a_j.  At prices p′ instead of p (J groups, one nest with dissimilarity λ)

    v_j = (s_j/S) exp(−a_j (p′_j − p_j)/λ),   S′/(1 − S′) = S/(1 − S) (Σ v)^λ,   s′_j = S′ v_j/Σ v

and those who try alone keep their part of all who choose no group.  Staying is then worth ln((1 − S)/(1 − S′)) more, by
which people leave less and more come, at the rates that owners observed.  Changes relative to an observed state need no
other utilities (exact hat algebra: Dekle, Eaton and Kortum 2008, IMF Staff Pap. 55:511); the merger simulations of
competition authorities do the same (Werden and Froeb 1994, J. Law Econ. Organ. 10:407).
"""

from typing import NamedTuple

import numpy as np

from sim.world.worth import FEWEST_EXITS, leaving_by_offer

# Search for prices at rest: a step in ln p is damped by a half, and by a further half after every so many rounds, so
# that best responses that overshoot settle too; it ends at steps as small as `CLOSE`.
DAMPING, HALVED, ROUNDS, CLOSE = 0.5, 40, 400, 1e-8


class Market(NamedTuple):
    """Demand as observed and what a group earns by it, for the J groups that clients considered."""

    rows: np.ndarray  # (J,) the groups' rows
    events: float  # choice events a night
    share: np.ndarray  # (J,) of each group at a choice event
    alone: float  # share of trying alone
    slope: np.ndarray  # (J,) utility lost per EUR of the group's price
    price: np.ndarray  # (J,) EUR, at which demand was observed
    cost: np.ndarray  # (J,) EUR per price received
    shadow: np.ndarray  # (J,) EUR, scarcity
    received: np.ndarray  # (J,) prices received per engagement
    sold: np.ndarray  # (J,) crossings sold per engagement
    absorbed: np.ndarray  # (J,) chance that a client never chooses again
    absorbed_alone: float  # the same of those who try alone
    leaving: float  # chance of leaving for good per choice event
    staying: float  # by how much that falls per unit of utility by which staying is worth more
    coming: float  # by how much the logarithm of arrivals rises per unit of that utility
    discount: float  # δ of a choice event
    dissimilarity: float  # λ
    floor: float  # EUR
    ceiling: float  # EUR


def best_markups(demand, by_price, received, together, leaving=0.0, staying=0.0):
    """Margins per engagement x (J,), EUR, that solve the owners' first-order conditions at the observed demand.

    demand (J,): engagements N; by_price (J, J) = D, ∂N_k/∂p_j in row j; received (J,): prices per engagement, w;
    together (J, J) bool: groups with one owner; leaving (J,): B, persons lost per EUR on p_j (`leaving_by_offer`);
    staying (J,): V = δ W of each group's owner, EUR.
    """
    return np.linalg.solve(np.where(together, by_price, 0.0), staying * leaving - received * demand)


class Expected(NamedTuple):
    """What each group expects of clients at some prices (J,)."""

    price: np.ndarray  # EUR
    engagements: np.ndarray  # persons a night
    receipts: np.ndarray  # EUR a night
    profit: np.ndarray  # EUR a night
    crossings: np.ndarray  # sold a night


def shares_at(market, price):
    """Shares of groups (J,) and of trying alone at other prices (J,), EUR."""
    lam, nest = market.dissimilarity, market.share.sum()
    weight = market.share / nest * np.exp(-market.slope * (price - market.price) / lam)
    odds = nest / (1 - nest) * weight.sum() ** lam
    new = odds / (1 + odds)
    return new * weight / weight.sum(), market.alone * (1 - new) / (1 - nest)


def gain_in_worth(market, share) -> float:
    """By how much staying is worth more when groups have these shares (J,), ln((1 − S)/(1 − S′)), utility."""
    return float(np.log((1 - market.share.sum()) / (1 - share.sum())))


def leaving_at(market, share, alone) -> float:
    """a: chance of leaving for good per choice event when groups have these shares (J,)."""
    leaving = market.leaving + (share - market.share) @ market.absorbed
    leaving += (alone - market.alone) * market.absorbed_alone - market.staying * gain_in_worth(market, share)
    return min(max(leaving, FEWEST_EXITS), 1.0)


def turnover(market, share, alone):
    """1 − δ (1 − a): what discounts the profit on a person present when groups have these shares (J,)."""
    return 1 - market.discount * (1 - leaving_at(market, share, alone))


def target_prices(market, price, together) -> np.ndarray:
    """Best responses of owners to the demand at `price` (J,), EUR; together (J, J): prices with the same owner.

    The condition is that of the price rule with every row divided by E a_j s_j.
    """
    share, alone = shares_at(market, price)
    lam, nest = market.dissimilarity, share.sum()
    by_price = np.tile(share + (1 - lam) / lam * share / nest, (len(share), 1)) - np.eye(len(share)) / lam
    response = market.staying + market.coming * leaving_at(market, share, alone)  # at rest as many come as leave
    leaving = leaving_by_offer(by_price, np.full(len(share), alone), market.absorbed, market.absorbed_alone, -1.0,
                               response)
    full_cost = market.cost + market.shadow
    worth = share * market.received * (price - market.cost) / turnover(market, share, alone)
    staying = market.discount * np.maximum(together @ worth, 0.0)
    margins = best_markups(1 / market.slope, by_price, market.received, together, leaving, staying)
    return np.clip(full_cost + margins / market.received, market.floor, market.ceiling)


def at_rest(market, together) -> np.ndarray:
    """Prices at which no owner wants to move (J,), EUR; together (J, J): prices with the same owner."""
    price = np.clip(market.price, market.floor, market.ceiling)
    for turn in range(ROUNDS):
        step = DAMPING / 2 ** (turn // HALVED) * np.log(target_prices(market, price, together) / price)
        price = price * np.exp(step)
        if np.abs(step).max() < CLOSE:
            break
    return price


def expected_at(market, price) -> Expected:
    """What groups expect at prices (J,), EUR: what a person present is worth to each, times the people present.

    With δ = 0 nobody expects clients back and the number of choice events stays; with δ = 1 clients who leave more
    slowly choose more often.  Arrivals answer to what staying is worth.
    """
    share, alone = shares_at(market, price)
    back = turnover(market, market.share, market.alone) / turnover(market, share, alone)
    come = np.exp(market.coming * gain_in_worth(market, share))
    engagements = market.events * come * back * share
    receipts = engagements * market.received * price
    return Expected(price, engagements, receipts, receipts - engagements * market.received * market.cost,
                    engagements * market.sold)


def with_newcomer(market, weight, shrunk) -> Market:
    """The market with one more group, last, which in all but its share is the mean of the others by share.

    weight: of the newcomer relative to the nest before; shrunk: what is left of each other group's weight.
    """
    lam, nest = market.dissimilarity, market.share.sum()
    weights = np.append(shrunk * market.share / nest, weight)
    odds = nest / (1 - nest) * weights.sum() ** lam
    new = odds / (1 + odds)
    share, alone = new * weights / weights.sum(), market.alone * (1 - new) / (1 - nest)
    columns = ("slope", "price", "cost", "shadow", "received", "sold", "absorbed")
    means = {name: np.append(getattr(market, name), market.share @ getattr(market, name) / nest) for name in columns}
    leaving = market.leaving + (alone - market.alone) * market.absorbed_alone
    leaving += share @ means["absorbed"] - market.share @ market.absorbed
    gain = gain_in_worth(market, share)
    larger = market._replace(rows=np.append(market.rows, -1), share=share, alone=alone,
                             leaving=leaving - market.staying * gain, **means)
    before, after = (turnover(each, each.share, each.alone) for each in (market, larger))
    return larger._replace(events=market.events * np.exp(market.coming * gain) * before / after)


def of_rows(market, kept) -> Market:
    """The market of the groups in the mask `kept` (J,) alone, at the shares that they have."""
    return market._replace(**{name: value[kept] for name, value in market._asdict().items() if np.ndim(value)})
