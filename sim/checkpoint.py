"""Checkpoints: save a market between two nights and continue later; the rest of the run has the same bytes.

A saved state is a pickle and belongs to the code that made it (`sim.identity`): load only what you saved yourself.
"""

import pickle
from pathlib import Path

from sim.identity import made_by, same_model
from sim.market import Market
from sim.registry.extensions import used
from sim.registry.files import whole
from sim.registry.parameters import flatten
from sim.world.calendar import Calendar
from sim.world.opening import owner_terms


def save(market: Market, path) -> None:
    """Write the state of a market atomically."""
    head = made_by(used(flatten(market.p.as_dict())))
    with whole(Path(path)) as aside, open(aside, "wb") as file:
        pickle.dump(head, file)
        pickle.dump((market.world, market.recorder), file)


def load(path, parameters=None) -> Market:
    """The saved market, ready to continue; raises ValueError if other code saved it.

    parameters: with which to continue; they may differ from the saved ones in events after the saved night.
    """
    with open(path, "rb") as file:
        head = pickle.load(file)  # alone, as the rest may not be readable by other code
        if not isinstance(head, dict) or not same_model(head):
            raise ValueError(f"{path} was saved by other code of the model; a saved state belongs to the code that "
                             "made it")
        world, recorder = pickle.load(file)
    if parameters is not None:
        world.p = world.beliefs.p = parameters
        world.calendar, world.terms = Calendar(parameters), owner_terms(parameters, world.groups.n)
    return Market(world.p, world.seed, world, recorder)
