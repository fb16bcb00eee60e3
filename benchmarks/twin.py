"""The model against its plain twin (tests/twin): one Python object a person, the same seed, the same nights.

The twin draws the same numbers, so that its counts must be the model's; they are compared every night.  Both are
played in turn, in stretches of `STRETCH` nights: after every single night of the twin the model would find the
processor's caches full of the twin's objects, which no run of its own ever does.
"""

from time import perf_counter

from benchmarks.markets import SEED, Sizes
from benchmarks.rows import Row, row, skipped
from benchmarks.timing import Times
from sim.market import Market
from sim.registry.configuration import configure

COUNTS = ("arrivals", "choosing", "attempts", "interceptions", "crossings", "pushbacks", "abductions", "clashes",
          "left")


STRETCH = 20  # nights


def load():
    """The class, or None where it is not there or not whole."""
    try:
        from tests.twin.model import Twin
    except ImportError:
        return None
    return Twin


def tonight(counts) -> list[int]:
    """The counts that are compared."""
    return [int(counts[name]) for name in COUNTS]


def play(market, nights) -> tuple[list, list]:
    """Seconds of each night, and its counts and people."""
    seconds, counts = [], []
    for _ in range(nights):
        start = perf_counter()
        market.step()
        seconds.append(perf_counter() - start)
        world = getattr(market, "world", market)
        if world is market:  # the twin
            counts.append((tonight(world.tally), len(world.people)))
        else:
            counts.append((tonight(world.counts), world.people.n))
    return seconds, counts


def side_by_side(parameters, twin_class) -> tuple[list, list, list]:
    """Seconds of each night of the model and of the twin, and whether their counts agree."""
    market, twin = Market(parameters, SEED), twin_class(parameters, SEED)
    ours, theirs, equal = [], [], []
    for first in range(0, market.nights_to_play, STRETCH):
        nights = min(STRETCH, market.nights_to_play - first)
        seconds, counts = play(market, nights)
        seconds_twin, counts_twin = play(twin, nights)
        ours, theirs = ours + seconds, theirs + seconds_twin
        equal += [a == b for a, b in zip(counts, counts_twin)]
    return ours, theirs, equal


def measure(sizes: Sizes) -> list[Row]:
    """A year of both, in turn."""
    twin_class = load()
    if twin_class is None:
        return [skipped("twin", "a year against the twin", "tests/twin is not there")]
    ours, theirs, equal = side_by_side(configure("status_quo", list(sizes.year)), twin_class)
    nights = len(ours)
    said = f"counts equal on {sum(equal)} of {nights} nights"
    return [row("twin", "the model, whole run", sum(ours), "s"), row("twin", "the twin, whole run", sum(theirs), "s"),
            row("twin", "a night of the twin", Times(tuple(theirs)), "ms", factor=1e3),
            row("twin", "nights with equal counts", 100 * sum(equal) / nights, "%", ">= 100", said),
            row("twin", "twin : model, of each night", Times(tuple(theirs)).over(Times(tuple(ours))), "×"),
            row("twin", "twin : model, whole run", sum(theirs) / sum(ours), "×", ">= 50")]
