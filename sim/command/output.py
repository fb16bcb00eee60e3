"""Printing that cannot spoil the work: another encoding, a closed pipe or a full log stop no run and lose no result."""

import codecs
import errno
import os
import sys
import unicodedata
from contextlib import contextmanager, suppress

PLAIN = {"−": "-", "─": "-", "–": "-", "—": "-", "±": "+/-", "×": "x", "·": "*",
         "≤": "<=", "≥": ">=", "≈": "~", "→": "->",
         "…": "...", "‘": "'", "’": "'", "“": '"', "”": '"',
         "α": "alpha", "β": "beta", "Δ": "Delta", "²": "^2"}


def plain(error: UnicodeError) -> tuple[str, int]:
    """Error handler of `codecs`: an ASCII spelling of characters that an encoding does not have (a minus stays one)."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(map(spelled, error.object[error.start:error.end])), error.end


def spelled(character: str) -> str:
    """The ASCII spelling of a character, or a question mark."""
    return (PLAIN.get(character) or unicodedata.normalize("NFKD", character).encode("ascii", "ignore").decode() or "?")


codecs.register_error("sim.plain", plain)


class Tolerant:
    """A text stream whose writes never fail; what it cannot write is lost, and `error` says why."""

    def __init__(self, stream):
        self.stream, self.error = stream, None

    def __getattr__(self, name):
        return getattr(self.stream, name)

    def write(self, text: str) -> int:
        """Write a text; returns its length."""
        self._attempt(self.stream.write, text)
        return len(text)

    def writelines(self, lines) -> None:
        """Write several texts."""
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        """Pass on what is buffered."""
        self._attempt(self.stream.flush)

    def _attempt(self, function, *arguments) -> None:
        try:
            function(*arguments)
        except OSError as error:
            self.error = self.error or error
            self._discard()

    def _discard(self) -> None:
        """Send the rest to the null device, so that Python's own flush at the end of the process succeeds."""
        if self.stream in (sys.__stdout__, sys.__stderr__):
            with suppress(OSError, ValueError):
                null = os.open(os.devnull, os.O_WRONLY)
                os.dup2(null, self.stream.fileno())
                os.close(null)

    @property
    def is_lost(self) -> bool:
        """Whether a text could not be written although its reader had not closed the pipe."""
        return self.error is not None and self.error.errno != errno.EPIPE


@contextmanager
def tolerant():
    """Context in which printing cannot fail; yields a function that says why output was lost, or None.

    A reader that closes its pipe (`| head`) loses nothing that it wanted.
    """
    fill_closed()
    before = sys.stdout, sys.stderr
    handlers = [getattr(stream, "errors", None) for stream in before]
    for stream in before:
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="sim.plain")
    sys.stdout, sys.stderr = streams = [Tolerant(stream) for stream in before]
    try:
        yield lambda: next((stream.error.strerror for stream in streams if stream.is_lost), None)
    finally:
        for stream in streams:
            stream.flush()
        sys.stdout, sys.stderr = before
        for stream, errors in zip(before, handlers):
            if hasattr(stream, "reconfigure"):
                stream.reconfigure(errors=errors)


def fill_closed() -> None:
    """Open the null device in place of standard streams that were closed (`2>&-`).

    Otherwise the next file that is opened takes their number, and messages are written into it.
    """
    for number in (0, 1, 2):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest free number
    for name, number in (("stdout", 1), ("stderr", 2)):
        if getattr(sys, name) is None:
            setattr(sys, name, open(number, "w", encoding="utf-8", closefd=False))  # noqa: SIM115 -- of the process
