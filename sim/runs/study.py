"""A study: every scenario and replicate of one configuration, from first run to figures."""

import errno
import sys
import time
from pathlib import Path

from sim.registry.parameters import ConfigurationError
from sim.runs.compile import prepare
from sim.runs.progress import Progress
from sim.runs.results import Folder, command_line
from sim.runs.run import Task, run_all


def carry_out(path, settings: dict, parameters: dict, started: float, report) -> int:
    """Run what is not yet done and write its tables; returns the exit code.

    report: (Folder) -> None; is called once the tables are there, to write figures and what is printed.
    """
    folder = Folder(Path(path), settings, parameters)
    if folder.is_complete():
        print(f"all runs are there already: {show(folder.path)}")
        report(folder)
        folder.clear_parts()
        return 0
    try:
        return play(folder, started, report)
    except OSError as error:
        kept = len(folder.parts())
        why = "the disk is full" if error.errno == errno.ENOSPC else f"{error.strerror or error}"
        raise ConfigurationError(f"results cannot be written to {show(folder.path)}: {why}; "
                                 f"{kept} finished runs are kept there") from None


def play(folder: Folder, started: float, report) -> int:
    """Run the pilot, then as many more replicates as its spread asks for; close the folder as far as they came."""
    folder.begin()
    with folder.alone():
        folder.restore()
    outcome = run_open(folder)
    if not outcome.interrupted and not outcome.failed and (more := by_power(folder)):
        folder.replicates = dict.fromkeys(folder.replicates, more)
        outcome = run_open(folder)
    with folder.alone():  # a launch that shares the folder may be closing it
        return close(folder, outcome, started, report)


def close(folder: Folder, outcome, started: float, report) -> int:
    """Tables, manifest and report of the runs there are; returns the exit code."""
    if folder.is_complete():
        print(f"all runs are there, closed by another launch: {show(folder.path)}")
        folder.clear_parts()
        return 0
    folder.restore()
    kept, planned = folder.merge(), len(folder.planned())
    folder.write_manifest(kept == planned, time.time() - started, command_line())
    if outcome.interrupted:
        print(f"sim: stopped; {kept} of {planned} runs are kept in {show(folder.path)}; the same command with "
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


def run_open(folder: Folder):
    """Run every planned run that is not there yet; returns how they ended."""
    tasks = [Task(scenario, k, folder.parameters[scenario], part) for scenario, k, part in folder.planned()]
    todo = [task for task in tasks if not task.part.exists()]
    if todo:
        prepare()
    if len(todo) < len(tasks):
        print(f"sim: {len(tasks) - len(todo)} of {len(tasks)} runs are there already", file=sys.stderr)
    workers = next(iter(folder.parameters.values())).workers
    with Progress(sum(task.nights for task in todo), len(todo)) as progress:
        return run_all(todo, workers, progress.go_on)


def by_power(folder: Folder) -> int | None:
    """Replicates that the pilot's spread asks for, at most `most_replicates`; None where the pilot is enough.

    Planned for the smallest effect of interest of every primary outcome in every compared scenario
    (`sim.statistics.summary.needed`).
    """
    from sim.statistics.summary import most_needed, pilot_text, summarise

    most, pilot = folder.settings["most_replicates"], max(folder.replicates.values())
    if not most or most <= pilot:
        return None
    with folder.alone():
        folder.restore()
        runs = folder.tables()["runs"]
    wanted, which = most_needed(summarise(runs, folder.settings["reference"]))
    if wanted <= pilot:
        return None
    print(pilot_text(pilot, wanted, which, most), file=sys.stderr)
    return int(min(wanted, most))


def show(path: Path) -> str:
    """A path as short as it is clear: relative where it lies below the working folder."""
    path = Path(path).absolute()
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)
