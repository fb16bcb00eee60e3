"""`python -m sim report results/centralisation/latest`: the report of a finished folder anew."""

import json
from pathlib import Path

import pyarrow.parquet as pq
import yaml

from sim.command.complain import Parser
from sim.registry.errors import ConfigurationError
from sim.report.comparison import write_report
from sim.report.sweep import write_sweep_report
from sim.runs.crate import write_crate
from sim.statistics.summary import summarise, write_summary
from sim.studies import analyse


def main(words=None) -> int:
    """Write the report of a finished comparison anew, or analyse a finished sweep anew and write its report."""
    parser = Parser("report", __doc__)
    parser.add_argument("folder", type=Path, help="folder of a finished study or sweep")
    folder = parser.parse_args(words).folder
    if not all((folder / name).exists() for name in ("manifest.json", "runs.parquet")):
        raise ConfigurationError(f"{folder}: give the folder of a finished run or sweep")
    if (folder / "config.yaml").exists():
        config = yaml.safe_load((folder / "config.yaml").read_text(encoding="utf-8"))
        write_summary(summarise(pq.read_table(folder / "runs.parquet"), config["reference"]), folder / "summary.csv")
        studied = analyse(config["analysis"], folder) if config.get("analysis") else None
        print(write_report(folder, studied))
        write_crate(folder)
        return 0
    plan = json.loads((folder / "manifest.json").read_text(encoding="utf-8")).get("analysis")
    if not plan:
        raise ConfigurationError(f"{folder}: no analysis belongs to this sweep")
    print(write_sweep_report(folder, analyse(plan, folder)))
    write_crate(folder)
    return 0
