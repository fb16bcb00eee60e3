"""Commands as processes: start them, find those that they start, compare the tables that they leave."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from sim.runs.store import Journals

ROOT = Path(__file__).parents[2]
QUICK = ["scale=0.05", "nights=40", "warmup=5", "workers=2"]
SWEEP = ["-m", "police.patrols=range(20,32)", "scenario=fragmented,dossier", *QUICK]
COMMANDS = {  # each has 24 runs
    "study": ["scenarios=[status_quo,dossier]", "reference=status_quo", "replicates=12", *QUICK],
    "sweep": SWEEP,
    "array": [*SWEEP, "hydra/launcher=cluster", "hydra.launcher.partition=debug", "points_per_job=6"],  # of four jobs
}
PLACE = {"study": "hydra.run.dir", "sweep": "hydra.sweep.dir", "array": "hydra.sweep.dir"}
TABLES = ("runs.parquet", "nights.parquet", "groups.parquet", "observed.parquet", "summary.csv")
PATIENCE = 20.0  # seconds after which a process that outlives its driver counts as left behind
RUNS = 24  # of a command
LONGEST = 900.0  # seconds after which a command counts as one that never ends


def command(kind: str, folder: Path, *words: str) -> list[str]:
    """The words of a command of COMMANDS with its results in a folder."""
    return [sys.executable, "-m", "sim", *COMMANDS[kind], f"{PLACE[kind]}='{folder}'", *words]


def surroundings(**more: str) -> dict:
    """The environment of a command, in which this checkout is found before other packages."""
    path = [*filter(None, [more.pop("PYTHONPATH", None)]), str(ROOT)]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(path), **more}


def heed_signals() -> None:
    """For `preexec_fn`: a process started from a background job or under `nohup` would ignore Ctrl-C or a hang-up."""
    for number in (signal.SIGINT, signal.SIGHUP, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)


def start(kind: str, folder: Path, before=(), **more: str) -> subprocess.Popen:
    """A command that goes on; what it says is added to a file beside its folder (`said`).

    before: words in front of it, such as `unshare`; more: of its environment.
    """
    with open(said(folder), "ab") as errors:
        return subprocess.Popen([*before, *command(kind, folder)], cwd=folder.parent, env=surroundings(**more),
                                stdout=subprocess.DEVNULL, stderr=errors, start_new_session=True,
                                preexec_fn=heed_signals)


def said(folder: Path) -> Path:
    """The file with what commands that were started on a folder wrote to standard error."""
    return folder.with_name(f"{folder.name}.said")


def carry_out(kind: str, folder: Path, before=(), environment=None, **options) -> subprocess.CompletedProcess:
    """A command to its end; `before`: words in front of it, such as `unshare`."""
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options}
    return subprocess.run([*before, *command(kind, folder)], cwd=folder.parent, text=True, timeout=LONGEST,
                          errors="replace", env=surroundings(**environment or {}), **options)


def family(process: int) -> list[int]:
    """A process and all that it started, directly or not."""
    try:
        children = [child for thread in Path(f"/proc/{process}/task").iterdir()
                    for child in (thread / "children").read_text().split()]
    except OSError:
        return []
    return [process, *(descendant for child in children for descendant in family(int(child)))]


def is_running(process: int) -> bool:
    """Whether a process exists and has not ended."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def left_behind(processes: list[int], patience: float = PATIENCE) -> list[int]:
    """Those of some processes that do not end by themselves within some seconds."""
    until = time.monotonic() + patience
    while (running := [process for process in processes if is_running(process)]) and time.monotonic() < until:
        time.sleep(0.2)
    return running


def finished(folder: Path) -> set:
    """Point and replicate of every finished run of a folder."""
    return set(Journals(folder).refresh().runs)


def tables(folder: Path) -> dict[str, bytes]:
    """The tables of a folder by name, with the figures of a study."""
    files = [*(folder / name for name in TABLES), *sorted((folder / "figures").glob("*.png"))]
    return {file.name: file.read_bytes() for file in files if file.exists()}
