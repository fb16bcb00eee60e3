"""Lower bounds of the time of a night: drawing its random numbers, and reading the table of people once."""

import numpy as np

from benchmarks import compiled
from benchmarks.markets import Sizes, warmed
from benchmarks.rows import Row, row
from benchmarks.timing import interleaved
from sim.world.draws import Draws


class Recording(Draws):
    """Draws that record the arguments of every call for uniform numbers."""

    def __init__(self, seed):
        super().__init__(seed)
        self.calls = []

    def uniform(self, mechanism, night, entities, draw=0):
        self.calls.append((mechanism, night, np.array(entities, np.int64, ndmin=1), draw))
        return super().uniform(mechanism, night, entities, draw)


def drawn_tonight(market) -> list[tuple]:
    """Play one night and return the arguments of every call for uniform numbers."""
    draws = market.world.draws
    recording = market.world.draws = Recording(draws.seed)
    try:
        market.step()
    finally:
        market.world.draws = draws
    return recording.calls


def read_once(columns) -> int:
    """Read every byte of the columns; the returned sum has no meaning."""
    return sum(int(column.view(np.uint8).sum()) if column.dtype == bool else int(column.sum() != 0)
               for column in columns)


def measure(sizes: Sizes) -> list[Row]:
    """Times of a night, of its draws in NumPy and in C, and of one reading of all columns of people."""
    rows = []
    for scale in dict.fromkeys((sizes.scales[0], sizes.scales[-1])):
        market = warmed(scale, sizes.warmup)
        calls = drawn_tonight(market)
        draws, seed = Draws(market.world.seed), market.world.seed
        columns = list(market.world.people.state().values())
        cases = {"night": market.step,
                 "draws": lambda calls=calls, draws=draws: [draws.uniform(*call) for call in calls],
                 "columns": lambda columns=columns: read_once(columns)}
        try:
            compiled.library()
            cases["c"] = lambda calls=calls, seed=seed: [compiled.uniforms(seed, *call) for call in calls]
        except compiled.NoCompiler:
            pass
        times = interleaved(cases, sizes.nights, sizes.budget)
        numbers = sum(len(call[2]) for call in calls)
        rows += [row("floor", f"{scale}x night", times["night"], "ms", factor=1e3),
                 row("floor", f"{scale}x its {numbers:,} uniforms in {len(calls)} calls", times["draws"], "ms",
                     factor=1e3),
                 row("floor", f"{scale}x night : its draws", times["night"].over(times["draws"]), "×")]
        if "c" in times:
            rows.append(row("floor", f"{scale}x night : its draws in C", times["night"].over(times["c"]), "×"))
        rows.append(row("floor", f"{scale}x every column of people summed once", times["columns"], "ms", factor=1e3))
    return rows
