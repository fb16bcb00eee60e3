"""The bench on which trials are made: a folder, dice, and the tables of commands that nothing disturbed."""

import random
import re
import sys
from collections.abc import Callable
from pathlib import Path

from .outcomes import Outcome, outcome
from .processes import carry_out, finished, tables


class Bench:
    """Harm is done below one folder; tables are compared with those of commands that nothing disturbed."""

    def __init__(self, folder: Path, seed: int = 1):
        self.folder, self.dice, self.count, self.clean = folder, random.Random(seed), 0, {}

    def undisturbed(self, kind: str) -> dict[str, bytes]:
        """Tables of a command that nothing disturbed; an array has those of a sweep."""
        kind = "sweep" if kind == "array" else kind
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

    def trouble(self, harm: str, kind: str, attempt: Callable) -> Outcome:
        """One attempt(folder) -> ended process in trouble, then the same command without it."""
        folder = self.new()
        ended = attempt(folder)
        before = finished(folder) if folder.exists() else set()
        torn = self.compared(kind, folder)
        if unclear := is_unclear(ended.returncode, ended.stderr or ""):
            print(f"{harm}: exit code {ended.returncode}\n{(ended.stderr or '')[-5000:]}", file=sys.stderr, flush=True)
        return outcome(harm, lost=len(before - finished(folder)), torn=torn, unclear=unclear)


def is_unclear(code: int, errors: str) -> bool:
    """Whether a command that met trouble said so otherwise than in one line, or ended with no code of its own."""
    lines = [line for line in errors.splitlines() if line.startswith("sim: error")]
    return has_traceback(errors) or code not in (0, 1, 2) or (code == 2 and len(lines) != 1)


def has_traceback(errors: str) -> bool:
    """Whether Python's own report of an exception stands in what a command said.

    Ctrl-C before Python comes to the first line of the project is Python's own affair.
    """
    errors = re.sub(r"Fatal Python error: init_import_site.*?\nKeyboardInterrupt", "", errors, flags=re.DOTALL)
    return "Traceback (most recent call last)" in errors or "Exception ignored" in errors
