"""Run the main model and the twin on the same draws and compare every night."""

import math
import sys
import time

from sim.market import Market
from sim.registry.configuration import configure
from tests.twin.model import Twin

EXACT = 1e-9
CLOSE = 1e-6


def run_both(scenario, overrides, seed, nights):
    """Nightly columns of the main model and rows of the twin."""
    p = configure(scenario, [f"nights={nights}", *overrides])
    market = Market(p, seed)
    twin = Twin(p, seed)
    for _ in range(p.warmup + nights):
        market.step()
        twin.step()
    return market.record().nights, twin.nights


def differences(columns, rows, skip=()):
    """The first night on which a column differs: {column: (night, main, twin)}; NaN equals NaN and no number."""
    differing = {}
    for name in rows[0]:
        if name in skip:
            continue
        for row, value in zip(rows, columns[name]):
            mine, theirs = float(row[name]), float(value)
            whole = columns[name].dtype.kind in "iub" or name.startswith(("flow_", "balance_"))
            equal = abs(mine - theirs) <= (EXACT if whole else CLOSE) * max(1.0, abs(theirs))  # False beside NaN
            if not equal and not (math.isnan(mine) and math.isnan(theirs)):
                differing[name] = (row["night"], theirs, mine)
                break
    return differing


def main():
    """python -m tests.twin.docking SCENARIO SEED NIGHTS [override ...]"""
    scenario, seed, nights = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    began = time.time()
    columns, rows = run_both(scenario, ["scale=0.05", "warmup=0", *sys.argv[4:]], seed, nights)
    differing = differences(columns, rows)
    print(f"{scenario} seed {seed}: {len(rows[0])} columns, {len(rows)} nights, {time.time() - began:.1f} s")
    for name, (night, theirs, mine) in sorted(differing.items(), key=lambda item: item[1][0]):
        print(f"  {name:22s} first differs on night {night}: main {theirs} twin {mine}")
    totals = {name: sum(float(x) for x in columns[name]) for name in rows[0]}
    print("  never seen:", " ".join(name for name, total in totals.items() if total == 0))


if __name__ == "__main__":
    main()
