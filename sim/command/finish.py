"""What is written and printed once all runs are there: figures, findings, report."""

from pathlib import Path

import pyarrow.parquet as pq

from sim.findings import terminal
from sim.runs.results import Folder, write_package
from sim.runs.study import show
from sim.statistics.summary import summarise, write_summary
from sim.studies import analyse
from sim.studies.comparison import console_table


def finish_comparison(folder: Folder) -> None:
    """summary.csv, figures, report.html and the tables on the terminal."""
    from sim.figures import draw_all
    from sim.report.study import write_report

    rows = summarise(pq.read_table(folder.path / "runs.parquet"), folder.settings["reference"])
    write_summary(rows, folder.path / "summary.csv")
    write_package(folder.path, folder.settings["study"])
    draw_all(folder.path)
    write_report(folder.path, rows)
    print(console_table(rows))
    if folder.settings["analysis"]:
        print(f"\n{terminal.render(analyse(folder.settings['analysis'], folder.path))}")
    print(f"\nresults: {show(folder.path)}")


def finish_sweep(folder: Path, analysis: str) -> None:
    """What the experiment's study found: its tables and figures, report.html and the tables on the terminal."""
    from sim.report.sweep import write_sweep_report

    findings = analyse(analysis, folder)
    write_sweep_report(folder, findings)
    print(terminal.render(findings))
