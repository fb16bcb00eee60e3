"""Markets to measure: `status_quo` at the height of autumn, when most people are there, at any scale."""

import copy
import gc
from functools import cache
from typing import NamedTuple

from sim.market import Market
from sim.registry.configuration import configure

AUTUMN = ("start_date=2023-11-01",)  # night 0 of a measured market; the season's peak is just behind
SEED = 1


class Sizes(NamedTuple):
    """How much is measured."""

    scales: tuple = (1, 10, 100)
    empty: float = 0.01  # a scale at which hardly anybody is there
    warmup: int = 60  # nights played before night 0 of a measured market
    nights: int = 15  # nights timed at each scale
    repeats: int = 60  # repeats of a kernel, at most
    budget: float = 25.0  # seconds for the repeats of one comparison
    year: tuple = ()  # overrides of a year
    years: int = 5
    starts: int = 7  # fresh processes
    runs: int = 256  # of a sweep
    short: tuple = ("scale=0.1", "nights=30", "warmup=20")  # one run of a sweep
    many: int = 800_000  # entities of the large batch of draws


QUICK = Sizes(scales=(0.02, 0.1), warmup=8, nights=2, repeats=3, budget=2.0, years=1, starts=1, runs=4, many=20_000,
              year=("scale=0.02", "nights=5", "warmup=5"), short=("scale=0.02", "nights=2", "warmup=2"))


@cache
def warmed(scale: float, warmup: int) -> Market:
    """A market on night 0 in autumn (kept: whoever plays it on, plays it on for all)."""
    market = Market(configure("status_quo", [*AUTUMN, f"scale={scale}", f"warmup={warmup}"]), SEED)
    for _ in range(warmup):
        market.step()
    gc.collect()
    return market


class Scene(NamedTuple):
    """The inputs of two rules on one real night; copies, to be copied again before they are played."""

    choosing: object  # world when people choose
    crossing: tuple  # world, parties, patrols when parties cross


def scene(market: Market) -> Scene:
    """Play one night and keep what choice and interception met."""
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
