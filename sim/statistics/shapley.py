"""Exact Shapley attribution of an effect to k levers that were switched on in all 2^k combinations.

v(S) is an outcome with the levers of S on.  A coalition is coded by a number whose bit i is set if lever i is on, so
that v(∅) has index 0 and v(all) index 2^k − 1.  Values have coalitions along the first axis, followed by replicates or
any other axes: each seed gives one game, and intervals are over seeds.

    φ_i  = Σ_{S ∌ i}   |S|! (k−|S|−1)! / k!      (v(S∪i) − v(S))                               (Shapley 1953)
    I_ij = Σ_{S ∌ i,j} |S|! (k−|S|−2)! / (k−1)!  (v(S∪ij) − v(S∪i) − v(S∪j) + v(S))            (Grabisch & Roubens 1999)

All results are sums of differences of v, so that a lever without effect gets exactly 0.
"""

from dataclasses import dataclass
from math import factorial

import numpy as np

from sim.statistics.intervals import interval


def coalitions(values) -> tuple[np.ndarray, int]:
    """Values as an array with the 2^k coalitions along the first axis, and k.

    values: such an array, or a mapping from bit mask to value(s).  Raises ValueError if coalitions are missing.
    """
    if isinstance(values, dict):
        if set(values) != set(range(len(values))):
            raise ValueError(f"coalitions must be the bit masks 0..{len(values) - 1}, each once")
        values = [values[mask] for mask in range(len(values))]
    values = np.asarray(values, float)
    players = len(values).bit_length() - 1 if values.ndim else 0
    if not players or len(values) != 1 << players:
        raise ValueError(f"a game of k levers has 2^k coalitions (k ≥ 1), not shape {values.shape}")
    return values, players


def without(players: int, *left_out: int) -> np.ndarray:
    """Bit masks of the coalitions that contain none of the levers `left_out`."""
    masks = np.arange(1 << players)
    return masks[masks & sum(1 << i for i in left_out) == 0]


def weights(players: int, masks, group: int = 1) -> np.ndarray:
    """Probability that exactly the levers of S precede a block of `group` levers in random order, for each mask S."""
    sizes = [mask.bit_count() for mask in masks.tolist()]
    return np.array([factorial(s) * factorial(players - s - group) / factorial(players - group + 1) for s in sizes])


def marginals(values, players: int, i: int) -> np.ndarray:
    """v(S∪i) − v(S) for every S without i, in the order of `without`."""
    masks = without(players, i)
    return values[masks | 1 << i] - values[masks]


def shapley(values) -> np.ndarray:
    """φ (k, replicates), the mean marginal effect of each lever over all orders; they sum to v(all) − v(∅)."""
    values, players = coalitions(values)
    return np.array([np.tensordot(weights(players, without(players, i)), marginals(values, players, i), 1)
                     for i in range(players)])


def first_in(values) -> np.ndarray:
    """v(i) − v(∅) (k, replicates): the effect of each lever alone."""
    values, players = coalitions(values)
    return values[1 << np.arange(players)] - values[0]


def last_in(values) -> np.ndarray:
    """v(all) − v(all but i) (k, replicates): the effect of each lever when all others are on."""
    values, players = coalitions(values)
    return values[-1] - values[len(values) - 1 - (1 << np.arange(players))]


def interactions(values) -> np.ndarray:
    """I (k, k, replicates): positive if two levers do more together than separately; symmetric, 0 on the diagonal."""
    values, players = coalitions(values)
    index = np.zeros((players, players, *values.shape[1:]))
    for i in range(players):
        for j in range(i):
            masks = without(players, i, j)
            with_i = masks | 1 << i
            # These are two differences of the same lever, so that those of a placebo cancel exactly.
            both = (values[with_i | 1 << j] - values[with_i]) - (values[masks | 1 << j] - values[masks])
            index[i, j] = index[j, i] = np.tensordot(weights(players, masks, 2), both, 1)
    return index


# ratios -----------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class RatioSplit:
    """Shapley values (k, replicates) of a ratio outcome N/D and of its two parts."""

    ratio: np.ndarray  # of N/D [unit of N/D]
    by_numerator: np.ndarray  # part of `ratio` that is due to changes of N [unit of N/D]
    by_denominator: np.ndarray  # part due to changes of D [unit of N/D]; the two parts sum to `ratio`
    numerator: np.ndarray  # of N as an outcome of its own [unit of N]
    denominator: np.ndarray  # of D as an outcome of its own [unit of D]


def ratio_split(numerator, denominator) -> RatioSplit:
    """Attribute a ratio N/D to levers, and split each attribution into the parts due to N and to D.

    numerator, denominator: values by coalition and replicate (2^k, …); raises ValueError if their shapes differ.  Each
    step of a lever from N₀/D₀ to N₁/D₁ is averaged over the two orders in which N and D may change (a Shapley value
    with two players): (N₁ − N₀)(1/D₀ + 1/D₁)/2 and (1/D₁ − 1/D₀)(N₀ + N₁)/2.  A replicate with D = 0 anywhere gives
    NaN.
    """
    over, players = coalitions(numerator)
    under, _ = coalitions(denominator)
    if over.shape != under.shape:
        raise ValueError(f"numerator and denominator differ in shape: {over.shape} and {under.shape}")
    inverse = np.divide(1.0, under, out=np.full(under.shape, np.nan), where=under != 0)
    through_n, through_d = np.empty((2, players, *over.shape[1:]))
    for i in range(players):
        masks = without(players, i)
        share = weights(players, masks)
        through_n[i] = np.tensordot(share, marginals(over, players, i) * halfway(inverse, masks, i), 1)
        through_d[i] = np.tensordot(share, marginals(inverse, players, i) * halfway(over, masks, i), 1)
    return RatioSplit(shapley(over * inverse), through_n, through_d, shapley(over), shapley(under))


def halfway(values, masks, i: int) -> np.ndarray:
    """(v(S) + v(S∪i))/2 for every S in `masks`, none of which contains i."""
    return (values[masks] + values[masks | 1 << i]) / 2


def mean_interval(effects) -> np.ndarray:
    """n, mean and the ends of its 95 % t-interval over the last axis, the replicates (…, 4); NaN are left out."""
    return np.apply_along_axis(interval, -1, np.asarray(effects, float))
