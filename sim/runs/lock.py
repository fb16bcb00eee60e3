"""Who is at which piece of work in a folder that several processes, launches or hosts share.

A claim is a file that only one process can create.  Its time of change is renewed while the work goes on.  A claim is
taken over when its process has ended, which only processes of the same system and namespace can see, or when it was not
renewed for `LEASE` seconds by the clock of the file system.
"""

import json
import os
import secrets
import threading
import time
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

from sim.registry.files import HOST

LEASE = 120.0  # seconds without renewal after which a claim is void (its host may be gone)
RENEW = 10.0  # seconds between renewals
ALIVE = "alive"  # of a process that exists, although not since when
WAIT = 0.2  # seconds between looks at a claim that is waited for


class Claim:
    """The right to do one piece of work, held by one process at a time."""

    def __init__(self, folder: Path, work: str, launch: str = ""):
        """`work`: names the piece among all in the folder; `launch`: the launch that wants to do it."""
        self.path, self.launch = folder / "claims" / work, launch
        self._deaths = {}  # by launch: processes of it that died holding this claim
        self._renewed = 0.0

    @property
    def deaths(self) -> int:
        """Processes of this launch that died holding it; those of earlier launches are no evidence against the work."""
        return self._deaths.get(self.launch, 0)

    def acquire(self) -> bool:
        """Try to get it; False while somebody else lives and holds it."""
        if self._create():
            return True
        holder = self._holder()
        if holder is None or not self._is_void(holder):
            return False
        aside = self.path.with_name(f".{self.path.name}-{secrets.token_hex(4)}")
        try:
            os.rename(self.path, aside)  # only one of those who find it void succeeds
        except FileNotFoundError:
            return False
        died, launch = holder.get("deaths"), holder.get("launch", "")
        died = died if isinstance(died, dict) else {}  # that of an older version is a number
        self._deaths = {**died, launch: died.get(launch, 0) + 1}
        aside.unlink()
        return self._create()

    def _create(self) -> bool:
        descriptor = None
        while descriptor is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            try:
                descriptor = os.open(self.path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o644)
            except FileExistsError:
                return False
            except FileNotFoundError:
                continue  # somebody has just removed the empty folder
        content = {"host": place(), "process": os.getpid(), "born": born(os.getpid()), "launch": self.launch,
                   "deaths": self._deaths}
        try:
            os.write(descriptor, json.dumps(content).encode())
        finally:
            os.close(descriptor)
        self._renewed = time.monotonic()
        return True

    def _holder(self) -> dict | None:
        """Who holds it; {} while that is still being written."""
        try:
            holder = json.loads(self.path.read_bytes() or b"{}")
        except FileNotFoundError:
            return None
        except ValueError:
            return {}
        return holder if isinstance(holder, dict) else {}

    def _is_void(self, holder: dict) -> bool:
        """Whether the holder has ended, as far as can be known here; not being seen is no evidence of an end."""
        if holder.get("host") == place() and "process" in holder:
            return born(holder["process"]) not in (holder.get("born"), ALIVE)
        try:
            return clock(self.path.parent) - self.path.stat().st_mtime > LEASE
        except FileNotFoundError:
            return False

    def renew(self) -> None:
        """Say that the work goes on."""
        if time.monotonic() - self._renewed > RENEW:
            self._renewed = time.monotonic()
            with suppress(FileNotFoundError):  # taken over by somebody who could not see this process: no harm done
                os.utime(self.path)

    def release(self) -> None:
        self.path.unlink(missing_ok=True)


@contextmanager
def alone(folder: Path):
    """Waits until no other launch writes the tables of this folder, and keeps others from it."""
    claim = Claim(folder, "tables")
    while not claim.acquire():
        time.sleep(WAIT)
    finished = threading.Event()
    threading.Thread(target=keep_renewed, args=(claim, finished), daemon=True).start()
    try:
        yield
    finally:
        finished.set()
        claim.release()
        with suppress(OSError):  # not there, or others are still at work
            claim.path.parent.rmdir()


def keep_renewed(claim: Claim, finished: threading.Event) -> None:
    """Renew a claim until the event is set, for work that does so not itself."""
    while not finished.wait(RENEW):
        with suppress(OSError):
            claim.renew()


def clock(folder: Path) -> float:
    """The time of the file system [s], which is the same for all hosts that share it, whatever their own clocks."""
    probe = folder / f".clock-{secrets.token_hex(4)}"
    try:
        probe.write_bytes(b"-")
        return probe.stat().st_mtime
    finally:
        probe.unlink(missing_ok=True)


def clear(folder: Path, finished) -> None:
    """Release what is left of claims on `finished` pieces of work by processes that died just after finishing."""
    try:
        left = set(os.listdir(folder / "claims"))
    except FileNotFoundError:
        return
    for work in finished if left else ():
        if work in left and (claim := Claim(folder, work)).acquire():
            claim.release()


@cache
def place() -> str:
    """Names where process numbers have the same meaning: this host since its start, in this namespace of processes.

    A container may have the host's name and yet numbers of its own.  Where `/proc` belongs to another namespace,
    nothing is known of other processes, and the name is this process's alone.
    """
    if not os.path.isdir("/proc"):
        return HOST
    try:
        if os.readlink("/proc/self") != str(os.getpid()):
            return f"{HOST} {secrets.token_hex(8)}"
        start = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        return f"{HOST} {start} {os.readlink('/proc/self/ns/pid')}"
    except OSError:
        return HOST


def born(process: int) -> str | None:
    """When a process of this place began, so that a number used again is not taken for it; None if it has ended.

    `ALIVE` where the process exists but does not show when it began.
    """
    try:
        text = Path(f"/proc/{process}/stat").read_text()
    except OSError:  # no such process, no /proc, or one that hides processes of other users
        return exists(process)
    fields = text.rpartition(")")[2].split()
    return None if fields[0] == "Z" else fields[19]


def exists(process: int) -> str | None:
    """`ALIVE` if there is a process of this number, else None."""
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return None
    except PermissionError:
        pass
    return ALIVE
