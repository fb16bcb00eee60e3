"""Memory per person in the system: what the columns hold, and what a fresh process grows by.

Run as a program, `python -m benchmarks.memory SCALE NIGHTS`, this plays a market and says what it took.
"""

import json
import sys
import tempfile

from benchmarks.markets import AUTUMN, SEED, Sizes
from benchmarks.processes import python
from benchmarks.rows import Row, row, skipped


def status_bytes(field: str) -> int | None:
    """A field of this process's status in bytes; None where the system does not say."""
    try:
        with open("/proc/self/status", encoding="ascii") as file:
            return next(int(line.split()[1]) * 1024 for line in file if line.startswith(field))
    except (OSError, StopIteration):
        return None


def report(scale: float, nights: int) -> dict:
    """Play a market and describe this process; bytes."""
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
    """Bytes a person from the declared columns, and from processes at the smallest and the largest scale."""
    from sim.world.people import People

    rows = [row("memory", "columns of a person", sum(c.dtype.itemsize for c in People.columns()), "bytes", "<= 200")]
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for scale in (sizes.scales[0], sizes.scales[-1]):
            found.append(json.loads(python("-m", "benchmarks.memory", scale, sizes.warmup, cwd=folder).output))
    small, large = found
    if not small["peak"]:
        return [*rows, skipped("memory", "growth of a process", "this system does not say")]
    rows += [row("memory", f"the process at its peak, at most {one['most']:,} people", one["peak"], "MB", factor=1e-6)
             for one in found]
    more = large["most"] - small["most"]
    held, peak = ((large[what] - small[what]) / more for what in ("held", "peak"))
    return [*rows, row("memory", "growth of the process after a night, a person", held, "bytes"),
            row("memory", "growth of its peak, a person", peak, "bytes", "<= 200")]


if __name__ == "__main__":
    print(json.dumps(report(float(sys.argv[1]), int(sys.argv[2]))))
