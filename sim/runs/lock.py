"""Who is at which piece of work in a folder that several processes, launches or hosts share.

A claim is a file that only one process can create; its age is renewed while the work goes on, and a claim whose process
is gone, or that was not renewed for `LEASE` seconds, is taken over.
"""

import json
import os
import secrets
import time
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

from sim.registry.files import HOST

LEASE = 120.0  # seconds without renewal after which a claim is void (its host may be gone)
RENEW = 10.0  # seconds between renewals
WAIT = 0.2  # seconds between looks at a claim that is waited for


class Claim:
    """The right to do one piece of work, held by one process at a time."""

    def __init__(self, folder: Path, work: str):
        """`work`: names the piece among all in the folder."""
        self.path = folder / "claims" / work
        self.deaths = 0  # processes that died holding it
        self._renewed = 0.0

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
        self.deaths = holder.get("deaths", 0) + 1
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
        content = {"host": place(), "process": os.getpid(), "born": born(os.getpid()), "deaths": self.deaths}
        try:
            os.write(descriptor, json.dumps(content).encode())
        finally:
            os.close(descriptor)
        self._renewed = time.monotonic()
        return True

    def _holder(self) -> dict | None:
        """Who holds it; {} while that is still being written."""
        try:
            return json.loads(self.path.read_bytes() or b"{}")
        except FileNotFoundError:
            return None
        except ValueError:
            return {}

    def _is_void(self, holder: dict) -> bool:
        if holder.get("host") == place():
            return born(holder["process"]) != holder["born"]
        try:
            return time.time() - self.path.stat().st_mtime > LEASE
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
    try:
        yield
    finally:
        claim.release()
        with suppress(OSError):  # not there, or others are still at work
            claim.path.parent.rmdir()


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
    """Where numbers of processes mean the same: this host, and its namespace of processes (a container has its own)."""
    with suppress(OSError):
        return f"{HOST} {os.readlink('/proc/self/ns/pid')}"
    return HOST


def born(process: int) -> str | None:
    """When a process of this host began, so that a number used again is not taken for it; None if there is none."""
    try:
        text = Path(f"/proc/{process}/stat").read_text()
    except FileNotFoundError:
        if os.path.isdir("/proc/self"):
            return None
        return _born_without_proc(process)
    fields = text.rpartition(")")[2].split()
    return None if fields[0] == "Z" else fields[19]


def _born_without_proc(process: int) -> str | None:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return None
    except PermissionError:
        pass
    return "alive"
