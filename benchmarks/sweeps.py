"""Throughput of a sweep: many short runs by one command, compared with the same runs in a plain loop."""

import tempfile
from pathlib import Path

from benchmarks.markets import Sizes
from benchmarks.processes import python
from benchmarks.rows import Row, row
from benchmarks.single import alone
from benchmarks.timing import Times
from sim.runs.run import cores


def design(folder: Path, runs: int) -> Path:
    """Write a design of `runs` points that differ slightly; returns its path."""
    path = folder / "points.csv"
    values = [f"{0.3 + 0.4 * k / runs:.6f}" for k in range(runs)]
    path.write_text("\n".join(["police.noticed_share", *values]) + "\n", encoding="utf-8")
    return path


def measure(sizes: Sizes) -> list[Row]:
    """Runs per second and core of the whole command, including its start and planning.

    Processor seconds are the better measure on a machine with other load.
    """
    repeats = min(sizes.runs, 8)
    before = alone(sizes.short, repeats)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ended = python("-m", "sim", "-m", f"+design={design(folder, sizes.runs)}", *sizes.short, cwd=folder)
    one, short = Times(before + alone(sizes.short, repeats)), " ".join(sizes.short)
    return [row("sweeps", f"one run of {short}", one, "ms", factor=1e3, note="processor time"),
            row("sweeps", f"{sizes.runs} runs on {cores()} cores, one command", ended.seconds, "s"),
            row("sweeps", "runs per second and core, wall time", sizes.runs / ended.seconds / cores(), "1/s"),
            row("sweeps", "runs per processor second", sizes.runs / ended.busy, "1/s"),
            row("sweeps", "of these seconds, runs as in a plain loop", 100 * sizes.runs * one.median / ended.busy, "%")]
