"""Processes: started afresh, deaf to Ctrl-C, gone when the process that started them is gone."""

import multiprocessing
import os
import signal
import sys
import threading
import time
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from functools import cache
from types import ModuleType

from sim.registry.interrupts import shielded, stopping
from sim.runs.run import cores

LOOK = 0.1  # seconds between looks at the processes
PATIENCE = 10.0  # seconds that a process is given to come to a good end
IN_A_ROW = 10  # processes that may die without any progress
FAILED = 100  # exit code of a process that could not write, less the number of the error
SPAWN = multiprocessing.get_context("spawn")


def each(function, tasks, chunk: int = 1):
    """Yield function(task) of every task, in order; in as many processes as there are processors."""
    try:
        executor = ProcessPoolExecutor(cores(), SPAWN, _settle, (os.getpid(),))
    except OSError:  # no shared memory for its locks (/dev/shm): this process does the work
        yield from map(function, tasks)
        return
    with executor as pool:
        with shielded():
            results = pool.map(function, tasks, chunksize=chunk)
        yield from results


def crew(target, arguments: tuple, count: int, progress) -> None:
    """`count` processes call target(*arguments, number, stop_if_asked) until each returns; one that dies is replaced.

    progress: () -> number that grows while the work goes on; RuntimeError if processes only die.
    """
    running, died, before = {}, 0, 0
    try:
        for number in range(count):
            try:
                running[number] = _start(target, arguments, number)
            except OSError:  # a limit of processes, memory or open files: fewer do the same work
                if not running:
                    raise
                break
        with stopping(signal.SIGINT) as stop_if_asked:
            while running:
                time.sleep(LOOK)
                stop_if_asked()
                for number, process in list(running.items()):
                    if process.exitcode is None:
                        continue
                    del running[number]
                    if process.exitcode == 0:
                        continue
                    if process.exitcode > FAILED:
                        raise OSError(process.exitcode - FAILED, os.strerror(process.exitcode - FAILED))
                    now = progress()
                    died, before = (1 if now > before else died + 1), now
                    if died > IN_A_ROW:
                        raise RuntimeError("processes die as soon as they are started")
                    running[number] = _start(target, arguments, number)
    finally:
        end(running.values())


def _start(target, arguments, number):
    process = SPAWN.Process(target=_serve, args=(os.getpid(), target, arguments, number), daemon=True)
    with shielded(), without_script():
        process.start()
    return process


@contextmanager
def without_script():
    """Processes started within do not run the user's script once more, which Python's `spawn` otherwise does.

    What they do lies in this package, so they need nothing of the script, and it needs no `if __name__ == "__main__"`.
    """
    script, sys.modules["__main__"] = sys.modules["__main__"], ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = script


def _serve(parent: int, target, arguments, number) -> None:
    """The life of one process of a crew."""
    _settle(parent)
    try:
        with stopping(signal.SIGTERM) as stop_if_asked:
            target(*arguments, number, stop_if_asked)
    except KeyboardInterrupt:
        pass
    except OSError as error:
        sys.exit(FAILED + (error.errno or 1))


def end(processes) -> None:
    """Ask processes to stop, and kill those that do not."""
    for process in processes:
        process.terminate()
    until = time.monotonic() + PATIENCE
    for process in processes:
        process.join(max(until - time.monotonic(), 0))
        process.kill()
        process.join()


def _settle(parent: int) -> None:
    """A process leaves Ctrl-C to its parent and ends with it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_with(parent)


@cache
def end_with(parent: int) -> None:
    """SIGTERM reaches this process when its parent is gone."""
    def look():
        while os.getppid() == parent:
            time.sleep(1)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=look, daemon=True).start()
