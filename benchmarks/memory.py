"""Memory per person in the system: the size of the columns and the growth of a new process.

As a program, `python -m benchmarks.memory SCALE NIGHTS` plays a market and prints the memory of its process.
"""

import json
import sys
import tempfile

from benchmarks.markets import AUTUMN, SEED, Sizes
from benchmarks.processes import python
from benchmarks.rows import Row, row, skipped


def status_bytes(field: str) -> int | None:
    """A field of the status of this process in bytes; None if the system does not report it."""
    try:
        with open("/proc/self/status", encoding="ascii") as file:
            return next(int(line.split()[1]) * 1024 for line in file if line.startswith(field))
    except (OSError, StopIteration):
        return None


def report(scale: float, nights: int) -> dict:
    """Play a market; returns numbers of people, and the memory of this process in bytes."""
    from sim.market import Market
    from sim.registry.configuration import configure

    market = Market(configure("status_quo", [*AUTUMN, f"scale={scale}", f"warmup={nights}"]), SEED)
    most = 0
    for _ in range(nights):
        market.step()
        most = max(most, market.world.people.n)
    return {"people": market.world.people.n, "most": most, "held": status_bytes("VmRSS"),
            "peak": status_bytes("VmHWM")}


def measure(sizes: Sizes) -> list[Row]:
    """Bytes per person, from the declared columns and from processes at the smallest and the largest scale."""
    from sim.world.people import People

    rows = [row("memory", "columns of a person", sum(c.dtype.itemsize for c in People.columns()), "bytes", "<= 200")]
    reports = []
    with tempfile.TemporaryDirectory() as folder:
        for scale in (sizes.scales[0], sizes.scales[-1]):
            reports.append(json.loads(python("-m", "benchmarks.memory", scale, sizes.warmup, cwd=folder).output))
    small, large = reports
    if not small["peak"]:
        return [*rows, skipped("memory", "growth of a process", "this system does not say")]
    rows += [row("memory", f"the process at its peak, at most {process['most']:,} people", process["peak"], "MB",
                 factor=1e-6)
             for process in reports]
    more = large["most"] - small["most"]
    held, peak = ((large[what] - small[what]) / more for what in ("held", "peak"))
    return [*rows, row("memory", "growth of the process after a night, a person", held, "bytes"),
            row("memory", "growth of its peak, a person", peak, "bytes", "<= 200")]


if __name__ == "__main__":
    print(json.dumps(report(float(sys.argv[1]), int(sys.argv[2]))))
