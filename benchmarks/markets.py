"""Markets that benchmarks use: `status_quo` in autumn, when most people are in the system, at any scale."""

import copy
import gc
from functools import cache
from typing import NamedTuple

from sim.market import Market
from sim.registry.configuration import configure

AUTUMN = ("start_date=2023-11-01",)  # night 0 of a measured market, shortly after the peak of the season
SEED = 1


class Sizes(NamedTuple):
    """The sizes of all benchmarks."""

    scales: tuple = (1, 10, 100)
    empty: float = 0.01  # scale at which hardly any people are in the system
    warmup: int = 60  # nights played before night 0 of a measured market
    nights: int = 15  # nights timed at each scale
    repeats: int = 60  # largest number of repeats of a function
    budget: float = 25.0  # seconds for the repeats of one comparison
    year: tuple = ()  # overrides of a year
    years: int = 5  # number of years
    starts: int = 7  # number of new processes
    runs: int = 256  # runs of the sweep
    short: tuple = ("scale=0.1", "nights=30", "warmup=20")  # overrides of one run of the sweep
    many: int = 800_000  # entities in the large batch of draws


QUICK = Sizes(scales=(0.02, 0.1), warmup=8, nights=2, repeats=3, budget=2.0, years=1, starts=1, runs=4, many=20_000,
              year=("scale=0.02", "nights=5", "warmup=5"), short=("scale=0.02", "nights=2", "warmup=2"))


@cache
def warmed(scale: float, warmup: int) -> Market:
    """A market on night 0 in autumn; benchmarks share it, so that it is as old as they have played it."""
    market = Market(configure("status_quo", [*AUTUMN, f"scale={scale}", f"warmup={warmup}"]), SEED)
    for _ in range(warmup):
        market.step()
    gc.collect()
    return market


class Scene(NamedTuple):
    """Copies of the inputs of two rules on one night, which must be copied again before use."""

    choosing: object  # world before choice
    crossing: tuple  # world, parties and patrols before interception


def scene(market: Market) -> Scene:
    """Play one night and keep copies of the inputs of choice and interception."""
    kept, rules = {}, market.rules
    before = rules.choice, rules.interception

    def choice(world, renewed):
        kept["choosing"] = copy.deepcopy(world)
        return before[0](world, renewed)

    def interception(world, parties, patrols, retained):
        kept["crossing"] = copy.deepcopy((world, parties, patrols))
        return before[1](world, parties, patrols, retained)

    rules.choice, rules.interception = choice, interception
    try:
        market.step()
    finally:
        rules.choice, rules.interception = before
    return Scene(**kept)
