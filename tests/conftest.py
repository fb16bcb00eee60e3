"""What the tests share: small worlds, quick to run, with every law checked every night."""

import pytest

from sim.configuration import configure
from sim.market import Market

SMALL = ("scale=0.1", "nights=30", "warmup=20", "checks=true")


def play(scenario="status_quo", *overrides, seed=7):
    """A whole small run; returns the market."""
    market = Market(configure(scenario, [*SMALL, *overrides]), seed=seed)
    while market.running:
        market.step()
    return market


@pytest.fixture(scope="session")
def small_market():
    """One small status_quo run, played to its end; tests must not change it."""
    return play()
