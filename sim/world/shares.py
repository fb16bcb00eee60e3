"""Choice probabilities and their slopes: the nested logit, and satisficing (M4).

Groups form one nest with dissimilarity λ (nested logit: McFadden 1978; λ = 1 is the plain logit), so that for a client

    s_j = s_{j|nest} s_nest,   ∂s_k/∂u_j = s_j ([j = k]/λ − (1−λ)/λ s_{k|nest} − s_k).

Whoever would rather be in another corridor moves there: that taste lasts, while the luck of the other options is new at
every choice (`stay_or_move`).

People who satisfice (Simon 1955, Q. J. Econ. 69:99) meet the options in a random order and take the first whose utility
exceeds an aspiration a + σ × a logistic number.  If F is the chance that an option is acceptable and options are ranked
from the best, an option is taken with chance Σ_{m ≥ rank} (F_m − F_{m+1})/m.

`nest_and_outside_shares` and `pick` hold outside options in rows and people in columns (M, n), because NumPy reduces a
short first axis much faster than a short last one.
"""

from typing import NamedTuple

import numpy as np
from scipy.special import exp1, expit

from sim.world.draws import stretches
from sim.world.loops import compilable


def conditional_shares(groups, dissimilarity):
    """Share of each group given that the nest is chosen (K, J), and the inclusive value of the nest (K,).

    groups (K, J): utility of each group for each type of chooser.
    """
    scaled = groups / dissimilarity
    top = scaled.max(axis=1, initial=-1e300)
    weight = np.exp(scaled - top[:, None])
    total = weight.sum(axis=1)
    conditional = weight / np.where(total > 0, total, 1.0)[:, None]
    with np.errstate(divide="ignore"):
        return conditional, dissimilarity * (np.log(total) + top)


def nest_and_outside_shares(inclusive, outside):
    """Share of the nest (n,) and of each outside option (M, n), given inclusive values (n,) and utilities (M, n)."""
    odds = advantage(inclusive, outside)
    np.exp(odds, out=odds)
    to_shares(odds)
    return odds[0], odds[1:]


LARGEST_LOG = 700.0  # e to this power is a finite number


class Chosen(NamedTuple):
    """Shares of options for n people."""

    nest: np.ndarray  # (n,) share of the nest
    outside: np.ndarray  # (2 + C, n) shares of trying alone, waiting, going to each corridor
    damping: np.ndarray  # (n,) g: ∂s_k/∂u_j is that of the logit with g s_k in place of s_k


def stay_or_move(inclusive, here, elsewhere) -> Chosen:
    """Shares of options if the luck of options here is new at every choice and that of other corridors is not.

    The best option here has a Gumbel utility of location L, the log-sum; w is the best other corridor's utility, in
    which taste is known.  With x = exp(L − w) the person moves there with chance exp(−x).
    inclusive (n,): of the nest; here (2, n): utilities of trying alone and waiting; elsewhere (C, n): of each corridor.
    """
    nest, alone_or_wait = nest_and_outside_shares(inclusive, here)
    x = advantage_here(log_sum(inclusive, here), elsewhere)
    moves, stays = np.exp(-x), -np.expm1(-x)
    outside = np.zeros((len(here) + len(elsewhere), len(x)))
    outside[: len(here)] = alone_or_wait * stays
    outside[len(here) + elsewhere.argmax(axis=0), np.arange(len(x))] = moves
    return Chosen(nest * stays, outside, (1 - x * moves / stays) / stays)


def log_sum(inclusive, here):
    """Location L (n,) of the best option here."""
    return np.logaddexp(np.logaddexp(inclusive, here[0]), here[1])


def advantage_here(location, elsewhere):
    """x = exp(L − w) (n,), given locations L (n,) and the utilities of other corridors (C, n)."""
    return np.exp(np.clip(location - elsewhere.max(axis=0), -LARGEST_LOG, LARGEST_LOG))


def expected_best(inclusive, here, elsewhere):
    """V = L + E₁(x) (n,): expected utility of the best option, less Euler's constant; arguments as `stay_or_move`."""
    location = log_sum(inclusive, here)
    return location + exp1(advantage_here(location, elsewhere))


@compilable
def advantage(inclusive, outside):
    """Utilities of the nest and of each outside option, less the greatest of them (1 + M, n)."""
    utility = np.vstack([inclusive, outside])
    utility -= utility.max(axis=0)
    return utility


@advantage.loop("float64[:, ::1](float64[::1], float64[:, ::1])")
def advantage_loop(inclusive, outside):
    options, n = outside.shape
    utility, best = np.empty((1 + options, n)), inclusive.copy()
    for k in range(options):  # one option at a time, so that the compiler can treat several people at once
        for i in range(n):
            best[i] = max(best[i], outside[k, i])
    for i in range(n):
        utility[0, i] = inclusive[i] - best[i]
    for k in range(options):
        for i in range(n):
            utility[1 + k, i] = outside[k, i] - best[i]
    return utility


@compilable
def to_shares(odds):
    """Turn the odds of options in rows (M, n) into shares, in place."""
    odds /= odds[0] + sum(odds[1:])


@to_shares.loop("void(float64[:, ::1])")
def to_shares_loop(odds):
    options, n = odds.shape
    everything = odds[1].copy()
    for k in range(2, options):
        for i in range(n):
            everything[i] += odds[k, i]
    for i in range(n):
        everything[i] += odds[0, i]
    for k in range(options):
        for i in range(n):
            odds[k, i] /= everything[i]


def nested_logit(groups, outside, dissimilarity):
    """Shares of each group (n, J), of each within the nest (n, J), and of the outside options (n, M)."""
    conditional, inclusive = conditional_shares(groups, dissimilarity)
    nest_share, outside_shares = nest_and_outside_shares(inclusive, np.ascontiguousarray(outside.T))
    return conditional * nest_share[:, None], conditional, outside_shares.T


@compilable
def pick(uniforms, conditional, chooser_type, nest_share, outside_shares):
    """The option (n,) that each person takes, by inverse transform of `uniforms` (n,).

    Cumulative shares list the J groups first and then the M outside options, numbered from J.
    """
    outside = uniforms - nest_share
    picked = conditional.shape[1] + (outside >= stretches(outside_shares)[:-1]).sum(axis=0)
    chose = np.flatnonzero(outside < 0)
    edges = stretches(np.ascontiguousarray(conditional.T)).take(chooser_type[chose], axis=1)
    u = uniforms[chose] / nest_share[chose] * edges[-1]
    picked[chose] = (u >= edges[:-1]).sum(axis=0)
    return picked


@pick.loop("int64[::1](float64[::1], float64[:, ::1], int64[::1], float64[::1], float64[:, ::1])")
def pick_loop(uniforms, conditional, chooser_type, nest_share, outside_shares):
    (types, groups), options = conditional.shape, len(outside_shares)
    edges = np.empty((types, groups))
    for k in range(types):
        edge = 0.0
        for j in range(groups):
            edge = edges[k, j] = edge + conditional[k, j]
    picked = np.zeros(uniforms.size, np.int64)
    for i in range(uniforms.size):
        outside = uniforms[i] - nest_share[i]
        if outside < 0:
            u = uniforms[i] / nest_share[i] * edges[chooser_type[i], groups - 1]
            for j in range(groups - 1):
                picked[i] += u >= edges[chooser_type[i], j]
        else:
            edge, picked[i] = 0.0, groups
            for k in range(options - 1):
                edge += outside_shares[k, i]
                picked[i] += outside >= edge
    return picked


def demand_slopes(conditional, nest_share, squared, slopes, dissimilarity):
    """Derivative of engagements with group k with respect to the price of j, summed over clients (J, J).

    slopes (K, J): decrease of the utility of each group per EUR of its price, for each type of client.
    nest_share, squared (K,): sums over the clients of each type of the share of the nest and of its square.
    """
    steep = slopes * conditional
    ratio = (1 - dissimilarity) / dissimilarity
    cross = steep.T @ (conditional * (squared + ratio * nest_share)[:, None])
    return cross - np.diag(nest_share @ steep / dissimilarity)


def first_acceptable(utility, level, scale):
    """Chance that each option is the first acceptable one met, density of the aspiration at its utility, and its rank.

    All three are (n, M).  utility (n, M): −inf where not on offer; aspirations are logistic with location `level` (n,)
    and scale `scale`.
    """
    order = np.argsort(-np.round(utility, 12), axis=1, kind="stable")  # equal options keep their order
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
    """Derivative of the share of option k with respect to the utility of option j (n, J, J).

    A better j gains density/rank, all of it from people who would also accept options of a worse rank.
    """
    worse = rank[:, :, None] > rank[:, None, :]
    slopes = np.where(worse, -(density / (rank * np.maximum(rank - 1, 1)))[:, :, None], 0.0)
    j = np.arange(rank.shape[1])
    slopes[:, j, j] = density / rank
    return slopes
