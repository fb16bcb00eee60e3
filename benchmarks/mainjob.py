"""The main job of README.md, from its start to the figures."""

import tempfile

from benchmarks.markets import Sizes
from benchmarks.processes import python
from benchmarks.rows import Row, row
from benchmarks.single import alone
from benchmarks.timing import Times
from sim.runs.run import cores

RUNS = 4 * 16  # scenarios and paired years


def measure(sizes: Sizes) -> list[Row]:
    """Wall time, processor time, and the share in it of playing 64 years of status_quo."""
    before = alone(sizes.year, 1)
    with tempfile.TemporaryDirectory() as folder:
        ended = python("-m", "sim", "+experiment=centralisation", *sizes.year, cwd=folder)
    year = Times(before + alone(sizes.year, 1)).median
    return [row("main", f"python -m sim +experiment=centralisation, {cores()} cores", ended.seconds, "s"),
            row("main", "processor seconds of it", ended.busy, "s"),
            row("main", "of these, 64 years as one played alone", 100 * year * RUNS / ended.busy, "%")]
