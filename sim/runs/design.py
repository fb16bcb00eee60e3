"""Designs of a sweep as rows {key: value}: from a file, from a list, or a Latin hypercube over the plausible ranges."""

import json
import math
from pathlib import Path

import numpy as np

from sim.registry.parameters import ConfigurationError, check_keys, present, registry
from sim.world.draws import Draws

ARM = "arm"  # among the values of a point: the name of its row, no key
LABELS = ("scenario", ARM)  # columns of a design that are no keys
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


# as given ----------------------------------------------------------------------------------------------------------
def rows_of(design, seed: int) -> tuple[list[dict], str]:
    """Rows {key: value} of a design and what to call it in a complaint; no design is one row without values."""
    if not design:
        return [{}], ""
    if isinstance(design, dict):
        return rows_of_mapping(design, seed), "design"
    if isinstance(design, str):
        return read_design(Path(design)), design
    for row in design:
        if not isinstance(row, dict) or not row:
            raise ConfigurationError(f"design has {row}: a row must be a mapping of keys to values")
        for key in row:
            key in LABELS or check_swept(present(key))
    return [{present(key): value for key, value in row.items()} for row in design], "design"


def read_design(path: Path) -> list[dict]:
    """Rows of a CSV or Parquet file as {key: value}; an empty cell leaves the key as it is."""
    import pyarrow as pa
    import pyarrow.csv
    import pyarrow.parquet as pq

    try:
        table = pq.read_table(path) if path.suffix == ".parquet" else pyarrow.csv.read_csv(path)
    except FileNotFoundError:
        raise ConfigurationError(f"design={path}: no such file") from None
    except (pa.ArrowException, OSError) as error:
        raise ConfigurationError(f"design={path}: cannot be read as {path.suffix or 'CSV'}: "
                                 f"{str(error).splitlines()[0]}") from None
    table = table.rename_columns([present(key) for key in table.column_names])
    for key in table.column_names:
        try:
            key in LABELS or check_swept(key)
        except ConfigurationError as error:
            raise ConfigurationError(f"design={path}: column {error}") from None
    if not table.num_rows:
        raise ConfigurationError(f"design={path}: holds no rows")
    return [{key: as_type(key, value) for key, value in row.items() if not empty(value)} for row in table.to_pylist()]


def scenarios_of(rows: list[dict]) -> list[str]:
    """Scenarios a design names in a column of its own."""
    return list(dict.fromkeys(row["scenario"] for row in rows if "scenario" in row))


def check_swept(key: str) -> None:
    """Only single keys can be swept."""
    check_keys([key])
    if key not in registry():
        raise ConfigurationError(f"`{key}` is a group of keys: sweep the keys in it")


def empty(value) -> bool:
    return value is None or value == "" or (isinstance(value, float) and math.isnan(value))


def as_type(key: str, value):
    """A cell as its key wants it: whole floats become integers (SALib writes floats), texts of lists become lists."""
    kind = registry()[key].type if key in registry() else "text"
    if kind == "int" and isinstance(value, float) and value.is_integer():
        return int(value)
    if kind == "bool" and value in (0, 1):
        return bool(value)
    if isinstance(value, str) and value[:1] == "[":
        return json.loads(value)
    return str(value) if kind == "date" else value
