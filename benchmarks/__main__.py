"""`python -m benchmarks [names] [--quick] [--main] [--output FILE]`: print a table and write a JSON file."""

import argparse
import importlib
import os
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")  # as `python -m sim` does

# Order of execution: benchmarks in processes of their own come first, followed by those that share large markets.
NAMES = ("startup", "memory", "sweeps", "year", "loops", "twin", "nights", "stages", "floor", "kernels")
ON_DEMAND = {"main": "mainjob"}  # benchmarks that take minutes


def arguments(words=None) -> argparse.Namespace:
    """The parsed command line; ends the process for an unknown benchmark."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=f"benchmarks: {', '.join((*NAMES, *ON_DEMAND))}")
    parser.add_argument("--quick", action="store_true", help="use tiny sizes, as a test")
    parser.add_argument("--main", action="store_true", help="also measure the main job, which takes minutes")
    parser.add_argument("--output", type=Path, default=Path(f"results/benchmarks/{date.today()}.json"))
    args = parser.parse_args(words)
    for word in args.names:
        if word not in (*NAMES, *ON_DEMAND):
            parser.error(f"{word}: no such benchmark")
    return args


def main(words=None) -> int:
    """Run the benchmarks, print each row at once and write the file; returns the exit code."""
    args = arguments(words)
    from benchmarks.markets import QUICK, Sizes
    from benchmarks.rows import about, head, line, write
    from sim.runs.compile import compile_all
    from sim.world.loops import compiled

    chosen = [*(args.names or NAMES), *(["main"] if args.main and "main" not in args.names else [])]
    description, rows = about(args.quick), []
    if compiled():
        compile_all()  # the benchmark `startup` measures what a process pays once
    print("  ".join(f"{key} {value}" for key, value in description.items() if key != "schema"))
    for benchmark in chosen:
        print(head(benchmark), flush=True)
        module = importlib.import_module(f"benchmarks.{ON_DEMAND.get(benchmark, benchmark)}")
        for row in module.measure(QUICK if args.quick else Sizes()):
            rows.append(replace(row, target="") if args.quick else row)  # targets apply to full sizes
            print(line(rows[-1]), flush=True)
        write(args.output, description, rows)  # after each benchmark, so that no result is lost
    print(f"\n{args.output}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
