"""Time of a year at full scale, and the shares of recording and of Mesa in it.

Agents of people are created on the first access to agents.  A run without such access pays only for the agents of
groups, camps and units at its start and for the wrapper that Mesa puts around each step.
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

CALLS = 2_000  # steps of the empty model


class Timed(Recorder):
    """A recorder that measures its own time."""

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
    """A model whose step does nothing."""

    def step(self):
        pass


def wrapper_seconds(nights: int) -> float:
    """Seconds that the wrapper of Mesa adds to `nights` steps: empty steps through Mesa less direct ones."""
    model = Empty()
    start = perf_counter()
    for _ in range(CALLS):
        model.step()
    through = perf_counter()
    for _ in range(CALLS):
        Empty.step(model)
    return (2 * through - start - perf_counter()) * nights / CALLS


def play(parameters) -> dict[str, float]:
    """Seconds of a run in all, of recording and of Mesa; and of creating the agents of all people at its end."""
    recorder = Timed()
    start = perf_counter()
    world = World(parameters, SEED)
    opened = perf_counter()
    market = Market(parameters, SEED, world, recorder)
    with_agents = perf_counter()
    while market.running:
        market.step()
    market.record()
    played = perf_counter()
    people = len(market.agents_by_type[Migrant]) if world.people.n else 0
    shown = perf_counter()
    market.release()
    ended = perf_counter()
    in_mesa = with_agents - opened + wrapper_seconds(market.nights_to_play)
    return {"year": played - start, "recording": recorder.seconds, "mesa": in_mesa,
            "agent": (shown - played) / max(people, 1), "release": ended - shown}


def measure(sizes: Sizes) -> list[Row]:
    """The time of a year, the two shares, and the time of creating the agent of a person."""
    parameters = configure("status_quo", list(sizes.year))
    nights = parameters.warmup + parameters.nights
    runs = [play(parameters) for _ in range(sizes.years)]
    seconds = {name: Times(tuple(run[name] for run in runs)) for name in runs[0]}
    both = Times(tuple(run["recording"] + run["mesa"] for run in runs))
    opening = interleaved({"world": lambda: World(parameters, SEED)}, min(sizes.repeats, 5))["world"]
    return [row("year", f"a year with its warm-up, {nights} nights", seconds["year"], "s"),
            row("year", "opening the world", opening, "ms", factor=1e3),
            row("year", "recording", seconds["recording"].over(seconds["year"]), "%", factor=100),
            row("year", "Mesa", seconds["mesa"].over(seconds["year"]), "%", factor=100),
            row("year", "recording and Mesa", both.over(seconds["year"]), "%", "<= 15", factor=100),
            row("year", "the agent of a person, on access", seconds["agent"], "µs", factor=1e6)]
