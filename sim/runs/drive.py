"""From a plan to finished tables: launch open runs, repeat lost ones once, and write the results.

Launches in the same folder share its runs: each takes the runs that no other launch has claimed (`sim.runs.lock`) and
then waits for the others, which it takes over if their launch dies.
"""

import errno
import json
import os
import secrets
import sys
import time
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import yaml

from sim.registry.extensions import study_of
from sim.registry.files import write_text
from sim.registry.interrupts import never_lost
from sim.registry.parameters import ConfigurationError
from sim.runs.compile import prepare
from sim.runs.crate import write_crate
from sim.runs.lock import alone
from sim.runs.nights import clear_parts, restore, write_tables
from sim.runs.past import clear_pasts
from sim.runs.plan import Plan, write_plan
from sim.runs.power import by_power
from sim.runs.progress import Progress
from sim.runs.results import command_line, point_latest, show, together, write_manifest, write_package
from sim.runs.store import Journals
from sim.runs.table import collect, write_table
from sim.runs.work import nights_at_work

TRIES = 3  # launches for runs that a launcher lost
OF_FILES = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EROFS, errno.EACCES, errno.EPERM, errno.ESTALE,
            errno.ENOENT, errno.ENOTDIR, errno.ETIMEDOUT, errno.ENOTCONN, errno.EHOSTDOWN}  # errors of file systems


class Played(NamedTuple):
    """How the runs of a plan ended."""

    plan: Plan
    journals: Journals
    launch: str
    stopped: bool  # by Ctrl-C

    @property
    def missing(self) -> list:
        """Points that are not finished."""
        return [self.plan.points[i] for i in self.journals.missing(self.plan)]


def carry_out(plans, places, launch, finish, command: str | None = None) -> int:
    """Play the runs of plans, one plan after the other; returns the exit code.

    plans: generator of `Plan`; is sent the folder once the runs of a plan are finished.
    places: first plan -> folders for the results, the first of which that holds no other comparison is taken.
    launch: (plan, its file, numbers of open points, name of the launch) plays them.
    finish: (folder, plans, complete) writes and prints what is made from the tables.
    command: the command line that does the same, for the manifest; None takes the one that was given to this process.
    """
    started, plan, rounds = time.time(), next(plans), []
    candidates = iter(places(plan))
    folder = next(candidates)
    try:
        folder, is_there = begin(chain([folder], candidates), plan)
        if is_there:
            print(f"all runs are there already: {show(folder)}")
            clear_parts(folder, plan)
            with never_lost():
                finish(folder, [plan], True)
                write_crate(folder)
            return 0
        while plan is not None:
            rounds.append(play(plan, folder, launch))
            if not rounds[-1].stopped and (more := by_power(plan, rounds[-1].journals)):
                rounds[-1] = play(plan.with_replicates(more), folder, launch)
            plan = None if rounds[-1].stopped or rounds[-1].missing else following(plans, folder)
        with alone(folder):  # a launch that shares the folder may be closing it
            return close(folder, rounds, started, finish, command or command_line())
    except KeyboardInterrupt:
        print(f"sim: stopped; finished runs are kept in {show(folder)}; {again(plan or rounds[-1].plan, folder)}",
              file=sys.stderr)
        return 130
    except OSError as error:
        raise ConfigurationError(f"{what_failed(error, folder)}; {kept_runs(folder)} finished runs are kept in "
                                 f"{show(folder)}") from None


def what_failed(error: OSError, folder: Path) -> str:
    """An error of the operating system in words, with the file or the limit that it concerns."""
    why = "the disk is full" if error.errno == errno.ENOSPC else error.strerror or str(error)
    if error.errno in (errno.EMFILE, errno.ENFILE):
        return f"{why}: raise the limit (`ulimit -n`) or lower `workers`"
    if error.errno in (errno.EAGAIN, errno.ENOMEM):
        return f"{why}: no further process could be started; lower `workers`"
    if error.filename and not Path(os.fsdecode(error.filename)).absolute().is_relative_to(folder.absolute()):
        return f"{os.fsdecode(error.filename)}: {why}"
    if not error.filename and error.errno not in OF_FILES:
        return f"the operating system refuses: {why}"
    return f"results cannot be written to {show(folder)}: {why}"


def kept_runs(folder: Path) -> int | str:
    """How many finished runs the journals of a folder hold."""
    try:
        return len(Journals(folder).refresh().runs)
    except OSError:  # the same error again, of too many open files say
        return "the"


def following(plans, folder: Path) -> Plan | None:
    """The next plan, made from the results of those before; None after the last."""
    try:
        return plans.send(folder)
    except StopIteration:
        return None


def begin(places, plan: Plan) -> tuple[Path, bool]:
    """Take a folder, say what will run in it; the folder, and whether all of it is there already."""
    for folder in places:
        folder.mkdir(parents=True, exist_ok=True)
        if not plan.is_comparison:
            return folder, False
        with alone(folder):
            if holds_others(folder, plan):
                continue
            if is_complete(folder, plan):
                return folder, True
            restore(folder, plan)
            write_plan(plan, folder)
            (folder / "manifest.json").unlink(missing_ok=True)  # it stands beside finished tables only
            resolved = {**plan.settings, "parameters": {p.scenario: p.parameters.as_dict() for p in plan.points}}
            write_text(folder / "config.yaml", yaml.safe_dump(resolved, sort_keys=False, allow_unicode=True))
        point_latest(folder, plan.settings["study"])
        return folder, False
    raise ConfigurationError(f"hydra.run.dir={folder}: holds results of another configuration or version; give an "
                             "empty or new folder")


def holds_others(folder: Path, plan: Plan) -> bool:
    """Whether other results lie or grow in a folder."""
    names = {path.stem.removeprefix("plan-") for path in folder.glob("plan-*.json")}
    return not names | {manifest(folder).get("configuration_hash", plan.name)} <= {plan.name}


def is_complete(folder: Path, plan: Plan) -> bool:
    """Whether the folder holds all runs of the plan."""
    written = manifest(folder)
    return bool(written.get("complete")) and written.get("asked") == plan.asked


def manifest(folder: Path) -> dict:
    """manifest.json; empty where there is none, or none that can be read (after a crash of the system)."""
    try:
        written = json.loads((folder / "manifest.json").read_bytes())
    except (FileNotFoundError, ValueError):
        return {}
    return written if isinstance(written, dict) else {}


def play(plan: Plan, folder: Path, launch) -> Played:
    """Play what is open of one plan; launch again what a launcher lost."""
    file, name = write_plan(plan, folder), secrets.token_hex(4)
    prepare()
    if not plan.is_comparison:
        print(f"sim: {len(plan.points)} points, {len(plan.runs)} runs: {show(folder)}", file=sys.stderr, flush=True)
    with Progress(folder, plan, name, nights_at_work) as progress:
        try:
            for attempt in range(TRIES):
                open_points = progress.journals.refresh().missing(plan, name)
                if not open_points:
                    break
                launch_once(launch, (plan, file, open_points, name), attempt == TRIES - 1)
        except KeyboardInterrupt:
            return Played(plan, progress.journals, name, True)
    return Played(plan, progress.journals, name, False)


def launch_once(launch, arguments, is_last: bool) -> None:
    """One launch; what goes wrong with the launcher is no end."""
    try:
        launch(*arguments)
    except OSError:
        raise
    except Exception as error:  # whatever a launcher raises when a worker is gone
        what = f"{type(error).__name__}: {next(iter(str(error).splitlines()), '')}"
        more = "" if is_last else "; what is open is launched again"
        print(f"sim: the launcher lost jobs ({what}){more}", file=sys.stderr, flush=True)


def close(folder: Path, rounds: list[Played], started: float, finish, command: str) -> int:
    """Tables, manifest and whatever `finish` makes of the runs there are; returns the exit code."""
    last, plans = rounds[-1], [played.plan for played in rounds]
    plan, missing = last.plan, last.missing
    if plan.is_comparison and is_complete(folder, plan):
        print(f"all runs are there, closed by another launch: {show(folder)}")
        clear_parts(folder, plan)
        return 0
    kept = write_results(folder, plans, last.journals, not missing, time.time() - started, command)
    if not missing:
        clear_pasts(folder)
    if last.stopped:
        print(f"sim: stopped; {kept} of {sum(len(p.runs) for p in plans)} runs are kept in {show(folder)}; "
              f"{again(plan, folder)}", file=sys.stderr)
        return 130
    if plan.is_comparison and not missing:
        clear_parts(folder, plan)  # their rows stand in the tables now
    if kept:
        with never_lost():
            finish(folder, plans, not missing)
            write_crate(folder)
    for point in missing:
        print("\n".join(complaints(point, last)), file=sys.stderr)
    if missing:
        print(f"sim: {len(missing)} points are not finished; {again(plan, folder, 'runs just them')}", file=sys.stderr)
        return 1
    return 0


def write_results(folder: Path, plans: list[Plan], journals: Journals, complete: bool, seconds: float,
                  command: str) -> int:
    """The tables of all runs there are, manifest and data package; returns how many runs."""
    plan = plans[-1]
    data, _, remarks = collect([folder], plans={f"plan-{plan.name}.json" for plan in plans})
    for remark in remarks:
        print(f"sim: {remark}", file=sys.stderr)
    if data.num_rows:
        write_table(data, folder / "runs.parquet")
    if plan.is_comparison:
        restore(folder, plan)
    if complete or plan.is_comparison:
        write_tables(folder, plan, journals.runs)
    more = {"analysis": plan.settings["analysis"]}
    if plan.is_comparison:
        more = {"replicates": {point.scenario: point.replicates for point in plan.points}, "asked": plan.asked}
    write_manifest(folder, plan.settings["study"], {point.base["seed"] for point in plan.points}, complete, seconds,
                   command, plan.name, together(plan.extensions for plan in plans),
                   study_of(plan.settings.get("analysis")), **more)
    point_latest(folder, plan.settings["study"])
    if data.num_rows:
        write_package(folder, plan.settings["study"])
    return data.num_rows


def complaints(point, played: Played) -> list[str]:
    """Lines on a point that is not finished: its errors, and the command that runs it alone."""
    values = "".join(f" {key}={value}" for key, value in point.values.items())
    failures = {k: error for (launch, identity, k), error in played.journals.failures.items()
                if (launch, identity) == (played.launch, point.identity)}
    lines = [f"sim: error: {point.scenario}{values}, replicate {k}: {error}" for k, error in sorted(failures.items())]
    if not played.plan.is_comparison:
        lines += [] if lines else [f"sim: error: {point.scenario}{values}: not finished"]
        lines.append(f"     alone: {played.plan.command(point)}")
    return lines or [f"sim: error: {point.scenario}: not finished"]


def again(plan: Plan, folder: Path, what: str = "goes on") -> str:
    """How to go on with what is open."""
    where = f" with hydra.run.dir={show(folder)}" if plan.is_comparison else ""
    return f"the same command{where} {what}"
