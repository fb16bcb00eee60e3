"""Calls of the operating system fail at random below one folder, as with a file system whose server is in trouble.

Python imports a module of this name when it starts, so putting this folder first on PYTHONPATH is enough; processes
that are started inherit it.  The environment says what happens: FAULTY_BELOW (folder), FAULTY_ERROR (name of an error),
FAULTY_SHARE (of calls that fail), FAULTY_SEED.
"""

import builtins
import errno
import io
import os
import random

BELOW, SHARE = os.environ["FAULTY_BELOW"], float(os.environ["FAULTY_SHARE"])
NUMBER = getattr(errno, os.environ["FAULTY_ERROR"])
dice = random.Random(f"{os.environ['FAULTY_SEED']} {os.getpid()}")


def place_of(file) -> str:
    """The path of a file that is given as a path or by its number."""
    try:
        return os.path.abspath(os.readlink(f"/proc/self/fd/{file}") if isinstance(file, int) else os.fsdecode(file))
    except (OSError, TypeError):
        return ""


def failing(function):
    """The function, which fails now and then if its first argument lies below the folder."""
    def called(file=".", *arguments, **options):
        if place_of(file).startswith(BELOW) and dice.random() < SHARE:
            raise OSError(NUMBER, os.strerror(NUMBER), None if isinstance(file, int) else os.fsdecode(file))
        return function(file, *arguments, **options)

    return called


for name in ("open", "replace", "rename", "mkdir", "listdir", "scandir", "utime", "fsync", "write"):
    setattr(os, name, failing(getattr(os, name)))
io.open = builtins.open = failing(io.open)
