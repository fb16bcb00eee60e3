"""Work on a plan: processes that walk through its runs and play those that nobody else is at.

The same walk serves one process, several on a machine, and jobs of a cluster: what is finished and who is at work is
read from the store alone.  A process that fails leaves its finished runs behind.
"""

import os
import signal
import time
from functools import cache
from pathlib import Path

from sim.identity import same_model
from sim.registry.interrupts import stopping
from sim.registry.parameters import ConfigurationError
from sim.runs.lock import Claim, clear
from sim.runs.nights import keep
from sim.runs.past import Kept, pasts
from sim.runs.plan import read_plan
from sim.runs.pool import SPAWN, crew
from sim.runs.run import simulate
from sim.runs.store import DEATHS, Journals, Writer
from sim.world.draws import replicate_seed

WAIT = 0.5  # seconds between looks at runs that others are at
_AT_WORK = {"nights": [0]}  # nights played of the run that each process of this one is at


def nights_at_work() -> int:
    """Nights played so far of the runs that this process and its own processes are at."""
    return sum(_AT_WORK["nights"])


def work(folder: Path, plan_file: str, first: int, last: int, launch: str, processes: int) -> None:
    """One job: walk through points `first` to `last` of a plan, in this process or in several.

    KeyboardInterrupt after Ctrl-C; OSError where results cannot be written.
    """
    runs, tables, shared = read_part(folder, plan_file, first, last)
    journals = Journals(folder, tables).refresh()
    processes = max(1, min(processes, sum(not journals.is_settled(point, k, launch) for point, k in runs)))
    nights = _AT_WORK["nights"] = counts(processes)
    if processes > 1:
        crew(walk_part, (folder, plan_file, first, last, launch, nights), processes,
             lambda: len(Journals(folder).refresh().runs))
    else:
        with stopping(signal.SIGINT) as stop_if_asked:
            walk(folder, runs, tables, shared, launch, nights, 0, stop_if_asked)


def counts(processes: int):
    """A whole number a process that the others can see, or, where memory cannot be shared, one of its own."""
    try:
        return SPAWN.RawArray("q", processes) if processes > 1 else [0]
    except OSError:
        return [0] * processes


def walk_part(folder, plan_file, first, last, launch, nights, number, stop_if_asked) -> None:
    """What one process of several does."""
    walk(folder, *read_part(folder, plan_file, first, last), launch, nights, number, stop_if_asked)


def read_part(folder: Path, plan_file: str, first: int, last: int) -> tuple[list, tuple[str, ...], dict]:
    """Runs of the points first … last − 1 of a plan, the tables that are kept of each, and the pasts that they share.

    ConfigurationError if the model's code is no longer the plan's.
    """
    head, points = read_plan(folder / plan_file)
    if not same_model(head):
        raise ConfigurationError(f"{folder / plan_file}: was planned with another version of the model; start again")
    runs = [(point, k) for point in points[first:last] for k in range(point.replicates)]
    return runs, tuple(head["tables"]), pasts(points)


@cache
def desk(folder: Path, process: int, tables: tuple[str, ...]) -> tuple[Journals, Writer]:
    """What a process knows of a store and its own journal there; kept between jobs that the process is given."""
    return Journals(folder, tables), Writer(folder)


def walk(folder: Path, runs, tables, shared, launch: str, nights, number: int, stop_if_asked) -> None:
    """Play what is open among `runs`; waits for those that others are at, in case those others die.

    shared: pasts by the identity of the point; nights[number] counts those of the run that this process is at;
    `stop_if_asked` raises KeyboardInterrupt.
    """
    def on_nights(count):
        nights[number] += count
        stop_if_asked()

    journals, writer = desk(folder, os.getpid(), tables)
    journals.refresh()
    left = list(runs)
    while left:
        busy = []
        for point, k in left:
            if journals.is_settled(point, k, launch):
                continue
            stop_if_asked()
            claim = Claim(folder, name_of(point, k), launch)
            if not claim.acquire():
                busy.append((point, k))
                continue
            try:
                journals.refresh()  # somebody may have finished it since
                if not journals.is_settled(point, k, launch):
                    play(point, k, Kept(folder, shared.get(point.identity), k), journals, writer, claim, launch,
                         on_nights)
            finally:
                nights[number] = 0
                claim.release()
        left = busy
        if busy:
            time.sleep(WAIT)
            stop_if_asked()
            journals.refresh()
    clear(folder, (name_of(point, k) for point, k in runs if journals.is_settled(point, k, launch)))


def name_of(point, replicate: int) -> str:
    """Names the work on one run."""
    return f"{point.identity[:32]}-{replicate:05d}"


def play(point, replicate: int, past: Kept, journals, writer, claim, launch: str, on_nights) -> None:
    """Play one run and enter it into the store, or what went wrong."""
    if claim.deaths >= DEATHS:
        return writer.failure(point.identity, replicate, launch, f"{claim.deaths} processes died over it")

    def go_on(nights):
        claim.renew()
        on_nights(nights)

    try:
        parameters = point.parameters
        seed = replicate_seed(parameters.seed, replicate)
        record = simulate(parameters, seed, go_on, past)
    except Exception as error:
        return writer.failure(point.identity, replicate, launch, f"{type(error).__name__}: {error}")
    keep(journals.place, point.identity, replicate, record, journals.tables)
    return writer.run(point.identity, replicate, seed, record.run)
