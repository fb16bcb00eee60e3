"""`python -m sim.command.collect results/...`: one table of a sweep, at any time, also while it runs.

Writes `runs.parquet` into the (first) folder, or where `--output` says, and prints means by point; in a folder of
results, `datapackage.json` then describes the new table.  What is damaged or
does not belong there is named and left out.
"""

import argparse
import sys
from pathlib import Path


def main(words=None) -> int:
    parser = argparse.ArgumentParser(prog="python -m sim.command.collect", description=__doc__.split("\n\n")[0],
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="+", type=Path, help="folder of a sweep (several become one table)")
    parser.add_argument("-o", "--output", type=Path, help="table to write, .parquet or .csv "
                                                          "(default: runs.parquet in the first folder)")
    chosen = parser.parse_args(words)
    from sim.runs.results import write_package
    from sim.runs.schema import TABLES
    from sim.runs.table import collect, console, write_csv, write_table

    for folder in chosen.folder:
        if not list(folder.glob("plan-*.json")):
            print(f"sim: error: {folder}: not the folder of a sweep (no plan-*.json there)", file=sys.stderr)
            return 2
    data, swept, remarks = collect(chosen.folder)
    for remark in remarks:
        print(f"sim: {remark}", file=sys.stderr)
    if not data.num_rows:
        print(f"sim: error: {chosen.folder[0]}: no finished run yet", file=sys.stderr)
        return 2
    output = chosen.output or chosen.folder[0] / "runs.parquet"
    try:
        (write_csv if output.suffix == ".csv" else write_table)(data, output)
        if output.name in TABLES:
            write_package(output.parent, data["experiment"][0].as_py())
    except OSError as error:
        print(f"sim: error: {output}: {error.strerror}", file=sys.stderr)
        return 2
    print(console(data, swept))
    print(f"\n{data.num_rows} runs: {output}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
