"""The model with compiled loops against the same model in NumPy alone: two equal markets, night by night in turn."""

import copy
from time import perf_counter

from benchmarks.markets import Sizes, warmed
from benchmarks.rows import Row, row, skipped
from benchmarks.timing import Times
from sim.market import Market
from sim.world import loops


def night(market, numba: bool) -> float:
    """Seconds of one night with one backend."""
    with loops.backend(numba):
        start = perf_counter()
        market.step()
        return perf_counter() - start


def nights_rows(scale, sizes) -> list[Row]:
    """Times of a night with both backends, and their ratio."""
    market = warmed(scale, sizes.warmup)
    fast, plain = (Market(market.p, market.world.seed, copy.deepcopy(market.world)) for _ in range(2))
    seconds = {True: [], False: []}
    for k in range(sizes.nights if scale > 10 else 4 * sizes.nights):
        for numba in (True, False) if k % 2 else (False, True):
            seconds[numba].append(night(fast if numba else plain, numba))
    compiled, numpy = Times(tuple(seconds[True])), Times(tuple(seconds[False]))
    return [row("loops", f"{scale}x night, loops compiled", compiled, "ms", factor=1e3),
            row("loops", f"{scale}x night, NumPy", numpy, "ms", factor=1e3),
            row("loops", f"{scale}x NumPy : compiled", numpy.over(compiled), "×")]


def measure(sizes: Sizes) -> list[Row]:
    """Times with both backends at the smallest and the largest scale."""
    if not loops.compiled():
        return [skipped("loops", "compiled against NumPy", "Numba is not installed or SIM_LOOPS=numpy")]
    return [r for scale in dict.fromkeys((sizes.scales[0], sizes.scales[-1])) for r in nights_rows(scale, sizes)]
