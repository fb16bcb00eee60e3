"""Shares of options and how they answer: the nested logit, and the first option that is good enough (M4).

Groups form one nest with dissimilarity λ (nested logit: McFadden 1978; λ = 1 is the plain logit), so for a client

    s_j = s_{j|nest} s_nest,   ∂s_k/∂u_j = s_j ([j = k]/λ − (1−λ)/λ s_{k|nest} − s_k).

People who satisfice meet options in an order of their own and take the first above an aspiration a + σ logistic (Simon
1955, Q. J. Econ. 69:99).  With F the chance that an option is good enough and options ranked from the best, an option
is taken with chance Σ_{m ≥ rank} (F_m − F_{m+1})/m.

`nest_and_outside_shares` and `pick` hold outside options in rows, people in columns (M, n): the short axis reduces
much faster first than last.
"""

import numpy as np
from scipy.special import expit

from sim.world.draws import stretches
from sim.world.loops import compilable


def conditional_shares(groups, dissimilarity):
    """Share of each group given that the nest is chosen (K, J), and the nest's inclusive value (K,)."""
    scaled = groups / dissimilarity
    top = scaled.max(axis=1, initial=-1e300)
    weight = np.exp(scaled - top[:, None])
    total = weight.sum(axis=1)
    conditional = weight / np.where(total > 0, total, 1.0)[:, None]
    with np.errstate(divide="ignore"):
        return conditional, dissimilarity * (np.log(total) + top)


def nest_and_outside_shares(inclusive, outside):
    """Share of the nest (n,) and of each outside option (M, n)."""
    odds = advantage(inclusive, outside)
    np.exp(odds, out=odds)
    to_shares(odds)
    return odds[0], odds[1:]


@compilable
def advantage(inclusive, outside):
    """Utility of the nest and each outside option less the best of them (1 + M, n)."""
    utility = np.vstack([inclusive, outside])
    utility -= utility.max(axis=0)
    return utility


@advantage.loop("float64[:, ::1](float64[::1], float64[:, ::1])")
def advantage_loop(inclusive, outside):
    options, n = outside.shape
    utility, best = np.empty((1 + options, n)), inclusive.copy()
    for k in range(options):  # an option at a time: the compiler takes several people at once
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
    """Odds of options in rows (M, n) to shares, in place."""
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
    """The option whose stretch of the cumulative shares holds the uniform: groups first, then the outside options."""
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
    """∂ engagements with k / ∂ price of j summed over clients (J, J), for price slopes of utility (K, J).

    `nest_share`, `squared` (K,): sums over the clients of a type of the nest's share and of its square, where
    s_j = conditional share × nest share.
    """
    steep = slopes * conditional
    ratio = (1 - dissimilarity) / dissimilarity
    cross = steep.T @ (conditional * (squared + ratio * nest_share)[:, None])
    return cross - np.diag(nest_share @ steep / dissimilarity)


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
