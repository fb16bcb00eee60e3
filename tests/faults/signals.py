"""Signals to any process of a study, a sweep or an array of Slurm, at random moments."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from .bench import Bench, has_traceback
from .outcomes import Outcome, outcome
from .processes import LONGEST, RUNS, family, finished, is_running, left_behind, said, start

SIGNALS = (signal.SIGKILL, signal.SIGKILL, signal.SIGKILL, signal.SIGTERM, signal.SIGHUP, signal.SIGINT)
HARM = {"study": "signal to any process of a study", "sweep": "signal to any process of a sweep",
        "array": "signal to any process of a Slurm array"}


def kills(bench: Bench, kind: str, most: int, until: float) -> Outcome:
    """Signals to processes of one command, which is given again until it ends by itself.

    most: signals that are sent; until: no further one is sent after this moment [s of `time.monotonic`].
    """
    bench.undisturbed(kind)
    folder, result, seen, members = bench.new(), Outcome(HARM[kind]), set(), set()
    while result.tried < most and time.monotonic() < until:
        driver = start(kind, folder)
        sent = strike(bench, kind, driver, folder, most - result.tried, members, seen)
        if kind != "array" and (left := left_behind(members - {driver.pid})):
            result += outcome("", 0, left=len(left))
        result += Outcome("", sent)
        if not sent:
            break
    torn = bench.compared(kind, folder)
    left = jobs_left(folder) if kind == "array" else []
    errors = said(folder).read_text(errors="replace") if said(folder).exists() else ""
    if has_traceback(errors):
        print(errors[-5000:], file=sys.stderr, flush=True)
    return result + outcome("", 0, lost=len(seen - finished(folder)), left=len(left), torn=torn,
                            unclear=has_traceback(errors))


def strike(bench: Bench, kind: str, driver: subprocess.Popen, folder: Path, most: int, members: set, seen: set) -> int:
    """Send signals until the driver ends; returns how many.  Adds to the processes and finished runs met."""
    sent, goes_on = 0, True
    while goes_on and sent < most:
        wait(bench, driver, folder)
        seen |= finished(folder)
        now = [*family(driver.pid), *(jobs_of(folder) if kind == "array" else ())]
        members |= set(now)
        if driver.poll() is not None or not now:
            break
        target = bench.dice.choice([driver.pid, *now])  # a driver loses most, so it is hit more often
        number = bench.dice.choice(SIGNALS)
        try:
            os.kill(target, number)
        except ProcessLookupError:
            continue
        sent += 1
        goes_on = target != driver.pid and bench.dice.random() < 0.7
    if sent and not goes_on and driver.poll() is None and bench.dice.random() < 0.8:
        members |= set(family(driver.pid))
        time.sleep(bench.dice.random())
        driver.kill()
    driver.wait(LONGEST)
    seen |= finished(folder)
    return sent


def wait(bench: Bench, driver: subprocess.Popen, folder: Path) -> None:
    """Wait until so many more runs are finished, often all of them, and a moment longer, or until the driver ends."""
    goal = bench.dice.choice((0, 1, 2, 3, 5, 8, RUNS))
    goal = RUNS if goal == RUNS else len(finished(folder)) + goal
    while driver.poll() is None and len(finished(folder)) < min(goal, RUNS):
        time.sleep(0.05)
    until = time.monotonic() + bench.dice.random() * 4
    while driver.poll() is None and time.monotonic() < until:
        time.sleep(0.02)


def jobs_of(folder: Path) -> list[int]:
    """Processes of jobs of Slurm that were submitted from the folder's place: batch scripts, `srun`, Python."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        try:
            environment = (place / "environ").read_bytes().split(b"\0")
        except OSError:
            continue
        if f"SLURM_SUBMIT_DIR={folder.parent}".encode() in environment and is_running(int(place.name)):
            found.append(int(place.name))
    return found


def jobs_left(folder: Path) -> list[int]:
    """Processes of jobs that go on although nothing is queued any more; what is still queued in the end is one too."""
    until = time.monotonic() + 500
    while (queued := subprocess.run(["squeue", "-h", "-o", "%A"], capture_output=True, text=True).stdout.split()):
        if time.monotonic() > until:
            subprocess.run(["scancel", *queued], capture_output=True)
            return [*map(int, queued)]
        time.sleep(1)
    return left_behind(jobs_of(folder))
