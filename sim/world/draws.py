"""Counter-based random numbers, keyed by (seed, mechanism, night, entity, draw).

Each uniform number is a function of its key and not of earlier draws.  Two runs with the same seed that differ in one
rule therefore use common random numbers wherever the rule has no influence, in any order of events, and observing a
run cannot change it.  Numbers of every other distribution are quantiles of such a uniform number (inverse transform),
so that a changed parameter changes an outcome but not the random number behind it.

The generator is splitmix64 (Steele, Lea and Flood 2014, doi:10.1145/2660193.2660195): the key of (seed, mechanism,
night, draw) is mixed into the start of a Weyl sequence and the entity is the position in it.
"""

import hashlib
from functools import cache
from itertools import pairwise

import numpy as np
from scipy.special import ndtri, pdtr, pdtrik

from sim.world.loops import compilable

ALWAYS = 0  # the night that keys draws of lasting traits
GOLDEN = 0x9E3779B97F4A7C15
_MASK = (1 << 64) - 1
# Constants of the generator, as arrays of no dimension: NumPy takes twice as long to accept a scalar.
_GOLDEN, _M1, _M2 = (np.array(x, np.uint64) for x in (GOLDEN, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB))
_S30, _S27, _S31, _S12 = (np.array(x, np.uint64) for x in (30, 27, 31, 12))
_ONE = np.array(1.0).view(np.uint64)  # the bits of 1.0: sign and exponent of every double in [1, 2)
_BELOW_ONE = np.array(1 - 2.0**-53)
BLOCK, LARGE = 8192, 50_000  # more than LARGE ids are mixed in blocks that fit the cache, which halves the time
_FIRST_NIGHT = 1 << 20  # added to the night, since warm-up nights are negative and keys are not


def _mix(z: int) -> int:
    """Splitmix64's finaliser on one Python integer."""
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & _MASK
    return z ^ (z >> 31)


@cache
def mechanism_key(name: str) -> int:
    """A 64-bit key for a mechanism's name."""
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "little")


def replicate_seed(seed: int, replicate: int) -> int:
    """The seed of one replicate (below 2**63); it depends on `seed` and `replicate` alone."""
    return _mix((_mix(seed & _MASK) + (replicate + 1) * GOLDEN) & _MASK) >> 1


def _mix_all(z, high):
    """Splitmix64's finaliser on an array, in place; `high` is a buffer of the same shape."""
    np.right_shift(z, _S30, high)
    z ^= high
    z *= _M1
    np.right_shift(z, _S27, high)
    z ^= high
    z *= _M2
    np.right_shift(z, _S31, high)
    z ^= high


@compilable
def uniforms(ids, key):
    """Uniform numbers (n,) for ids (n,) int64 and one key uint64.

    Each is splitmix64 of id × golden + key, as the middle of one of 2⁵² cells of the interval (0, 1).
    """
    ids, u = ids.view(np.uint64), np.empty(ids.size)
    if ids.size <= LARGE:
        _uniform(ids, key, u, np.empty_like(ids))
        return u
    high = np.empty(BLOCK, np.uint64)
    for k in range(0, ids.size, BLOCK):
        part = ids[k : k + BLOCK]
        _uniform(part, key, u[k : k + BLOCK], high[: part.size])
    return u


@uniforms.loop("float64[::1](int64[::1], uint64)")
def uniforms_loop(ids, key):
    u = np.empty(ids.size)
    for i in range(ids.size):
        z = np.uint64(ids[i]) * np.uint64(GOLDEN) + key
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z ^= z >> np.uint64(31)
        u[i] = (np.float64(np.int64(z >> np.uint64(12))) + 0.5) * 2.0**-52
    return u


def _uniform(ids, key, u, high):
    """Write the numbers of `uniforms` for few ids into `u`; `high` is a buffer.

    The upper 52 bits k become the fraction of a double, 1 + k 2⁻⁵²; subtracting 1 − 2⁻⁵³ leaves (k + ½) 2⁻⁵².
    """
    z = u.view(np.uint64)
    np.multiply(ids, _GOLDEN, z)
    z += key
    _mix_all(z, high)
    z >>= _S12
    z |= _ONE
    u -= _BELOW_ONE


class Draws:
    """The random numbers of one run, given its seed."""

    def __init__(self, seed: int):
        self.seed = int(seed)
        self._keys = {}  # key of each mechanism used so far
        # The night of the latest draw, and for it the key of each mechanism before and after mixing (draw 0).
        self._night, self._tonight, self._first = None, {}, {}

    def _key(self, mechanism: str, night: int, draw: int) -> np.uint64:
        """The key of one draw of a mechanism on a night."""
        if night != self._night or mechanism not in self._first:
            self._mix_keys(mechanism, night)
        if not draw:
            return self._first[mechanism]
        return np.uint64(_mix((int(self._tonight[mechanism]) + draw * GOLDEN) & _MASK))

    def _mix_keys(self, mechanism: str, night: int) -> None:
        """Compute the keys of a night for all mechanisms used so far, about fifty, in one array operation."""
        if mechanism not in self._keys:
            self._keys[mechanism] = _mix((self.seed & _MASK) ^ mechanism_key(mechanism))
        keys = np.fromiter(self._keys.values(), np.uint64, len(self._keys))
        keys += np.uint64((night + _FIRST_NIGHT) * GOLDEN & _MASK)
        _mix_all(keys, np.empty_like(keys))
        self._night, self._tonight = night, dict(zip(self._keys, keys))
        _mix_all(keys, np.empty_like(keys))
        self._first = dict(zip(self._keys, keys))

    def uniform(self, mechanism: str, night: int, entities, draw: int = 0) -> np.ndarray:
        """Uniform numbers in the open interval (0, 1), one per entity id (non-negative integers, any shape)."""
        ids, key = np.asarray(entities, np.int64), self._key(mechanism, night, draw)
        if ids.ndim == 1 and ids.flags.c_contiguous:
            return uniforms(ids, key)
        return uniforms(ids.ravel(), key).reshape(ids.shape)

    def lasting(self, trait: str, entities, draw: int = 0) -> np.ndarray:
        """Uniform numbers of a lasting trait, one per entity id (n,); no night keys them, they may be read again."""
        return uniforms(np.ascontiguousarray(entities, np.int64), self._key(trait, ALWAYS, draw))

    def one(self, mechanism: str, night: int, entity: int = 0, draw: int = 0) -> float:
        """The uniform number of one entity; equal to `uniform` for an array that holds it."""
        z = _mix((int(entity) * GOLDEN + int(self._key(mechanism, night, draw))) & _MASK)
        return ((z >> 12) + 0.5) * 2.0**-52

    def normal(self, mechanism: str, night: int, entities, draw: int = 0) -> np.ndarray:
        """Standard normal numbers, one per entity id."""
        return ndtri(self.uniform(mechanism, night, entities, draw))

    def lognormal(self, mechanism: str, night: int, entities, median: float, sd: float, draw: int = 0) -> np.ndarray:
        """Lognormal numbers with the given median, one per entity id; `sd` is that of the logarithm."""
        return median * np.exp(sd * self.normal(mechanism, night, entities, draw))

    def nights(self, mechanism: str, night: int, entities, mean: float, draw: int = 0) -> np.ndarray:
        """Geometric waiting times with the given mean (>= 1), in whole nights >= 1, one per entity id."""
        chance = 1.0 / max(mean, 1.0)
        if chance >= 1.0:
            return np.ones(np.shape(entities), dtype=np.int64)
        u = self.uniform(mechanism, night, entities, draw)
        return 1 + np.floor(np.log(u) / np.log1p(-chance)).astype(np.int64)


def poisson_quantile(u, mean):
    """Quantile of the Poisson distribution, elementwise: the smallest k with P(X <= k) >= u."""
    upper = np.where(np.asarray(mean) > 0, np.ceil(pdtrik(u, mean)), 0.0)
    lower = np.maximum(upper - 1, 0)
    return np.where(pdtr(lower, mean) >= u, lower, upper).astype(np.int64)


def round_randomly(x, u):
    """Whole numbers with mean `x`, given uniform `u`: the fractional part is the probability of rounding up."""
    return np.floor(np.asarray(x) + np.asarray(u)).astype(np.int64)


_edges = cache(np.cumsum)  # cumulative shares, kept for shares that are parameters


def pick(uniforms, shares) -> np.ndarray:
    """Indices (n,) drawn with probabilities proportional to `shares`, by inverse transform of `uniforms` (n,)."""
    edges = _edges(shares) if isinstance(shares, tuple) else np.cumsum(shares)
    return np.minimum(edges.searchsorted(uniforms * edges[-1], side="right"), len(edges) - 1)


@compilable
def stretches(shares):
    """Cumulative shares (M, n) of M options in rows for n people in columns.

    `np.cumsum` gives the same numbers but takes ten times as long for few long rows.
    """
    edges = shares.copy()
    for upper, lower in pairwise(edges):
        lower += upper
    return edges


@stretches.loop("float64[:, ::1](float64[:, ::1])")
def stretches_loop(shares):
    options, n = shares.shape
    edges = np.empty((options, n))
    for k in range(options):
        for i in range(n):
            edges[k, i] = shares[k, i] + edges[k - 1, i] if k else shares[k, i]
    return edges
