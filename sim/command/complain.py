"""Messages of commands that cannot do what the user requests: one line with one prefix, and exit code 2."""

import argparse
import sys

from sim.registry.errors import ConfigurationError


def complain(message) -> int:
    """Print one line on standard error; returns the exit code."""
    print(f"sim: error: {message}", file=sys.stderr, flush=True)
    return 2


def of_system(error: OSError) -> str:
    """The line for an error of the operating system: what is wrong, and with which file."""
    return f"{error.filename}: {error.strerror}" if error.filename else error.strerror or str(error)


class Parser(argparse.ArgumentParser):
    """Reads the words of a verb and leaves it to the command line to complain."""

    def __init__(self, verb: str, description: str, **more):
        super().__init__(prog=f"python -m sim {verb}", description=description,
                         formatter_class=argparse.RawDescriptionHelpFormatter, **more)

    def error(self, message):
        raise ConfigurationError(message)
