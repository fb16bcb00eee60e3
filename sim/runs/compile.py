"""Loops are compiled once for a kind of processor, before many processes would each do so."""

import sys

from sim.world.draws import uniforms
from sim.world.loops import EVERY, compiled

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
