"""Exact Shapley attribution of an effect to k levers that were switched on in all 2^k combinations.

v(S) is an outcome with the levers of S on.  A coalition is a number: lever i is on where bit i is set, so v(∅) stands
at 0 and v(all) at 2^k − 1.  Values have coalitions along the first axis and, after it, replicates (any further axes):
the game is played once per seed, and intervals are over seeds.

    φ_i  = Σ_{S ∌ i}   |S|! (k−|S|−1)! / k!      (v(S∪i) − v(S))                               (Shapley 1953)
    I_ij = Σ_{S ∌ i,j} |S|! (k−|S|−2)! / (k−1)!  (v(S∪ij) − v(S∪i) − v(S∪j) + v(S))            (Grabisch & Roubens 1999)

Everything is arithmetic on differences of v: a lever that changes nothing gets exactly 0.
"""

from dataclasses import dataclass
from math import factorial

import numpy as np

from sim.statistics.intervals import interval


def coalitions(values) -> tuple[np.ndarray, int]:
    """Values as an array with the 2^k coalitions first, and k; from an array or a mapping of bit mask to value(s)."""
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
    """Bit masks of the coalitions that none of these levers is in."""
    masks = np.arange(1 << players)
    return masks[masks & sum(1 << i for i in left_out) == 0]


def weights(players: int, masks, group: int = 1) -> np.ndarray:
    """Chance that, of k levers in random order, exactly those of S come before a group joined as one."""
    sizes = [mask.bit_count() for mask in masks.tolist()]
    return np.array([factorial(s) * factorial(players - s - group) / factorial(players - group + 1) for s in sizes])


def marginals(values, players: int, i: int) -> np.ndarray:
    """v(S∪i) − v(S) for every S without i, in the order of `without`."""
    masks = without(players, i)
    return values[masks | 1 << i] - values[masks]


def shapley(values) -> np.ndarray:
    """φ (k, replicates): the lever's mean marginal effect over all orders; sums to v(all) − v(∅) [outcome's unit]."""
    values, players = coalitions(values)
    return np.array([np.tensordot(weights(players, without(players, i)), marginals(values, players, i), 1)
                     for i in range(players)])


def first_in(values) -> np.ndarray:
    """v(i) − v(∅) (k, replicates): the lever alone."""
    values, players = coalitions(values)
    return values[1 << np.arange(players)] - values[0]


def last_in(values) -> np.ndarray:
    """v(all) − v(all but i) (k, replicates): what is lost without the lever."""
    values, players = coalitions(values)
    return values[-1] - values[len(values) - 1 - (1 << np.arange(players))]


def interactions(values) -> np.ndarray:
    """I (k, k, replicates): above 0 where two levers do more together than apart; symmetric, 0 on the diagonal."""
    values, players = coalitions(values)
    index = np.zeros((players, players, *values.shape[1:]))
    for i in range(players):
        for j in range(i):
            masks = without(players, i, j)
            with_i = masks | 1 << i
            # two differences of the same lever, so that a placebo's cancel exactly
            both = (values[with_i | 1 << j] - values[with_i]) - (values[masks | 1 << j] - values[masks])
            index[i, j] = index[j, i] = np.tensordot(weights(players, masks, 2), both, 1)
    return index


# ratios -----------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class RatioSplit:
    """Shapley values (k, replicates) of a ratio outcome N/D and of its two parts."""

    ratio: np.ndarray  # of N/D
    by_numerator: np.ndarray  # the part of it that comes from changes of N [unit of N/D]
    by_denominator: np.ndarray  # the part that comes from changes of D; the two sum to `ratio`
    numerator: np.ndarray  # of N as an outcome of its own [unit of N]
    denominator: np.ndarray  # of D as an outcome of its own [unit of D]


def ratio_split(numerator, denominator) -> RatioSplit:
    """Attribute N/D, valued per coalition and replicate, and say how much came through each.

    Each step of a lever from N₀/D₀ to N₁/D₁ is split by the two orders in which N and D may change (Shapley again, with
    two players): (N₁ − N₀)(1/D₀ + 1/D₁)/2 and (1/D₁ − 1/D₀)(N₀ + N₁)/2.  NaN in a replicate with D = 0 anywhere.
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
    """(v(S) + v(S∪i))/2."""
    return (values[masks] + values[masks | 1 << i]) / 2


def mean_interval(effects) -> np.ndarray:
    """(..., 4): n, mean and the ends of its 95 % t-interval over replicates, the last axis; NaN left out."""
    return np.apply_along_axis(interval, -1, np.asarray(effects, float))
