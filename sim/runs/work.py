"""Work on a sweep: processes that walk through a list of points and run those that nobody else has.

The same walk serves one process, several on a machine, and jobs of a cluster: what is finished and who is at work is
read from the store alone.  A process that fails leaves its finished runs behind.
"""

import multiprocessing
import os
import time
from functools import cache
from pathlib import Path

from sim.identity import same_model
from sim.registry.parameters import ConfigurationError
from sim.runs.lock import Claim, clear
from sim.runs.nights import keep
from sim.runs.plan import read_plan
from sim.runs.run import shielded, simulate
from sim.runs.store import DEATHS, Journals, Writer
from sim.world.draws import replicate_seed

LOOK = 0.5  # seconds between looks at the other processes
AT_ONCE = 10  # processes in a row that may die without finishing a run


def read_part(folder: Path, plan_file: str, first: int, last: int):
    """The points first … last − 1 of a plan and whether their nights are kept; ConfigurationError if the model's code
    is no longer the plan's."""
    head, points = read_plan(folder / plan_file)
    if not same_model(head):
        raise ConfigurationError(f"{folder / plan_file}: was planned with another version of the model; start again")
    return points[first:last], head["nights"]


@cache
def desk(folder: Path, process: int, nights: bool) -> tuple[Journals, Writer]:
    """What a process knows of a store and its own journal there; kept between jobs that the process is given."""
    return Journals(folder, nights), Writer(folder)


def walk(folder: Path, points, launch: str, nights: bool = False) -> None:
    """Run what is open among `points`; waits for points that others are at, in case those others die."""
    (journals, writer), parent = desk(folder, os.getpid(), nights), os.getppid()
    journals.refresh()
    open_points = list(points)
    while open_points:
        busy = []
        for point in open_points:
            if os.getppid() != parent:  # the driver was killed
                return
            if settled(journals, point, launch):
                continue
            claim = Claim(folder, point.identity)
            if not claim.take():
                busy.append(point)
                continue
            try:
                journals.refresh()  # somebody may have finished it since
                run_point(point, journals, writer, claim, launch)
            finally:
                claim.give_back()
        open_points = busy
        if busy:
            time.sleep(LOOK)
            journals.refresh()
    clear(folder, (point.identity for point in points if settled(journals, point, launch)))


def settled(journals, point, launch) -> bool:
    """All replicates are there, or the point failed in this launch."""
    return ((launch, point.identity) in journals.failures
            or all((point.identity, k) in journals.runs for k in range(point.replicates)))


def run_point(point, journals, writer, claim, launch) -> None:
    """The open replicates of one point, one after the other; the first that fails ends it."""
    todo = [k for k in range(point.replicates) if (point.identity, k) not in journals.runs]
    if not todo or settled(journals, point, launch):
        return
    if claim.deaths >= DEATHS:
        writer.failure(point.identity, todo[0], launch, f"{claim.deaths} processes died over it")
        return
    for k in todo:
        try:
            parameters = point.parameters
            seed = replicate_seed(parameters.seed, k)
            record = simulate(parameters, seed, lambda nights: claim.renew())
        except Exception as error:
            writer.failure(point.identity, k, launch, f"{type(error).__name__}: {error}")
            return
        if journals.nights:
            keep(journals.sweep, point.identity, k, record)
        writer.run(point.identity, k, seed, record.run)
        claim.deaths = 0


def work(folder: Path, plan_file: str, first: int, last: int, launch: str, processes: int) -> None:
    """One job: walk through its part of the plan, in this process or in several."""
    points, nights = read_part(folder, plan_file, first, last)
    if processes == 1:
        return walk(folder, points, launch, nights)
    return walk_together(folder, plan_file, first, last, launch, min(processes, sum(p.replicates for p in points)))


def walk_together(folder, plan_file, first, last, launch, processes) -> None:
    """Several processes walk through the same part; one that dies is replaced."""
    context = multiprocessing.get_context("spawn")

    def start():
        process = context.Process(target=_process, args=(folder, plan_file, first, last, launch), daemon=True)
        with shielded():
            process.start()
        return process

    running, died, known = [start() for _ in range(processes)], 0, 0
    try:
        while running:
            time.sleep(LOOK / 5)
            for process in [p for p in running if p.exitcode is not None]:
                running.remove(process)
                if process.exitcode == 0:
                    continue
                if process.exitcode == NO_ROOM:
                    raise OSError(28, os.strerror(28), str(folder))
                finished = count_runs(folder)
                died = 1 if finished > known else died + 1
                known = finished
                if died > AT_ONCE:
                    raise RuntimeError("processes die as soon as they are started")
                running.append(start())
    finally:
        for process in running:
            process.kill()
        for process in running:
            process.join()


NO_ROOM = 74  # exit code of a process that could not write


def _process(folder, plan_file, first, last, launch) -> None:
    """A process of its own; leaves Ctrl-C to its parent."""
    import signal
    import sys

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        points, nights = read_part(folder, plan_file, first, last)
        walk(folder, points, launch, nights)
    except OSError:
        sys.exit(NO_ROOM)


def count_runs(folder) -> int:
    journals = Journals(folder)
    journals.refresh()
    return len(journals.runs)
