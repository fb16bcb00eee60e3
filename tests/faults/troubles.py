"""Trouble that one command meets: no room, no permission, lost output, errors of the file system, damaged files."""

import os
import resource
import shutil
import signal
import subprocess
import time
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from .bench import Bench, is_unclear
from .outcomes import Outcome, outcome
from .processes import LONGEST, RUNS, carry_out, command, finished, said, start, surroundings

FULL = "file system without room"
READ_ONLY = "folder that cannot be written, from the start or suddenly"


def small_files(bench: Bench, kind: str, size: int | None = None) -> Outcome:
    """No file may grow beyond a size [bytes], as on a disk that is full."""
    size = size or bench.dice.choice((300, 1_000, 4_000, 20_000, 60_000))

    def limit():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    return bench.trouble(FULL, kind, lambda folder: carry_out(kind, folder, preexec_fn=limit))


def small_disk(bench: Bench, kind: str) -> Outcome:
    """A small file system that is enlarged afterwards; needs root."""
    folder = bench.new()
    folder.mkdir()
    with mounted(folder, f"size={bench.dice.choice((8, 24, 60, 100, 200, 400))}k"):
        ended = carry_out(kind, folder / "r")
        before = finished(folder / "r")
        subprocess.run(["mount", "-o", "remount,size=64m", str(folder)], check=True)
        torn = bench.compared(kind, folder / "r")
        lost = before - finished(folder / "r")
    return outcome(FULL, lost=len(lost), torn=torn, unclear=is_unclear(ended.returncode, ended.stderr))


def read_only(bench: Bench, kind: str) -> Outcome:
    """A place where nothing can be written."""
    folder = bench.new()
    folder.mkdir()
    if os.getuid():
        folder.chmod(0o555)
        ended = carry_out(kind, folder / "r")
        folder.chmod(0o755)
    else:
        with mounted(folder, "ro"):
            ended = subprocess.run(command(kind, folder / "r"), cwd=bench.folder, env=surroundings(), text=True,
                                   capture_output=True, timeout=LONGEST)
    lines = ended.stderr.splitlines()
    return outcome(READ_ONLY, torn=bench.compared(kind, folder / "r"), unclear=ended.returncode != 2 or len(lines) != 1)


def suddenly_read_only(bench: Bench, kind: str) -> Outcome:
    """A file system that cannot be written any more after some runs, as after an error of its disk; needs root."""
    folder, goal = bench.new(), bench.dice.randint(1, RUNS)
    folder.mkdir()
    with mounted(folder, "size=64m"):
        driver = start(kind, folder / "r")
        while driver.poll() is None and len(finished(folder / "r")) < goal:
            time.sleep(0.05)
        while driver.poll() is None and subprocess.run(["mount", "-o", "remount,ro", str(folder)],
                                                       capture_output=True).returncode:
            time.sleep(0.01)  # a file is being written
        driver.wait(LONGEST)
        before = finished(folder / "r")
        subprocess.run(["mount", "-o", "remount,rw", str(folder)], check=True)
        errors = said(folder / "r").read_text(errors="replace")
        torn = bench.compared(kind, folder / "r")
        lost = before - finished(folder / "r")
    return outcome(READ_ONLY, lost=len(lost), torn=torn, unclear=is_unclear(driver.returncode, errors))


def few_files(bench: Bench, kind: str, count: int | None = None) -> Outcome:
    """A process may hold so many open files."""
    count = count or bench.dice.randint(10, 30)
    limit = partial(resource.setrlimit, resource.RLIMIT_NOFILE, (count, count))
    return bench.trouble("few open files allowed", kind, lambda folder: carry_out(kind, folder, preexec_fn=limit))


def stale_handles(bench: Bench, kind: str) -> Outcome:
    """Calls of the operating system fail at random below the folder of results."""
    error = bench.dice.choice(("ESTALE", "EIO", "EDQUOT", "ENOSPC", "ETIMEDOUT"))
    share, seed = bench.dice.choice((0.001, 0.003, 0.01, 0.03)), bench.dice.randrange(10**6)

    def attempt(folder):
        return carry_out(kind, folder, environment={
            "PYTHONPATH": str(Path(__file__).with_name("faulty")), "FAULTY_BELOW": str(folder), "FAULTY_ERROR": error,
            "FAULTY_SHARE": str(share), "FAULTY_SEED": str(seed)})

    return bench.trouble("calls of the file system fail at random (stale handle, input/output error, quota)", kind,
                         attempt)


def lost_output(bench: Bench, kind: str, where: str) -> Outcome:
    """Standard output is a full log, a pipe that nobody reads, or closed; or its encoding has few characters."""
    def attempt(folder):
        if where in ("ascii", "latin-1", "cp1252", "utf-16"):
            return carry_out(kind, folder, environment={"PYTHONIOENCODING": where, "PYTHONUTF8": "0"})
        if where == "full":
            with open("/dev/full", "w") as full:
                return carry_out(kind, folder, stdout=full)
        if where == "closed":
            return carry_out(kind, folder, before=("sh", "-c", '"$@" >&- 2>&-', "sh"))
        reader, writer = os.pipe()
        os.close(reader)
        try:
            return carry_out(kind, folder, stdout=writer)
        finally:
            os.close(writer)

    return bench.trouble("output closed, full or of another encoding", kind, attempt)


def torn_cache(bench: Bench, kind: str) -> Outcome:
    """Files of Numba's cache are cut short, or hold other bytes, after a crash of the system."""
    whole, cache = bench.folder / "cache", bench.new()
    if not whole.exists():
        carry_out(kind, bench.new(), environment={"NUMBA_CACHE_DIR": str(whole)})
    shutil.copytree(whole, cache)
    files = sorted(cache.rglob("*.nb?"))
    for file in bench.dice.sample(files, min(len(files), 6)):
        size = bench.dice.choice((0, 1, 100, file.stat().st_size // 2, file.stat().st_size - 1))
        if bench.dice.random() < 0.3:
            file.write_bytes(bench.dice.randbytes(size))
        else:
            os.truncate(file, min(size, file.stat().st_size))
    return bench.trouble("torn files in Numba's cache", kind, lambda folder: carry_out(
        kind, folder, environment={"NUMBA_CACHE_DIR": str(cache)}))


@contextmanager
def mounted(folder: Path, options: str):
    """A file system in memory on a folder; needs root."""
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "none", str(folder)], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=False)


def can_mount(folder: Path) -> bool:
    """Whether this user may mount file systems here."""
    if os.getuid() or not shutil.which("mount"):
        return False
    place = folder / "mount"
    place.mkdir(exist_ok=True)
    ended = subprocess.run(["mount", "-t", "tmpfs", "none", str(place)], capture_output=True)
    subprocess.run(["umount", str(place)], capture_output=True)
    return ended.returncode == 0
