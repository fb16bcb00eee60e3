"""`python -m tests.faults`: do harm to studies, sweeps and arrays of Slurm, and make a table of what was lost.

Real commands run in a temporary folder.  They are killed at random, or meet a full disk, a folder that cannot be
written, few open files, a closed pipe, a torn cache, wrong clocks, or a second launch on another host.  Afterwards the
same command must complete with the bytes of one that nothing disturbed.  Configurations and designs are mutated at
random, and must be accepted within the registry's ranges or refused in one line.  Exit code 1 if anything was lost.
"""

import argparse
import sys
import tempfile
import time
from contextlib import nullcontext
from datetime import date
from functools import partial
from pathlib import Path

from .bench import Bench
from .launches import a_host_dies, can_be_hosts, clock_library, same_second, two_clocks, two_hosts, two_namespaces
from .mutated import mutated
from .outcomes import Outcome, read, shown, write, write_page
from .signals import kills
from .slurm import NoSlurm, lab
from .troubles import (
    can_mount,
    few_files,
    lost_output,
    read_only,
    small_disk,
    small_files,
    stale_handles,
    suddenly_read_only,
    torn_cache,
)

SENT = 12  # signals to one command and those that go on with it
OUTPUTS = ("pipe", "full", "closed", "ascii", "latin-1", "cp1252")


def troubles_of(bench: Bench):
    """Trials that are no signals, each with a kind of command, one after the other without end."""
    roots, hosts = can_mount(bench.folder), can_be_hosts()
    of_root = [small_disk, suddenly_read_only] if roots else []
    of_hosts = [two_namespaces, two_hosts, *([two_clocks] if clock_library() else []), a_host_dies] if hosts else []
    turn = 0
    while True:
        for trial in (*of_hosts, read_only, few_files, lost_output, *of_root, small_files, stale_handles, torn_cache,
                      same_second):
            kind = ("sweep", "study")[turn % 2]
            turn += 1
            more = (OUTPUTS[turn // 2 % len(OUTPUTS)],) if trial is lost_output else ()
            yield partial(trial, bench, kind, *more)
        turn += 1  # so that each meets the other kind next


def main(words=None) -> int:
    """Carry out trials for a time, write the table where asked; returns the exit code."""
    asked = parser().parse_args(words)
    outcomes, commands = earlier([*([asked.add] if asked.add else []), *asked.merge])
    started, fresh = time.monotonic(), []
    if asked.minutes > 0 or asked.mutations:
        commands.append({"date": str(date.today()), "seed": asked.seed, "minutes": 0.0})
    with tempfile.TemporaryDirectory(prefix="faults-") as folder, slurm(asked):
        for one in carried_out(Bench(Path(folder), asked.seed), asked, started + 60 * asked.minutes):
            fresh.append(one)
            commands[-1]["minutes"] = round((time.monotonic() - started) / 60, 1)
            print(*one, sep=" | ", file=sys.stderr, flush=True)
            if asked.add:
                write(asked.add, [*outcomes, *fresh], commands)
    if asked.add:
        write(asked.add, [*outcomes, *fresh], commands)
    text = shown([*outcomes, *fresh], commands)
    print(text)
    if asked.output:
        write_page(asked.output, text)
    return int(not all(one.is_good for one in fresh))


def earlier(files: list[Path]) -> tuple[list[Outcome], list[dict]]:
    """Outcomes and commands that files hold."""
    held = [read(file) for file in files]
    return [one for outcomes, _ in held for one in outcomes], [one for _, commands in held for one in commands]


def parser() -> argparse.ArgumentParser:
    """What the command is told."""
    asked = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__,
                                    formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--kinds", nargs="*", default=["sweep", "study"], choices=["sweep", "study", "array"],
                       help="commands that get signals; `array` brings up a Slurm on this machine (root, Debian)")
    asked.add_argument("--kills", type=int, default=20, help="signals to be sent to them")
    asked.add_argument("--mutations", type=int, default=0, help="configurations and designs that are mutated at random")
    asked.add_argument("--minutes", type=float, default=30.0, help="no new trial begins after this time")
    asked.add_argument("--seed", type=int, default=1, help="of the random moments and choices")
    asked.add_argument("--only", nargs="+", default=[""], metavar="WORD",
                       help="trials whose name holds one of these words (kills, few_files, lost_output ...)")
    asked.add_argument("--add", type=Path, help="file (JSON) with the trials of earlier commands, to which these "
                       "are added, one by one; the table is of all")
    asked.add_argument("--merge", type=Path, nargs="+", default=[], help="more such files, whose trials are added once "
                       "(with --minutes 0 and nothing else)")
    asked.add_argument("-o", "--output", type=Path, help="file for the table, in Markdown; a page that has the marks "
                       "of the table keeps its text")
    return asked


def slurm(asked):
    """Slurm, if an array gets signals."""
    if "array" not in asked.kinds or asked.kills <= 0 or not is_asked("kills", asked):
        return nullcontext()
    return lab(set_here=True)


def is_asked(name: str, asked) -> bool:
    """Whether a trial of some name was asked for."""
    return any(word in name for word in asked.only)


def carried_out(bench: Bench, asked, end: float):
    """Outcomes of trials, signals and other troubles in turn, until `end` [s of `time.monotonic`]."""
    if asked.mutations:
        yield mutated(bench.folder, asked.mutations, asked.seed)
    sent, turn = 0, 0
    kinds = asked.kinds if is_asked("kills", asked) else []
    others = (trial for trial in troubles_of(bench) if is_asked(trial.func.__name__, asked))
    with_others = asked.only == [""] or any("kills" not in word for word in asked.only)
    while time.monotonic() < end and (with_others or (kinds and sent < asked.kills)):
        if kinds and sent < asked.kills:
            one: Outcome = kills(bench, kinds[turn % len(kinds)], min(SENT, asked.kills - sent), end)
            sent, turn = sent + one.tried, turn + 1
            yield one
        if with_others and time.monotonic() < end:
            yield next(others)()


if __name__ == "__main__":
    try:
        sys.exit(main())
    except NoSlurm as error:
        sys.exit(f"no Slurm here: {error}")
