"""Array functions with two backends: NumPy, the definition, and a loop that Numba compiles if it is installed.

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
order; exp and log stay with NumPy, whose vector code differs from Numba's in the last bit.  Compiled loops do not
check bounds.  The environment variable SIM_LOOPS chooses: `numba`, `numpy`, or `auto` (unset), which is Numba where it
can be imported.
"""

import os
from collections.abc import Callable
from contextlib import contextmanager
from difflib import get_close_matches
from functools import cache, cached_property, update_wrapper

from sim.registry.errors import ConfigurationError

VARIABLE, CHOICES = "SIM_LOOPS", ("auto", "numba", "numpy")
EVERY = []  # Compilable functions with a loop, in the order in which their modules were imported


@cache
def compiled() -> bool:
    """Whether loops are compiled in this process; ConfigurationError if SIM_LOOPS asks for what there is not."""
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
    """What the loops run on, for the record: `numba` and its version, or `numpy`."""
    if not compiled():
        return "numpy"
    from numba import __version__

    return f"numba {__version__}"


class Compilable:
    """A function of arrays: `plain` is NumPy's reading, `source` the loop, `call` whichever is in use.

    Arrays of other types than the loop is compiled for (from rules of other packages) are NumPy's.
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
        """Decorator: the loop, with the types it is compiled for; returned as it is."""
        def register(source):
            self.signature, self.source = signature, source
            EVERY.append(self)
            return source

        return register

    @cached_property
    def fast(self):
        """The loop, compiled: read from Numba's cache on disk or kept there; in memory alone if that cannot be."""
        from numba import njit

        for attempt in (self._read, self._compile_again):
            try:
                return attempt()
            except (OSError, RuntimeError):  # a full disk, or no folder for the cache
                break
            except Exception:  # a torn file of the cache raises whatever unpickling meets
                continue
        self.on_disk = False
        return njit(self.signature, error_model="numpy")(self.source)

    def _read(self):
        """The loop from the cache on disk, compiled and kept there if it is not."""
        from numba import njit

        return njit(self.signature, cache=True, error_model="numpy")(self.source)

    def _compile_again(self):
        """The loop, compiled into a cache that was emptied, because a crash left a file there that cannot be read."""
        from numba import njit

        njit(cache=True, error_model="numpy")(self.source)._cache.flush()
        return self._read()

    def _first(self, *arguments):
        self.call = self.fast if self.source is not None and compiled() else self.plain
        return self.call(*arguments)


def compilable(plain: Callable) -> Compilable:
    """Decorator: NumPy's reading of an array function."""
    return Compilable(plain)


@contextmanager
def reading(numba: bool):
    """While this holds, every function is read by Numba or by NumPy, whatever SIM_LOOPS says: to compare them."""
    before = [each.call for each in EVERY]
    for each in EVERY:
        each.call = each.fast if numba else each.plain
    try:
        yield
    finally:
        for each, call in zip(EVERY, before):
            each.call = call
