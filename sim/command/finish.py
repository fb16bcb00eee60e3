"""What is written and printed once all runs are there: figures, findings, report."""

from pathlib import Path

import pyarrow.parquet as pq

from sim.findings import terminal
from sim.registry.files import read_rows
from sim.runs.results import Folder, write_package
from sim.runs.study import show
from sim.statistics.summary import summarise, write_summary
from sim.studies import analyse
from sim.studies.comparison import BRIEF, present


def finish_comparison(folder: Folder) -> None:
    """summary.csv, figures, what a study adds, report.html and the tables on the terminal."""
    from sim.figures import draw_all
    from sim.report.comparison import write_report

    rows = summarise(pq.read_table(folder.path / "runs.parquet"), folder.settings["reference"])
    write_summary(rows, folder.path / "summary.csv")
    write_package(folder.path, folder.settings["study"])
    draw_all(folder.path)
    analysis = folder.settings["analysis"]
    studied = analyse(analysis, folder.path) if analysis else None
    write_report(folder.path, studied)
    print(terminal.render(present({"summary": read_rows(folder.path / "summary.csv")}), BRIEF))
    if studied:
        print(f"\n{terminal.render(studied)}")
    print(f"\nresults: {show(folder.path)}")


def finish_sweep(folder: Path, analysis: str) -> None:
    """What the experiment's study found: its tables and figures, report.html and the tables on the terminal."""
    from sim.report.sweep import write_sweep_report

    findings = analyse(analysis, folder)
    write_sweep_report(folder, findings)
    print(terminal.render(findings))
