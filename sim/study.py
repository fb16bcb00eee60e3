"""A study: every scenario and replicate of one configuration, from first run to figures."""

import errno
import sys
import time
from pathlib import Path

from sim.parameters import ConfigurationError
from sim.progress import Progress
from sim.results import Folder, command_line
from sim.run import Task, run_all


def carry_out(path, settings: dict, parameters: dict, started: float) -> int:
    """Run what is not yet done, write tables and figures, print the summary; returns the exit code."""
    folder = Folder(Path(path), settings, parameters)
    if folder.is_complete():
        print(f"all runs are there already: {show(folder.path)}")
        report(folder)
        folder.clear_parts()
        return 0
    try:
        return play(folder, started)
    except OSError as error:
        kept = len(folder.parts())
        why = "the disk is full" if error.errno == errno.ENOSPC else f"{error.strerror or error}"
        raise ConfigurationError(f"results cannot be written to {show(folder.path)}: {why}; "
                                 f"{kept} finished runs are kept there") from None


def play(folder: Folder, started: float) -> int:
    """Run the open tasks and close the folder as far as they came."""
    folder.begin()
    tasks = [Task(scenario, k, p, folder.part(scenario, k)) for scenario, p in folder.parameters.items()
             for k in range(p.replicates)]
    todo = [task for task in tasks if not task.part.exists()]
    if len(todo) < len(tasks):
        print(f"sim: {len(tasks) - len(todo)} of {len(tasks)} runs are there already", file=sys.stderr)
    workers = next(iter(folder.parameters.values())).workers
    with Progress(sum(task.nights for task in todo), len(todo)) as progress:
        outcome = run_all(todo, workers, progress.go_on)
    kept = folder.merge()
    folder.write_manifest(kept == len(tasks), time.time() - started, command_line())
    if outcome.interrupted:
        print(f"sim: stopped; {kept} of {len(tasks)} runs are kept in {show(folder.path)}; the same command with "
              f"hydra.run.dir={show(folder.path)} goes on", file=sys.stderr)
        return 130
    for task, error in outcome.failed:
        print(f"sim: error: {task.scenario}, replicate {task.replicate}: {type(error).__name__}: {error}",
              file=sys.stderr)
    if kept:
        report(folder)
    if outcome.failed:
        return 1
    folder.clear_parts()
    return 0


def report(folder: Folder) -> None:
    """summary.csv, figures, report.html and the table on the terminal."""
    import pyarrow.parquet as pq

    from sim.figures import draw_all
    from sim.report import write_report
    from sim.summary import console_table, summarise, write_summary

    rows = summarise(pq.read_table(folder.path / "runs.parquet"), folder.settings["reference"])
    write_summary(rows, folder.path / "summary.csv")
    draw_all(folder.path)
    write_report(folder.path, rows)
    print(console_table(rows))
    print(f"\nresults: {show(folder.path)}")


def show(path: Path) -> str:
    """A path as short as it is clear: relative where it lies below the working folder."""
    path = Path(path).absolute()
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)
