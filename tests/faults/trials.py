"""Trials: each does harm to commands, gives them again, and counts what was lost."""

import os
import random
import resource
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import NamedTuple

from .processes import PLACE, carry_out, command, family, finished, left_behind, start, surroundings, tables

SIGNALS = (signal.SIGKILL, signal.SIGKILL, signal.SIGTERM, signal.SIGHUP)  # half of them leave no time for anything


class Outcome(NamedTuple):
    """What became of one kind of harm."""

    harm: str
    tried: int = 0
    lost: int = 0  # finished runs that were no longer there afterwards
    left: int = 0  # processes that went on without their driver
    torn: int = 0  # commands whose tables were other bytes, or missing, in the end
    unclear: int = 0  # tracebacks, and refusals of more than a line

    def __add__(self, other: "Outcome") -> "Outcome":
        return Outcome(self.harm, *(a + b for a, b in zip(self[1:], other[1:])))

    @property
    def is_good(self) -> bool:
        """Whether nothing was lost."""
        return not any(self[2:])


class Trials:
    """Harm done below one folder; tables are compared with those of commands that nothing disturbed."""

    def __init__(self, folder: Path, seed: int = 1):
        self.folder, self.dice, self.count, self.clean = folder, random.Random(seed), 0, {}

    def undisturbed(self, kind: str) -> dict[str, bytes]:
        """Tables of a command that nothing disturbed."""
        if kind not in self.clean:
            ended = carry_out(kind, self.new())
            assert ended.returncode == 0, ended.stderr
            self.clean[kind] = tables(self.folder / str(self.count))
        return self.clean[kind]

    def new(self) -> Path:
        """A folder for results that does not exist yet."""
        self.count += 1
        return self.folder / str(self.count)

    def compared(self, kind: str, folder: Path) -> int:
        """1 if the tables of a folder, after the command is given once more, are not those of an undisturbed one."""
        ended = carry_out(kind, folder)
        if ended.returncode == 1:  # a run over which two processes died is reported, and played by the next command
            ended = carry_out(kind, folder)
        return int(ended.returncode != 0 or tables(folder) != self.undisturbed(kind))

    def kills(self, kind: str, count: int, until: float) -> Outcome:
        """Signals to any process of a command at random moments; the command is given again until it ends."""
        result = Outcome(f"signal to any process of a {kind} (SIGKILL, SIGTERM, SIGHUP)")
        self.undisturbed(kind)
        while result.tried < count and time.monotonic() < until:
            folder = self.new()
            while result.tried < count and time.monotonic() < until:
                before = finished(folder)
                driver = start(kind, folder)
                hit = self.hit(driver, folder, len(before) + self.dice.randint(0, 6))
                after = finished(folder)
                result += Outcome("", hit is not None, len(before - after), len(hit or []))
                if hit is None:
                    break
            result += Outcome("", torn=self.compared(kind, folder))
        return result

    def hit(self, driver: subprocess.Popen, folder: Path, goal: int) -> list[int] | None:
        """Send a signal once so many runs are finished; processes that are left when the driver has ended, or None if
        the command ended by itself."""
        while driver.poll() is None and len(finished(folder)) < goal:
            time.sleep(0.05)
        time.sleep(self.dice.random() * 0.5)
        members = family(driver.pid)
        if driver.poll() is not None or not members:
            return None
        target = self.dice.choice(members)
        try:
            os.kill(target, self.dice.choice(SIGNALS))
        except ProcessLookupError:
            return None
        if target != driver.pid:
            time.sleep(self.dice.random())
            members = list({*members, *family(driver.pid)})
            driver.kill()
        driver.wait()
        return left_behind([process for process in members if process != driver.pid])

    def trouble(self, harm: str, kind: str, attempt: Callable, refuses: bool = False) -> Outcome:
        """One attempt(folder) -> ended process in trouble, then the same command without it.

        refuses: whether the attempt must be refused rather than completed.
        """
        folder = self.new()
        ended = attempt(folder)
        lines = [line for line in (ended.stderr or "").splitlines() if line.startswith("sim: error")]
        unclear = "Traceback" in (ended.stderr or "") or (ended.returncode == 2 and len(lines) != 1)
        unclear |= ended.returncode not in (0, 1, 2) or (refuses and ended.returncode != 2)
        before = finished(folder) if folder.exists() else set()
        torn = self.compared(kind, folder)
        return Outcome(harm, 1, len(before - finished(folder)), torn=torn, unclear=int(unclear))

    def small_files(self, kind: str, size: int) -> Outcome:
        """No file may grow beyond a size [bytes], as on a disk that is full."""
        def limit():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

        return self.trouble("file system without room", kind, lambda folder: carry_out(kind, folder, preexec_fn=limit))

    def small_disk(self, kind: str, size: int) -> Outcome:
        """A file system of a size [bytes] that is enlarged afterwards; needs root."""
        folder = self.new()
        folder.mkdir()
        with mounted(folder, f"size={size}"):
            ended = carry_out(kind, folder / "r")
            before = finished(folder / "r")
            subprocess.run(["mount", "-o", "remount,size=64m", str(folder)], check=True)
            torn = self.compared(kind, folder / "r")
            lost = before - finished(folder / "r")
        unclear = "Traceback" in ended.stderr or ended.returncode not in (0, 2)
        return Outcome("file system without room", 1, len(lost), torn=torn, unclear=int(unclear))

    def read_only(self, kind: str) -> Outcome:
        """A place where nothing can be written."""
        folder = self.new()
        folder.mkdir()
        if os.getuid():
            folder.chmod(0o555)
            ended = carry_out(kind, folder / "r")
            folder.chmod(0o755)
        else:
            with mounted(folder, "ro"):
                ended = subprocess.run(command(kind, folder / "r"), cwd=self.folder, env=surroundings(), text=True,
                                       capture_output=True)
        lines = ended.stderr.splitlines()
        return Outcome("folder that cannot be written", 1, torn=self.compared(kind, folder / "r"),
                       unclear=int(ended.returncode != 2 or len(lines) != 1))

    def few_files(self, kind: str, count: int) -> Outcome:
        """A process may hold so many open files."""
        limit = partial(resource.setrlimit, resource.RLIMIT_NOFILE, (count, count))
        return self.trouble("few open files allowed", kind, lambda folder: carry_out(kind, folder, preexec_fn=limit))

    def lost_output(self, kind: str, where: str) -> Outcome:
        """Standard output is a full log, a pipe that nobody reads, or closed; or its encoding has few characters."""
        def attempt(folder):
            if where == "ascii":
                return carry_out(kind, folder, environment={"PYTHONIOENCODING": "ascii"})
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

        return self.trouble("output closed, full or of another encoding", kind, attempt)

    def torn_cache(self, kind: str, size: int) -> Outcome:
        """Files of Numba's cache are cut to a size [bytes] by a crash of the system."""
        cache = self.folder / "cache"
        carry_out(kind, self.new(), environment={"NUMBA_CACHE_DIR": str(cache)})
        files = [file for file in cache.rglob("*.nb?")]
        for file in self.dice.sample(files, min(len(files), 4)):
            os.truncate(file, min(size, file.stat().st_size))
        return self.trouble("torn files in Numba's cache", kind, lambda folder: carry_out(
            kind, folder, environment={"NUMBA_CACHE_DIR": str(cache)}))

    def two_namespaces(self, kind: str, *options: str) -> Outcome:
        """Two launches on one folder, each in a namespace of processes of its own; needs root."""
        folder = self.new()
        words = ["unshare", "-pf", *options, *command(kind, folder)]
        both = [subprocess.Popen(words, cwd=self.folder, env=surroundings(), stdout=subprocess.DEVNULL,
                                 stderr=subprocess.PIPE, text=True) for _ in range(2)]
        messages = [process.communicate(timeout=600)[1] for process in both]
        unclear = sum(process.returncode != 0 or "Traceback" in text for process, text in zip(both, messages))
        torn = tables(folder) != self.undisturbed(kind)
        return Outcome("two launches in namespaces of their own on one folder", 1, torn=int(torn), unclear=unclear)

    def same_second(self) -> Outcome:
        """Launches of unlike configurations in one second, none of which is given a folder."""
        place = self.new()
        place.mkdir()
        words = [word for word in command("study", place) if not word.startswith(PLACE["study"])]
        seeds = ("1", "2", "3")
        launches = [subprocess.Popen([*words, "replicates=2", f"seed={seed}"], cwd=place, env=surroundings(),
                                     stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) for seed in seeds]
        failed = sum("Traceback" in launch.communicate(timeout=600)[1] or launch.returncode != 0 for launch in launches)
        folders = [path for path in (place / "results" / "single").iterdir() if not path.is_symlink()]
        return Outcome("three configurations launched in one second", 1, torn=int(len(folders) != len(seeds)),
                       unclear=failed)


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


def can_unshare() -> bool:
    """Whether this user may start processes in a namespace of their own."""
    return bool(shutil.which("unshare")) and not subprocess.run(["unshare", "-pf", "true"],
                                                                capture_output=True).returncode
