"""One run in this process, and how many processes this machine has room for."""

import os

from sim.registry.parameters import Parameters

REPORT_EVERY = 10  # nights between a run's reports of progress


def simulate(parameters: Parameters, seed: int, on_nights=lambda n: None):
    """Play one run to its end; returns its `Record`.  `on_nights` is called with the number of nights just played."""
    from sim.market import Market

    market = Market(parameters, seed)
    since = 0
    while market.running:
        market.step()
        since += 1
        if since == REPORT_EVERY:
            on_nights(since)
            since = 0
    on_nights(since)
    record = market.record()
    market.release()
    return record


def cores() -> int:
    """Processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
