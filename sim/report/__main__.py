"""`python -m sim.report results/centralisation/latest`: the report of a finished folder anew."""

import json
import sys
from pathlib import Path

import pyarrow.parquet as pq
import yaml

from sim.registry.parameters import ConfigurationError
from sim.report.study import write_report
from sim.report.sweep import write_sweep_report
from sim.statistics.summary import summarise
from sim.studies import analyse


def main(words=None) -> int:
    """Write the report of a finished comparison anew, or analyse a finished sweep anew and write its report."""
    given = sys.argv[1:] if words is None else words
    folder = Path(given[0]) if len(given) == 1 else None
    if folder is None or not all((folder / name).exists() for name in ("manifest.json", "runs.parquet")):
        return refuse("give the folder of a finished run or sweep")
    if (folder / "config.yaml").exists():
        config = yaml.safe_load((folder / "config.yaml").read_text(encoding="utf-8"))
        print(write_report(folder, summarise(pq.read_table(folder / "runs.parquet"), config["reference"])))
        return 0
    plan = json.loads((folder / "manifest.json").read_text(encoding="utf-8")).get("analysis")
    if not plan:
        return refuse(f"{folder}: no analysis belongs to this sweep")
    try:
        print(write_sweep_report(folder, analyse(plan, folder)))
    except ConfigurationError as error:
        return refuse(str(error))
    return 0


def refuse(why: str) -> int:
    """One line, and the exit code."""
    print(f"sim.report: error: {why}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
