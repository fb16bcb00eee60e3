"""Points drawn over the plausible ranges of the registry: a Latin hypercube, a seed of its own for each point."""

import numpy as np

from sim.draws import Draws
from sim.parameters import ConfigurationError, registry


def drawn_rows(keys: list[str], points: int, seed: int) -> list[dict]:
    """Rows {key: value, "seed": whole number}; ConfigurationError for a key without a range of numbers.

    The strata of a key depend on the key's name, `points` and `seed` alone, so another key changes no other's values
    (McKay, Beckman and Conover 1979).
    """
    draws, row = Draws(seed), np.arange(points)
    columns = {}
    for key in keys:
        entry = registry().get(key)
        if entry is None or not entry.range or entry.type not in ("int", "float"):
            raise ConfigurationError(f"drawn has {key}: must be a parameter with a plausible range of numbers")
        low, high = entry.range
        place = np.argsort(draws.uniform(f"stratum of {key}", 0, row)) + draws.uniform(f"within {key}", 0, row)
        values = (low + (high - low) * place / points).tolist()
        columns[key] = [round(v) for v in values] if entry.type == "int" else values
    return [{**{key: values[k] for key, values in columns.items()}, "seed": seed + k} for k in range(points)]
