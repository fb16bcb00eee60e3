"""What is written and printed once runs are there: figures, findings, report."""

from pathlib import Path

import pyarrow.parquet as pq

from sim.figures import draw_all
from sim.findings import terminal
from sim.report.comparison import found, write_report, write_summary_of
from sim.report.sweep import write_sweep_report
from sim.runs.plan import Plan
from sim.runs.results import show
from sim.runs.table import console
from sim.studies import analyse, needs
from sim.studies.comparison import BRIEF


def finish_comparison(folder: Path, plans: list[Plan], complete: bool) -> None:
    """summary.csv, figures, what a study adds, report.html and the tables on the terminal, of the runs there are."""
    settings = plans[-1].settings
    write_summary_of(folder, settings)
    draw_all(folder)
    studied = analyse(settings["analysis"], folder) if settings["analysis"] else None
    write_report(folder, studied)
    print(terminal.render(found(folder), BRIEF))
    if studied:
        print(f"\n{terminal.render(studied)}")
    print(f"\nresults: {show(folder)}")


def finish_sweep(folder: Path, plans: list[Plan], complete: bool) -> None:
    """Tables, figures and report.html of a complete sweep's study; then means by point and findings on the terminal.

    Everything is written before the first word is printed.
    """
    data, analysis = pq.read_table(folder / "runs.parquet"), plans[-1].settings["analysis"]
    findings = analyse(analysis, folder) if complete and analysis else None
    if findings:
        write_sweep_report(folder, findings)
    if not needs(analysis).own_points:
        print(console(data, list(dict.fromkeys(key for plan in plans for key in plan.swept))))
    if findings:
        print(terminal.render(findings))
    print(f"\nresults: {show(folder)}/runs.parquet, {data.num_rows} of {sum(len(plan.runs) for plan in plans)} runs")
