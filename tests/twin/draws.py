"""Random numbers (submodels.md, Draws): keyed uniforms, the twin's own streams, and quantiles."""

import hashlib
import math
import random
from statistics import NormalDist

MASK = (1 << 64) - 1
GOLDEN = 0x9E3779B97F4A7C15
NORMAL = NormalDist()


def mix(z):
    """Splitmix64's finaliser."""
    z &= MASK
    z ^= z >> 30
    z = z * 0xBF58476D1CE4E5B9 & MASK
    z ^= z >> 27
    z = z * 0x94D049BB133111EB & MASK
    return z ^ (z >> 31)


class KeyedDraws:
    """Every draw is a function of (seed, name, night, entity, number): the same numbers as the main model's."""

    def __init__(self, seed):
        self.seed = seed
        self.names = {}
        self.keys = {}

    def new_night(self):
        """Forget last night's keys (they can be computed again)."""
        self.keys.clear()

    def key(self, name, night, number):
        """The key shared by all entities of one draw of one mechanism on one night."""
        if name not in self.names:
            digest = hashlib.blake2b(name.encode(), digest_size=8).digest()
            self.names[name] = int.from_bytes(digest, "little")
        key = mix(self.seed ^ self.names[name])
        key = mix(key + (night + 2**20) * GOLDEN)
        return mix(key + number * GOLDEN)

    def uniform(self, name, night, entity, number=0):
        """A number in (0, 1)."""
        key = self.keys.get((name, night, number))
        if key is None:
            key = self.keys[name, night, number] = self.key(name, night, number)
        return ((mix(entity * GOLDEN + key) >> 12) + 0.5) * 2.0**-52

    def normal(self, name, night, entity, number=0):
        """The standard normal quantile of the uniform draw."""
        return NORMAL.inv_cdf(self.uniform(name, night, entity, number))


class OwnDraws(KeyedDraws):
    """Another source: one ordinary generator per mechanism; a draw asked for twice on a night stays the same."""

    def __init__(self, seed):
        super().__init__(seed)
        self.streams = {}
        self.known = {}

    def new_night(self):
        """Forget last night's numbers."""
        self.known.clear()

    def uniform(self, name, night, entity, number=0):
        """The next number of the mechanism's stream."""
        label = (name, night, entity, number)
        if label not in self.known:
            if name not in self.streams:
                self.streams[name] = random.Random(f"twin {self.seed} {name}")
            self.known[label] = max(self.streams[name].random(), 2.0**-53)
        return self.known[label]


def poisson(mean, u):
    """The smallest k with P(K <= k) >= u."""
    if mean <= 0:
        return 0
    k = 0
    cumulated = math.exp(-mean)
    while cumulated < u and k < mean + 100 * math.sqrt(mean) + 1000:
        k += 1
        cumulated += math.exp(k * math.log(mean) - mean - math.lgamma(k + 1))
    return k


def geometric(mean, u):
    """Geometric nights of the given mean, at least one."""
    if mean <= 1:
        return 1
    return 1 + math.floor(math.log(u) / math.log(1 - 1 / mean))


def picked(u, weights):
    """The first index at which the cumulative weight exceeds u times their sum."""
    goal = u * sum(weights)
    cumulated = 0.0
    for index, weight in enumerate(weights):
        cumulated += weight
        if cumulated > goal:
            return index
    return max(index for index, weight in enumerate(weights) if weight > 0)


def rounded(x, u):
    """x rounded down or up, up with the chance of its fraction."""
    return math.floor(x + u)


def cents(euros):
    """Whole cents, half to even."""
    return round(euros * 100)


def logistic(x):
    """1 / (1 + exp(-x)) without overflow."""
    if x < 0:
        return math.exp(x) / (1 + math.exp(x))
    return 1 / (1 + math.exp(-x))
