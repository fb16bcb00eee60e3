"""One run in this process, and how many processes this machine has room for."""

import os

from sim.registry.parameters import Parameters

REPORT_EVERY = 10  # nights between a run's reports of progress


def simulate(parameters: Parameters, seed: int, on_nights=lambda n: None, past=None):
    """Play one run to its end; returns its `Record`.  `on_nights` is called with the number of nights just played.

    past: a `sim.runs.past.Kept`, from which the run goes on if it is there, and which is kept if it is not.
    """
    from sim.market import Market

    market = past.market(parameters) if past else None
    if market is None:
        market = Market(parameters, seed)
    since = market.night + parameters.warmup
    while market.running:
        if past:
            past.keep(market)
        market.step()
        since += 1
        if since >= REPORT_EVERY:
            on_nights(since)
            since = 0
    on_nights(since)
    record = market.record()
    market.release()
    return record


def cores() -> int:
    """Processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
