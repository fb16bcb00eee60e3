"""Commands in new processes, as a user gives them."""

import os
import subprocess
import sys
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

ROOT = Path(__file__).parent.parent


class Ended(NamedTuple):
    """The end of a process."""

    seconds: float  # wall time
    busy: float  # processor seconds of the process and its workers; NaN if the system does not report them
    output: str  # its standard output


def busy() -> float:
    """Processor seconds of all child processes that have ended."""
    try:
        import resource
    except ImportError:
        return float("nan")
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def python(*words, cwd) -> Ended:
    """Run `python WORDS` to its end in folder `cwd`; raises RuntimeError if it fails."""
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    start, before = perf_counter(), busy()
    done = subprocess.run([sys.executable, *map(str, words)], cwd=cwd, env={**os.environ, "PYTHONPATH": path},
                          capture_output=True, text=True)
    seconds = perf_counter() - start
    if done.returncode:
        raise RuntimeError(f"{' '.join(map(str, words))} ended with {done.returncode}: {done.stderr[-500:]}")
    return Ended(seconds, busy() - before, done.stdout)
