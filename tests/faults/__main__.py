"""`python -m tests.faults`: do harm to studies and sweeps, and print a table of what was lost.

Real commands run in a temporary folder.  They are killed at random, or meet a full disk, a folder that cannot be
written, few open files, a closed pipe, a torn cache, or a second launch in another namespace of processes.  Afterwards
the same command must complete with the bytes of one that nothing disturbed.  Exit code 1 if anything was lost.
"""

import argparse
import sys
import tempfile
import time
from datetime import date
from functools import partial
from pathlib import Path

from .trials import Outcome, Trials, can_mount, can_unshare

HEAD = ("what was tried", "how often", "finished runs lost", "processes left behind", "tables not the same bytes",
        "errors not in one line")


def trials_of(trials: Trials, kills: int, end: float):
    """The trials as functions that return an `Outcome`; the first of each kind before the others.

    end: moment after which none begins [s of `time.monotonic`]; signals to sweeps take half of the time at most.
    """
    half = (time.monotonic() + end) / 2
    yield partial(trials.kills, "sweep", kills - kills // 2, half)
    for kind in ("sweep", "study"):
        if can_unshare():
            yield partial(trials.two_namespaces, kind, "--mount-proc")
        yield partial(trials.read_only, kind)
        yield partial(trials.few_files, kind, 20)
        yield partial(trials.lost_output, kind, "pipe")
        yield partial(trials.small_disk, kind, 100_000) if can_mount(trials.folder) else partial(
            trials.small_files, kind, 4_000)
        yield partial(trials.torn_cache, kind, 0)
    yield partial(trials.same_second)
    yield partial(trials.kills, "study", kills // 2, end)
    yield from (partial(trials.lost_output, "sweep", where) for where in ("full", "ascii", "closed"))
    yield from (partial(trials.small_files, "study", size) for size in (500, 4_000, 20_000))
    yield from (partial(trials.few_files, "sweep", count) for count in (12, 14, 16, 18))
    yield partial(trials.torn_cache, "sweep", 3_000)
    if can_unshare():
        yield partial(trials.two_namespaces, "sweep")


def summed(outcomes: list[Outcome]) -> list[Outcome]:
    """One outcome for each kind of harm, in the order of the first."""
    by_harm = {}
    for outcome in outcomes:
        by_harm[outcome.harm] = by_harm[outcome.harm] + outcome if outcome.harm in by_harm else outcome
    return list(by_harm.values())


def table(outcomes: list[Outcome]) -> str:
    """Outcomes as a table in Markdown."""
    rows = [HEAD, ("---", *["---:"] * (len(HEAD) - 1)), *outcomes]
    return "\n".join("| " + " | ".join(map(str, row)) + " |" for row in rows)


def main(words=None) -> int:
    """Carry out trials for a time, print the table and write it if asked; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=20, help="signals to be sent, half to sweeps, half to studies")
    parser.add_argument("--minutes", type=float, default=30.0, help="no new trial begins after this time")
    parser.add_argument("--seed", type=int, default=1, help="of the random moments and choices")
    parser.add_argument("--only", nargs="+", default=[""], metavar="WORD",
                        help="trials whose name holds one of these words (kills, few_files, lost_output ...)")
    parser.add_argument("-o", "--output", type=Path, help="file for the table, in Markdown")
    asked = parser.parse_args(words)
    until, outcomes = time.monotonic() + 60 * asked.minutes, []
    with tempfile.TemporaryDirectory(prefix="faults-") as folder:
        for trial in trials_of(Trials(Path(folder), asked.seed), asked.kills, until):
            if time.monotonic() > until:
                break
            if not any(word in trial.func.__name__ for word in asked.only):
                continue
            outcomes.append(trial())
            print(*outcomes[-1], sep=" | ", file=sys.stderr, flush=True)
    text = f"{table(summed(outcomes))}\n\n{date.today()}, seed {asked.seed}.\n"
    print(text)
    if asked.output:
        asked.output.write_text(text, encoding="utf-8")
    return int(not all(outcome.is_good for outcome in outcomes))


if __name__ == "__main__":
    sys.exit(main())
