"""Array functions in two readings: NumPy's, which is the definition, and a loop that Numba compiles where it is there.

    @compilable
    def doubled(x):
        return 2 * x

    @doubled.loop("float64[::1](float64[::1])")
    def doubled_loop(x):
        out = np.empty(x.size)
        for i in range(x.size):
            out[i] = 2 * x[i]
        return out

Both give the same bytes (`tests/test_loops.py`), since a loop only adds, multiplies, divides and compares, in NumPy's
order; exp and log stay with NumPy, whose vector code differs from Numba's in the last bit.  The environment variable
SIM_LOOPS chooses: `numba`, `numpy`, or `auto` (unset), which is Numba where it is installed.
"""

import os
from collections.abc import Callable
from functools import cache, update_wrapper
from importlib.util import find_spec

VARIABLE, CHOICES = "SIM_LOOPS", ("auto", "numba", "numpy")


class LoopsError(Exception):
    """SIM_LOOPS says what cannot be; one line."""


@cache
def compiled() -> bool:
    """Whether loops are compiled in this process; LoopsError if SIM_LOOPS is no choice or Numba is wanting."""
    choice = os.environ.get(VARIABLE) or "auto"
    if choice not in CHOICES:
        raise LoopsError(f"{VARIABLE}={choice}: must be one of {', '.join(CHOICES)}")
    installed = find_spec("numba") is not None
    if choice == "numba" and not installed:
        raise LoopsError(f"{VARIABLE}=numba: Numba is not installed; pip install 'border-market-sim[fast]'")
    return installed and choice != "numpy"


class Compilable:
    """A function of arrays; `plain` is NumPy's reading, `call` the one in use."""

    def __init__(self, plain: Callable):
        update_wrapper(self, plain)
        self.plain, self.signature, self.source = plain, None, None
        self.call = self._first

    def __call__(self, *arguments):
        try:
            return self.call(*arguments)
        except TypeError:  # arrays of other types, from rules of other packages, are NumPy's
            if self.call is self.plain:
                raise
            return self.plain(*arguments)

    def loop(self, signature: str) -> Callable:
        """Decorator: the loop, with the types it is compiled for; it is returned as it is."""
        def register(source):
            self.signature, self.source = signature, source
            return source

        return register

    def compile(self) -> Callable:
        """The compiled loop, from Numba's cache on disk if it can be written or read, else compiled in memory."""
        from numba import njit

        try:
            return njit(self.signature, cache=True)(self.source)
        except (OSError, RuntimeError):  # no folder can be written, or the disk is full
            return njit(self.signature)(self.source)

    def _first(self, *arguments):
        self.call = self.compile() if self.source is not None and compiled() else self.plain
        return self.call(*arguments)


def compilable(plain: Callable) -> Compilable:
    """Decorator: NumPy's reading of an array function."""
    return Compilable(plain)
