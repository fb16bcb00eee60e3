"""Times of things done in turn: each repeat does all of them, so that a busy machine slows all alike."""

import statistics
from time import perf_counter
from typing import NamedTuple


class Times(NamedTuple):
    """Seconds (or ratios) of the repeats of one case."""

    values: tuple

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    @property
    def quartiles(self) -> tuple[float, float]:
        """Lower and upper quartile; both the value itself where there is one repeat."""
        if len(self.values) < 2:
            return self.values[0], self.values[0]
        low, _, high = statistics.quantiles(self.values, n=4, method="inclusive")
        return low, high

    def scaled(self, factor: float) -> "Times":
        """The same in another unit."""
        return Times(tuple(v * factor for v in self.values))

    def plus(self, other: "Times") -> "Times":
        """Sums repeat by repeat."""
        return Times(tuple(a + b for a, b in zip(self.values, other.values)))

    def over(self, other: "Times") -> "Times":
        """Ratios repeat by repeat."""
        return Times(tuple(a / b for a, b in zip(self.values, other.values)))


def interleaved(cases: dict, repeats: int, budget: float = 60.0) -> dict[str, Times]:
    """Seconds of each case.  A case is a function, or a pair (prepare, run) of which only run(prepare()) is timed.

    Every repeat starts with another case.  No repeat is begun after `budget` seconds once there are three.
    """
    pairs = {name: case if isinstance(case, tuple) else (_nothing, _ignoring(case)) for name, case in cases.items()}
    names, taken, began = list(pairs), {name: [] for name in pairs}, perf_counter()
    for repeat in range(repeats):
        if repeat >= 3 and perf_counter() - began > budget:
            break
        first = repeat % len(names)
        for name in names[first:] + names[:first]:
            prepare, run = pairs[name]
            ready = prepare()
            start = perf_counter()
            run(ready)
            taken[name].append(perf_counter() - start)
            del ready
    return {name: Times(tuple(values)) for name, values in taken.items()}


def _nothing():
    return None


def _ignoring(function):
    return lambda _: function()
