"""What a night cannot be cheaper than: drawing the random numbers it needs, and reading the table once."""

import numpy as np

from benchmarks import compiled
from benchmarks.markets import Sizes, warmed
from benchmarks.rows import Row, row
from benchmarks.timing import interleaved
from sim.world.draws import Draws


class Listening(Draws):
    """Draws that remember which uniforms were asked for."""

    def __init__(self, seed):
        super().__init__(seed)
        self.asked = []

    def uniform(self, mechanism, night, entities, draw=0):
        self.asked.append((mechanism, night, np.array(entities, np.int64, ndmin=1), draw))
        return super().uniform(mechanism, night, entities, draw)


def drawn_tonight(market) -> list[tuple]:
    """Play a night; returns the arguments of every call for uniforms."""
    draws = market.world.draws
    listening = market.world.draws = Listening(draws.seed)
    try:
        market.step()
    finally:
        market.world.draws = draws
    return listening.asked


def read_once(columns) -> int:
    """Touch every byte of the live rows."""
    return sum(int(column.view(np.uint8).sum()) if column.dtype == bool else int(column.sum() != 0)
               for column in columns)


def measure(sizes: Sizes) -> list[Row]:
    """The night against its draws in NumPy and in C, and against one reading of all columns."""
    rows = []
    for scale in dict.fromkeys((sizes.scales[0], sizes.scales[-1])):
        market = warmed(scale, sizes.warmup)
        asked = drawn_tonight(market)
        draws, seed = Draws(market.world.seed), market.world.seed
        columns = list(market.world.people.state().values())
        cases = {"night": market.step, "draws": lambda a=asked, d=draws: [d.uniform(*call) for call in a],
                 "columns": lambda c=columns: read_once(c)}
        try:
            compiled.library()
            cases["c"] = lambda a=asked, s=seed: [compiled.uniforms(s, *call) for call in a]
        except compiled.NoCompiler:
            pass
        times = interleaved(cases, sizes.nights, sizes.budget)
        numbers = sum(len(call[2]) for call in asked)
        rows += [row("floor", f"{scale}x night", times["night"], "ms", factor=1e3),
                 row("floor", f"{scale}x its {numbers:,} uniforms in {len(asked)} calls", times["draws"], "ms",
                     factor=1e3),
                 row("floor", f"{scale}x night : its draws", times["night"].over(times["draws"]), "×")]
        if "c" in times:
            rows.append(row("floor", f"{scale}x night : its draws in C", times["night"].over(times["c"]), "×"))
        rows.append(row("floor", f"{scale}x every column of people summed once", times["columns"], "ms", factor=1e3))
    return rows
