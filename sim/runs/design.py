"""Points drawn over the plausible ranges of the registry: a Latin hypercube, a seed of its own for each point."""

import numpy as np

from sim.registry.parameters import ConfigurationError, present, registry
from sim.world.draws import Draws

FIELDS = {"drawn": int, "defaults": int, "over": list}  # of a design that is a mapping
APART = 1000  # seeds of points at the defaults are this far from the others


def rows_of_mapping(design: dict, seed: int) -> list[dict]:
    """Rows {key: value} of a design {drawn: points, defaults: points, over: keys}; ConfigurationError if it is not."""
    for name, kind in FIELDS.items():
        value = design.get(name)
        if not isinstance(value, kind) or isinstance(value, bool) or (kind is int and not 0 <= value <= 10**6):
            raise ConfigurationError(f"design.{name}={value}: must be {'keys' if kind is list else 'a whole number'}")
    if extra := [name for name in design if name not in FIELDS]:
        raise ConfigurationError(f"design has {extra[0]}: a drawn design has {', '.join(FIELDS)}")
    rows = drawn_rows(design["over"], design["drawn"], seed) if design["drawn"] else []
    return rows + [{"seed": seed + APART + k} for k in range(design["defaults"])]


def drawn_rows(keys: list[str], points: int, seed: int) -> list[dict]:
    """Rows {key: value, "seed": whole number}; ConfigurationError for a key without a range of numbers.

    The strata of a key depend on the key's name, `points` and `seed` alone, so another key changes no other's values
    (McKay, Beckman and Conover 1979).
    """
    draws, row, columns = Draws(seed), np.arange(points), {}
    for key in [present(key) for key in keys]:
        entry = registry().get(key)
        if entry is None or not entry.range or entry.type not in ("int", "float"):
            raise ConfigurationError(f"design.over has {key}: must be a parameter with a plausible range of numbers")
        low, high = entry.range
        place = np.argsort(draws.uniform(f"stratum of {entry.stream}", 0, row))
        place = place + draws.uniform(f"within {entry.stream}", 0, row)
        values = (low + (high - low) * place / points).tolist()
        columns[key] = [round(v) for v in values] if entry.type == "int" else values
    return [{**{key: values[k] for key, values in columns.items()}, "seed": seed + k} for k in range(points)]
