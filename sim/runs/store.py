"""The store of runs: what is finished, what failed, who is at work.  Plain files, safe on a shared file system.

    journal/<host>-<process>-<random>.jsonl   one file per worker process, one checked line per finished run
    claims/<point>-<replicate>                who is at a run now; gone when it is finished
    nights/, groups/                          tables of finished runs, where they are kept (`sim.runs.nights`)

Every line of a journal carries its checksum and is appended in one write by the one process that owns the file, so a
kill at any moment can tear the last line at most, and a torn or damaged line is never half-read.  Claims are those of
`sim.runs.lock`.
"""

import json
import math
import os
import secrets
import threading
import zlib
from pathlib import Path

from sim.identity import model_digest
from sim.registry.files import HOST
from sim.runs.nights import is_kept

DEATHS = 2  # processes of one launch that may die over one run before it counts as failed there


def line_of(record: dict) -> bytes:
    """A record as one line: checksum, blank, JSON."""
    text = json.dumps(record, separators=(",", ":")).encode()
    return b"%08x %s\n" % (zlib.crc32(text), text)


def record_of(line: bytes) -> dict | None:
    """The record of a whole, undamaged line, else None."""
    check, _, text = line.rstrip(b"\n").partition(b" ")
    if not line.endswith(b"\n") or len(check) != 8:
        return None
    try:
        return json.loads(text) if int(check, 16) == zlib.crc32(text) else None
    except ValueError:
        return None


class Journals:
    """Everything in the journals so far; `refresh` reads what was added since."""

    def __init__(self, folder: Path, tables: tuple[str, ...] = ()):
        """`tables`: what must have been kept of a run (`nights`, `groups`) for it to count."""
        self.place, self.folder, self.tables = folder, folder / "journal", tables
        self.runs = {}  # (point, replicate): {"seed", and outcomes by name}
        self.failures = {}  # (launch, point, replicate): what was wrong
        self.damaged = {}  # file name: lines left out
        self._read = {}  # file name: bytes read
        self._columns = {}  # file name: names of outcomes
        self._one = threading.Lock()  # progress is shown by a thread of its own

    def refresh(self) -> "Journals":
        with self._one:
            for name, size in self._sizes():
                if size > self._read.get(name, 0):
                    self._go_on(name)
        return self

    def is_settled(self, point, replicate: int, launch: str = "") -> bool:
        """Whether a run is finished, or failed in this launch."""
        return ((point.identity, replicate) in self.runs
                or (launch, point.identity, replicate) in self.failures)

    def missing(self, plan, launch: str = "") -> list[int]:
        """Numbers of the points of a plan that hold runs which are neither finished nor failed in this launch."""
        return [i for i, point in enumerate(plan.points)
                if not all(self.is_settled(point, k, launch) for k in range(point.replicates))]

    def finished(self, plan) -> list:
        """Finished runs of a plan in order: point and replicate."""
        return [(point, k) for point in plan.points for k in range(point.replicates)
                if (point.identity, k) in self.runs]

    def _sizes(self):
        try:
            with os.scandir(self.folder) as entries:
                return sorted((e.name, e.stat().st_size) for e in entries if e.is_file() and not e.name.startswith("."))
        except FileNotFoundError:
            return []

    def _go_on(self, name) -> None:
        """Read new whole lines of one journal; a last line without an end may still be growing."""
        with open(self.folder / name, "rb") as file:
            file.seek(self._read.get(name, 0))
            lines = file.read().splitlines(keepends=True)
        for line in lines:
            if not line.endswith(b"\n"):
                break
            self._read[name] = self._read.get(name, 0) + len(line)
            record = record_of(line)
            if record is None or not self._take(name, record):
                self.damaged[name] = self.damaged.get(name, 0) + 1

    def _take(self, name, record) -> bool:
        """Enter one record; False if it is not one of ours."""
        if "columns" in record:
            self._columns[name] = record["columns"]
        elif "values" in record and len(record["values"]) == len(self._columns.get(name, ())):
            values = [math.nan if v is None else v for v in record["values"]]
            run = {"seed": record["seed"], **dict(zip(self._columns[name], values))}
            if is_kept(self.place, record["point"], record["replicate"], self.tables):
                self.runs.setdefault((record["point"], record["replicate"]), run)
        elif "error" in record:
            self.failures[record["launch"], record["point"], record["replicate"]] = record["error"]
        else:
            return False
        return True

    def torn(self) -> list[str]:
        """Journals whose last line has no end (after a kill)."""
        return [name for name, size in self._sizes() if size > self._read.get(name, 0)]


class Writer:
    """This process's own journal; made with its first line."""

    def __init__(self, folder: Path):
        self.path = folder / "journal" / f"{HOST}-{os.getpid()}-{secrets.token_hex(4)}.jsonl"
        self.columns = None

    def run(self, point: str, replicate: int, seed: int, outcomes: dict) -> None:
        """One finished run."""
        lines = b""
        if self.columns != list(outcomes):
            self.columns = list(outcomes)
            lines = line_of({"columns": self.columns, "model": model_digest()})
        values = [None if isinstance(v, float) and math.isnan(v) else v for v in outcomes.values()]
        self._append(lines + line_of({"point": point, "replicate": replicate, "seed": seed, "values": values}))

    def failure(self, point: str, replicate: int, launch: str, error: str) -> None:
        """One run that could not be finished."""
        self._append(line_of({"point": point, "replicate": replicate, "launch": launch, "error": error}))

    def _append(self, lines: bytes) -> None:
        """One write, on disk before this returns; undone if there is no room for all of it."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with open(self.path, "ab", buffering=0) as file:
            before = file.tell()
            try:
                if file.write(lines) != len(lines):
                    raise OSError(28, os.strerror(28))
                os.fsync(file.fileno())
            except OSError:
                file.truncate(before)
                self.columns = None
                if not before:
                    self.path.unlink()
                raise


def claims_held(folder: Path) -> int:
    """How many runs are being played now."""
    try:
        return sum(1 for name in os.listdir(folder / "claims") if not name.startswith("."))
    except FileNotFoundError:
        return 0
