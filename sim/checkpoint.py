"""Save a market between two nights and go on from there; the rest of the run has the same bytes.

A saved state is a pickle and belongs to the version of the package that wrote it: load only what you saved yourself.
"""

import pickle
from pathlib import Path

import sim
from sim.market import Market
from sim.registry.files import whole


def save(market: Market, path) -> None:
    """Write the state of a market; the file is whole or not there."""
    with whole(Path(path)) as aside, open(aside, "wb") as file:
        pickle.dump((sim.__version__, market.world, market.recorder), file)


def load(path) -> Market:
    """A market that goes on where the saved one stood; ValueError if another version saved it."""
    with open(path, "rb") as file:
        version, world, recorder = pickle.load(file)
    if version != sim.__version__:
        raise ValueError(f"{path} was saved by version {version}, this is {sim.__version__}")
    return Market(world.p, world.seed, world, recorder)
