"""Single runs in this process, with which whole commands are compared."""

from time import process_time

from sim.registry.configuration import configure
from sim.runs.run import simulate
from sim.world.draws import replicate_seed


def alone(overrides, repeats: int) -> tuple:
    """Processor seconds of single runs in this process, without writing files."""
    parameters, seconds = configure("status_quo", list(overrides)), []
    for k in range(repeats):
        start = process_time()
        simulate(parameters, replicate_seed(1, k))
        seconds.append(process_time() - start)
    return tuple(seconds)
