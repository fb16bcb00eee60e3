"""Times of cases that take turns: each repeat runs all of them, so that other load slows all alike."""

import statistics
from time import perf_counter
from typing import NamedTuple


class Times(NamedTuple):
    """Seconds, or ratios, by repeat of one case."""

    values: tuple

    @property
    def median(self) -> float:
        """The median over repeats."""
        return statistics.median(self.values)

    @property
    def quartiles(self) -> tuple[float, float]:
        """Lower and upper quartile; both are the value itself for one repeat."""
        if len(self.values) < 2:
            return self.values[0], self.values[0]
        low, _, high = statistics.quantiles(self.values, n=4, method="inclusive")
        return low, high

    def scaled(self, factor: float) -> "Times":
        """The times multiplied by a factor, for another unit."""
        return Times(tuple(value * factor for value in self.values))

    def plus(self, other: "Times") -> "Times":
        """Sums with other times, repeat by repeat."""
        return Times(tuple(a + b for a, b in zip(self.values, other.values)))

    def over(self, other: "Times") -> "Times":
        """Ratios to other times, repeat by repeat."""
        return Times(tuple(a / b for a, b in zip(self.values, other.values)))


def interleaved(cases: dict, repeats: int, budget: float = 60.0) -> dict[str, Times]:
    """Times of each case in seconds.

    A case is a function, or a pair (prepare, run) of functions where `run` is called with the result of `prepare` and
    alone is timed.  Each repeat starts with a different case.  After three repeats, none begins later than `budget`
    seconds.
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
