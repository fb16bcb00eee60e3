"""`python -m benchmarks [names] [--quick] [--main] [--output FILE]`: a table on the terminal and a JSON file."""

import argparse
import importlib
import os
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")  # as `python -m sim` does

# in the order they run: processes of their own first, then the large markets, which are shared
NAMES = ("startup", "memory", "sweeps", "year", "loops", "twin", "nights", "stages", "floor", "kernels")
ON_DEMAND = {"main": "mainjob"}  # takes minutes


def arguments(words=None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=f"which ones: {', '.join((*NAMES, *ON_DEMAND))}")
    parser.add_argument("--quick", action="store_true", help="tiny sizes, to see that everything works")
    parser.add_argument("--main", action="store_true", help="the main job too (minutes)")
    parser.add_argument("--output", type=Path, default=Path(f"results/benchmarks/{date.today()}.json"))
    given = parser.parse_args(words)
    for word in given.names:
        if word not in (*NAMES, *ON_DEMAND):
            parser.error(f"{word}: no such benchmark")
    return given


def main(words=None) -> int:
    """Measure, print as figures come in, write the file."""
    given = arguments(words)
    from benchmarks.markets import QUICK, Sizes
    from benchmarks.rows import about, head, line, write
    from sim.runs.compile import compile_all
    from sim.world.loops import compiled

    chosen = [*(given.names or NAMES), *(["main"] if given.main and "main" not in given.names else [])]
    described, rows = about(given.quick), []
    if compiled():
        compile_all()  # what a process pays once is measured in `startup`
    print("  ".join(f"{key} {value}" for key, value in described.items() if key != "schema"))
    for benchmark in chosen:
        print(head(benchmark), flush=True)
        module = importlib.import_module(f"benchmarks.{ON_DEMAND.get(benchmark, benchmark)}")
        for r in module.measure(QUICK if given.quick else Sizes()):
            rows.append(replace(r, target="") if given.quick else r)  # aims are for whole sizes
            print(line(rows[-1]), flush=True)
        write(given.output, described, rows)  # after each, so that nothing measured is lost
    print(f"\n{given.output}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
