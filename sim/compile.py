"""`python -m sim.compile`: compile the model's loops now, once for a kind of processor (before a job array, say).

Without it the first command does so.  Numba keeps what it compiles for the processor it runs on (NUMBA_CPU_NAME names
another), beside the code or in NUMBA_CACHE_DIR.  `SIM_LOOPS` is explained in `sim/loops.py`.
"""

import sys
import time

from sim.draws import uniforms
from sim.errors import ConfigurationError
from sim.loops import EVERY, compiled, engine

NOWHERE = "each process compiles its loops, as they cannot be kept: set NUMBA_CACHE_DIR to a folder that can be written"


def kept(loop) -> bool:
    """Whether a loop was read from Numba's cache."""
    return bool(sum(loop.fast.stats.cache_hits.values()))


def compile_all() -> int:
    """Read every loop from Numba's cache or compile it; how many were compiled."""
    import sim.market  # noqa: F401  all modules with loops

    for each in EVERY:
        each.call = each.fast
    return sum(not kept(each) for each in EVERY)


def prepare() -> None:
    """Before many processes start on a machine that has not yet compiled loops: compile them, and say so.

    ConfigurationError if SIM_LOOPS asks for what there is not.
    """
    if compiled() and uniforms.call is not uniforms.fast and not kept(uniforms):
        print("sim: compiling loops for this machine, once (SIM_LOOPS=numpy does without)", file=sys.stderr, flush=True)
        compile_all()
        if not uniforms.on_disk:
            print(f"sim: {NOWHERE}", file=sys.stderr, flush=True)


def main() -> int:
    """Compile, and say what was done; returns the exit code."""
    from sim.job import complain

    start = time.perf_counter()
    try:
        if not compiled():
            print("loops run in NumPy; pip install 'border-market-sim[fast]' compiles them, if SIM_LOOPS allows it")
            return 0
    except ConfigurationError as error:
        return complain(error)
    new = compile_all()
    print(f"{len(EVERY)} loops on {engine()}: {new} compiled, {len(EVERY) - new} read from the cache, "
          f"{time.perf_counter() - start:.1f} s")
    if not uniforms.on_disk:
        print(NOWHERE)
    return 0


if __name__ == "__main__":
    sys.exit(main())
