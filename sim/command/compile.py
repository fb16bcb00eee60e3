"""`python -m sim compile`: compile the model's loops now, once for a kind of processor (before a job array, say).

Without it the first command does so.  Numba keeps what it compiles for the processor it runs on (NUMBA_CPU_NAME names
another), beside the code or in NUMBA_CACHE_DIR.  `SIM_LOOPS` is explained in `sim/world/loops.py`.
"""

import time

from sim.command.complain import Parser
from sim.runs.compile import NOWHERE, compile_all
from sim.world.draws import uniforms
from sim.world.loops import EVERY, compiled, engine


def main(words=None) -> int:
    """Compile, and print what was done; returns the exit code."""
    Parser("compile", __doc__).parse_args(words)
    start = time.perf_counter()
    if not compiled():
        print("loops run in NumPy; pip install 'border-market-sim[fast]' compiles them, if SIM_LOOPS allows it")
        return 0
    new = compile_all()
    print(f"{len(EVERY)} loops on {engine()}: {new} compiled, {len(EVERY) - new} read from the cache, "
          f"{time.perf_counter() - start:.1f} s")
    if not uniforms.on_disk:
        print(NOWHERE)
    return 0
