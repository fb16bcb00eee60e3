"""A year at 1x, and what recording and Mesa's face take of it.

Faces of people are made when somebody asks for agents; a run that nobody looks at pays for the faces of groups,
camps and units at its start, and for Mesa's wrapper around each step.
"""

from time import perf_counter

import mesa

from benchmarks.markets import SEED, Sizes
from benchmarks.rows import Row, row
from benchmarks.timing import Times, interleaved
from sim.market import Market
from sim.record import Recorder
from sim.registry.configuration import configure
from sim.world.opening import World
from sim.world.people import Migrant

CALLS = 2_000  # steps of an empty model


class Timed(Recorder):
    """A recorder that adds up the seconds it takes."""

    seconds = 0.0

    def take(self, world, exits):
        start = perf_counter()
        super().take(world, exits)
        self.seconds += perf_counter() - start

    def finish(self):
        start = perf_counter()
        record = super().finish()
        self.seconds += perf_counter() - start
        return record


class Empty(mesa.Model):
    """A model whose nights are empty."""

    def step(self):
        pass


def wrapper_seconds(nights: int) -> float:
    """What Mesa's wrapper adds to `nights` steps: an empty step called through Mesa, less the same called directly."""
    model = Empty()
    start = perf_counter()
    for _ in range(CALLS):
        model.step()
    through = perf_counter()
    for _ in range(CALLS):
        Empty.step(model)
    return (2 * through - start - perf_counter()) * nights / CALLS


def play(parameters) -> dict[str, float]:
    """Seconds of one run: all of it, recording, Mesa's face; and of making every face once at its end."""
    recorder = Timed()
    start = perf_counter()
    world = World(parameters, SEED)
    opened = perf_counter()
    market = Market(parameters, SEED, world, recorder)
    faced = perf_counter()
    while market.running:
        market.step()
    market.record()
    played = perf_counter()
    people = len(market.agents_by_type[Migrant]) if world.people.n else 0
    shown = perf_counter()
    market.release()
    ended = perf_counter()
    face = faced - opened + wrapper_seconds(market.nights_to_play)
    return {"year": played - start, "recording": recorder.seconds, "mesa": face,
            "face": (shown - played) / max(people, 1), "release": ended - shown}


def measure(sizes: Sizes) -> list[Row]:
    """The year, the two shares, and the price of a person's face for those who ask."""
    parameters = configure("status_quo", list(sizes.year))
    nights = parameters.warmup + parameters.nights
    runs = [play(parameters) for _ in range(sizes.years)]
    seconds = {name: Times(tuple(run[name] for run in runs)) for name in runs[0]}
    both = Times(tuple(run["recording"] + run["mesa"] for run in runs))
    opening = interleaved({"world": lambda: World(parameters, SEED)}, min(sizes.repeats, 5))["world"]
    return [row("year", f"a year with its warm-up, {nights} nights", seconds["year"], "s"),
            row("year", "opening the world", opening, "ms", factor=1e3),
            row("year", "recording", seconds["recording"].over(seconds["year"]), "%", factor=100),
            row("year", "Mesa's face", seconds["mesa"].over(seconds["year"]), "%", factor=100),
            row("year", "recording and Mesa's face", both.over(seconds["year"]), "%", "<= 15", factor=100),
            row("year", "the face of a person, when asked for", seconds["face"], "µs", factor=1e6)]
