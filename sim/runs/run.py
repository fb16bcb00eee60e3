"""Runs: one in this process, or many in parallel; nothing here depends on the number of workers.

Launches that are given the same folder share its runs: each takes those that nobody is at (`sim.runs.lock`), then waits
for the rest in case whoever is at them dies.
"""

import hashlib
import multiprocessing
import os
import signal
import threading
import time
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from sim.registry.parameters import Parameters
from sim.runs.lock import Claim
from sim.world.draws import replicate_seed

POLL = 0.5  # seconds between looks at the workers
REPORT_EVERY = 10  # nights between a run's reports of progress
TRIES = 2  # times a run is begun when its worker dies under it


class Stopped(Exception):
    """A run was asked to stop."""


class Task(NamedTuple):
    """One run: a scenario's parameters, the replicate and where its part file goes."""

    scenario: str
    replicate: int
    parameters: Parameters
    part: Path

    @property
    def seed(self) -> int:
        return replicate_seed(self.parameters.seed, self.replicate)

    @property
    def nights(self) -> int:
        return self.parameters.warmup + self.parameters.nights


@dataclass
class Outcome:
    """How a set of runs ended."""

    done: list = field(default_factory=list)  # tasks
    failed: list = field(default_factory=list)  # (task, exception)
    interrupted: bool = False


def simulate(parameters: Parameters, seed: int, on_nights=lambda n: None):
    """Play one run to its end; returns its `Record`.  `on_nights` is told of every few nights played."""
    from sim.market import Market

    market = Market(parameters, seed)
    since = 0
    while market.running:
        market.step()
        since += 1
        if since == REPORT_EVERY:
            on_nights(since)
            since = 0
    on_nights(since)
    record = market.record()
    market.release()
    return record


def run_all(tasks: list[Task], workers: int | None, progress) -> Outcome:
    """Play every task and write its part; `progress(nights, runs)` is called as they go on."""
    workers, outcome = workers or cores(), Outcome()
    try:
        with interruptible() as stop_if_asked:
            def go_on(nights, runs):
                progress(nights, runs)
                stop_if_asked()
            others = _run(tasks, workers, go_on, outcome, patient=False)
            _run(others, workers, go_on, outcome, patient=True)
    except KeyboardInterrupt:
        outcome.interrupted = True
    return outcome


@contextmanager
def interruptible():
    """Ctrl-C only sets a flag here; yields a function that raises KeyboardInterrupt once it is set.

    An exception raised wherever the signal happens to arrive can be swallowed (in a destructor, say) and lost.
    """
    asked = threading.Event()

    def stop_if_asked():
        if asked.is_set():
            raise KeyboardInterrupt

    if threading.current_thread() is not threading.main_thread():
        yield stop_if_asked
        return
    before = signal.signal(signal.SIGINT, lambda *_: asked.set())
    try:
        yield stop_if_asked
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def shielded():
    """Processes started within never see Ctrl-C, not even while they start; here it arrives when the block ends."""
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


def cores() -> int:
    """Processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _run(tasks, workers, progress, outcome, patient) -> list:
    """Play what nobody else is at; returns the rest.  With `patient`, wait for that too: nothing is returned."""
    if workers == 1 or len(tasks) < 2:
        return _run_here(tasks, progress, outcome, patient)
    return _run_in_processes(tasks, min(workers, len(tasks)), progress, outcome, patient)


def _finish(task, on_nights, patient) -> bool:
    """Play one run and write its part; False if another process is at it and is not to be waited for."""
    from sim.runs.results import write_part

    claim = Claim(task.part.parent.parent, hashlib.sha256(task.part.name.encode()).hexdigest())

    def renew(nights):
        claim.renew()
        on_nights(nights)

    while not task.part.exists():
        if claim.take():
            try:
                if not task.part.exists():  # somebody may have finished it since
                    record = simulate(task.parameters, task.seed, renew)
                    write_part(task.part, task.scenario, task.replicate, task.seed, record)
                    return True
            finally:
                claim.give_back()
        elif not patient:
            return False
        else:
            time.sleep(POLL)
            on_nights(0)
    on_nights(task.nights)
    return True


def _run_here(tasks, progress, outcome, patient) -> list:
    others = []
    for task in tasks:
        try:
            mine = _finish(task, lambda nights: progress(nights, len(outcome.done)), patient)
            (outcome.done if mine else others).append(task)
        except OSError:
            raise
        except Exception as error:
            outcome.failed.append((task, error))
        progress(0, len(outcome.done) + len(outcome.failed))
    return others


def _run_in_processes(tasks, workers, progress, outcome, patient) -> list:
    """A pool of fresh processes; if one is killed, what it held is tried once more in a new pool."""
    context = multiprocessing.get_context("spawn")
    counter, stop = context.Value("q", 0), context.Event()
    left, others, tries = list(tasks), [], dict.fromkeys(range(len(tasks)), 0)
    number = {id(task): k for k, task in enumerate(tasks)}
    try:
        while left:
            for task in left:
                tries[number[id(task)]] += 1
            with ProcessPoolExecutor(workers, context, _start_worker, (counter, stop)) as pool:
                with shielded():
                    futures = {pool.submit(_work, task, patient): task for task in left}
                try:
                    lost = _watch(futures, counter, progress, outcome, others)
                except BaseException:
                    stop.set()
                    pool.shutdown(wait=False, cancel_futures=True)
                    raise
            left = [task for task in lost if tries[number[id(task)]] < TRIES]
            outcome.failed += [(t, RuntimeError("its worker process died")) for t in lost if t not in left]
    finally:
        stop.set()
    return others


def _watch(futures, counter, progress, outcome, others) -> list:
    """Follow the workers to the end; returns tasks whose process died under them, `others` gets those of others."""
    waiting, seen, lost = set(futures), counter.value, []
    while waiting:
        ended, waiting = wait(waiting, timeout=POLL, return_when=FIRST_COMPLETED)
        for future in ended:
            task, error = futures[future], future.exception()
            if error is None:
                (outcome.done if future.result() else others).append(task)
            elif isinstance(error, BrokenProcessPool):
                lost.append(task)
            elif isinstance(error, OSError):
                raise error
            else:
                outcome.failed.append((task, error))
        now = counter.value
        progress(now - seen, len(outcome.done) + len(outcome.failed))
        seen = now
    return lost


_COUNTER = _STOP = None


def _start_worker(counter, stop) -> None:
    """A worker leaves Ctrl-C to the main process."""
    global _COUNTER, _STOP
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _COUNTER, _STOP = counter, stop


def _work(task, patient) -> bool:
    return _finish(task, _report, patient)


def _report(nights) -> None:
    with _COUNTER.get_lock():
        _COUNTER.value += nights
    if _STOP.is_set():
        raise Stopped
