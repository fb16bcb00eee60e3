"""How a command says that it cannot do what was asked: one line, exit code 2."""

import sys


def complain(message, command: str = "sim") -> int:
    """Print one line on standard error; returns the exit code."""
    print(f"{command}: error: {message}", file=sys.stderr, flush=True)
    return 2
