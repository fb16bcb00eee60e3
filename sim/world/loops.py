"""Array functions with two backends: NumPy code, which defines the result, and a loop that Numba compiles.

    @compilable
    def doubled(x):
        return 2 * x

    @doubled.loop("float64[::1](float64[::1])")
    def doubled_loop(x):
        out = np.empty(x.size)
        for i in range(x.size):
            out[i] = 2 * x[i]
        return out

Both backends give the same bytes (`tests/world/test_loops.py`), because a loop only adds, multiplies, divides and
compares, in the order that NumPy uses; exp and log stay with NumPy, whose vector code differs from Numba's in the last
bit.  Compiled loops do not check bounds.  The environment variable SIM_LOOPS chooses the backend: `numba`, `numpy` or
`auto`, the default, which is Numba if it can be imported.
"""

import os
from collections.abc import Callable
from contextlib import contextmanager
from difflib import get_close_matches
from functools import cache, cached_property, update_wrapper

from sim.registry.errors import ConfigurationError

VARIABLE, CHOICES = "SIM_LOOPS", ("auto", "numba", "numpy")
EVERY = []  # every Compilable function with a loop, in order of import


@cache
def compiled() -> bool:
    """Whether loops are compiled in this process; raises ConfigurationError if SIM_LOOPS names an absent backend."""
    choice = os.environ.get(VARIABLE) or "auto"
    if choice not in CHOICES:
        near = "".join(f", did you mean `{word}`?" for word in get_close_matches(choice, CHOICES, 1))
        raise ConfigurationError(f"the environment variable {VARIABLE}={choice}: must be one of "
                                 f"{', '.join(CHOICES)}{near}")
    if choice == "numpy":
        return False
    try:
        import numba
    except (ImportError, OSError) as error:  # not installed, not for this NumPy, or broken
        if choice == "numba":
            raise ConfigurationError(f"the environment variable {VARIABLE}=numba: {error}; "
                                     "pip install 'border-market-sim[fast]', or unset it") from None
        return False
    if numba.config.DISABLE_JIT and choice == "numba":
        raise ConfigurationError(f"the environment variable {VARIABLE}=numba: NUMBA_DISABLE_JIT forbids it; unset one")
    return not numba.config.DISABLE_JIT


def engine() -> str:
    """The backend in use, for the manifest: `numba` and its version, or `numpy`."""
    if not compiled():
        return "numpy"
    from numba import __version__

    return f"numba {__version__}"


class Compilable:
    """An array function: `plain` is its NumPy code, `source` its loop, and `call` the one that is in use.

    NumPy also computes calls with arrays of other types than the loop is compiled for (from rules of other packages).
    """

    def __init__(self, plain: Callable):
        update_wrapper(self, plain)
        self.plain, self.signature, self.source, self.on_disk = plain, None, None, True
        self.call = self._first

    def __reduce__(self):
        return self.__qualname__  # pickled by name, as functions are

    def __call__(self, *arguments):
        try:
            return self.call(*arguments)
        except TypeError:
            if self.call is self.plain:
                raise
            return self.plain(*arguments)

    def loop(self, signature: str) -> Callable:
        """Decorator that registers a function as the loop, for the types of `signature`, and returns it unchanged."""
        def register(source):
            self.signature, self.source = signature, source
            EVERY.append(self)
            return source

        return register

    @cached_property
    def fast(self):
        """The compiled loop, from Numba's cache on disk if possible; otherwise it is compiled in memory alone."""
        from numba import njit

        for attempt in (self._read, self._compile_again):
            try:
                return attempt()
            except (OSError, RuntimeError):  # a full disk, or no folder for the cache
                break
            except Exception:  # a damaged cache file raises any error that unpickling can raise
                continue
        self.on_disk = False
        return njit(self.signature, error_model="numpy")(self.source)

    def _read(self):
        """The loop from the cache on disk, where it is compiled and stored if missing."""
        from numba import njit

        return njit(self.signature, cache=True, error_model="numpy")(self.source)

    def _compile_again(self):
        """The loop, compiled again after its cache was emptied, since a crash may leave an unreadable file there."""
        from numba import njit

        njit(cache=True, error_model="numpy")(self.source)._cache.flush()
        return self._read()

    def _first(self, *arguments):
        self.call = self.fast if self.source is not None and compiled() else self.plain
        return self.call(*arguments)


def compilable(plain: Callable) -> Compilable:
    """Decorator for the NumPy code of an array function that may have a loop."""
    return Compilable(plain)


@contextmanager
def backend(numba: bool):
    """Context in which every function uses Numba or NumPy, whatever SIM_LOOPS names; it serves to compare them."""
    before = [each.call for each in EVERY]
    for each in EVERY:
        each.call = each.fast if numba else each.plain
    try:
        yield
    finally:
        for each, call in zip(EVERY, before):
            each.call = call
