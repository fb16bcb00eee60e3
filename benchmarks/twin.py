"""The model compared with its plain twin (tests/twin), which has one Python object per person.

The twin uses the same random numbers, so that its counts must equal those of the model; they are compared every night.
The two take turns in stretches of `STRETCH` nights.  With turns of one night, the model would always find the caches of
the processor full of objects of the twin, unlike in a run of its own.
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
    """The class of the twin, or None if it cannot be imported."""
    try:
        from tests.twin.model import Twin
    except ImportError:
        return None
    return Twin


def tonight(counts) -> list[int]:
    """The counts of a night that are compared."""
    return [int(counts[name]) for name in COUNTS]


def play(market, nights) -> tuple[list, list]:
    """Seconds of each night, and for each night its counts and the number of people."""
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
    """Times of a year of both, which take turns."""
    twin_class = load()
    if twin_class is None:
        return [skipped("twin", "a year against the twin", "tests/twin is not there")]
    ours, theirs, equal = side_by_side(configure("status_quo", list(sizes.year)), twin_class)
    nights = len(ours)
    note = f"counts equal on {sum(equal)} of {nights} nights"
    return [row("twin", "the model, whole run", sum(ours), "s"), row("twin", "the twin, whole run", sum(theirs), "s"),
            row("twin", "a night of the twin", Times(tuple(theirs)), "ms", factor=1e3),
            row("twin", "nights with equal counts", 100 * sum(equal) / nights, "%", ">= 100", note),
            row("twin", "twin : model, of each night", Times(tuple(theirs)).over(Times(tuple(ours))), "×"),
            row("twin", "twin : model, whole run", sum(theirs) / sum(ours), "×", ">= 50")]
