"""Time of one night at each scale, per person, and in a market with hardly any people."""

from time import perf_counter

from benchmarks.markets import Sizes, warmed
from benchmarks.rows import Row, row
from benchmarks.timing import Times


def measure(sizes: Sizes) -> list[Row]:
    """Milliseconds per night and nanoseconds per person and night; the scales take turns."""
    markets = {scale: warmed(scale, sizes.warmup) for scale in (sizes.empty, *sizes.scales)}
    seconds, people = {s: [] for s in markets}, {s: [] for s in markets}
    for _ in range(sizes.nights):
        for scale, market in markets.items():
            start = perf_counter()
            market.step()
            seconds[scale].append(perf_counter() - start)
            people[scale].append(market.world.people.n)
    rows, cost = [], {}
    for scale in sizes.scales:
        mean_people = round(sum(people[scale]) / len(people[scale]))
        cost[scale] = Times(tuple(t / n for t, n in zip(seconds[scale], people[scale])))
        rows.append(row("nights", f"one night at {scale}x, {mean_people:,} people", Times(tuple(seconds[scale])), "ms",
                        factor=1e3))
        rows.append(row("nights", f"a person-night at {scale}x", cost[scale], "ns", factor=1e9))
    first, last = sizes.scales[0], sizes.scales[-1]
    bare, whole = Times(tuple(seconds[sizes.empty])), Times(tuple(seconds[first]))
    few = round(sum(people[sizes.empty]) / sizes.nights)
    rows.append(row("nights", f"one night with hardly anybody, {few} people", bare, "ms", factor=1e3))
    rows.append(row("nights", f"of a night at {first}x", bare.over(whole), "%", factor=100))
    rows.append(row("nights", f"a person-night, {last}x : {first}x", cost[last].over(cost[first]), "×", "<= 1"))
    return rows
