"""`python -m sim collect results/...`: one table of a sweep, at any time, also while it runs.

Writes `runs.parquet` into the (first) folder, or where `--output` says, and prints means by point; in a folder of
results, `datapackage.json` then describes the new table.  What is damaged or
does not belong there is named and left out.
"""

import sys
from pathlib import Path

from sim.command.complain import Parser
from sim.registry.errors import ConfigurationError


def main(words=None) -> int:
    """Write the table and print it; returns the exit code."""
    parser = Parser("collect", __doc__)
    parser.add_argument("folder", nargs="+", type=Path, help="folder of a sweep (several become one table)")
    parser.add_argument("-o", "--output", type=Path, help="table to write, .parquet or .csv "
                                                          "(default: runs.parquet in the first folder)")
    chosen = parser.parse_args(words)
    from sim.runs.crate import write_crate
    from sim.runs.results import write_package
    from sim.runs.schema import TABLES
    from sim.runs.table import collect, console, write_csv, write_table

    for folder in chosen.folder:
        if not list(folder.glob("plan-*.json")):
            raise ConfigurationError(f"{folder}: not the folder of a sweep (no plan-*.json there)")
    data, swept, remarks = collect(chosen.folder)
    for remark in remarks:
        print(f"sim: {remark}", file=sys.stderr)
    if not data.num_rows:
        raise ConfigurationError(f"{chosen.folder[0]}: no finished run yet")
    output = chosen.output or chosen.folder[0] / "runs.parquet"
    (write_csv if output.suffix == ".csv" else write_table)(data, output)
    if output.name in TABLES:
        write_package(output.parent, data["experiment"][0].as_py())
        write_crate(output.parent)
    print(console(data, swept))
    print(f"\n{data.num_rows} runs: {output}")
    return 0
