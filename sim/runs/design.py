"""Designs of a sweep as rows {key: value}: from a file, from a list, or a Latin hypercube over the plausible ranges."""

import csv
import io
import json
import math
import re
from datetime import datetime, time
from decimal import Decimal
from pathlib import Path

import numpy as np

from sim.registry.parameters import ConfigurationError, check_keys, present, registry
from sim.world.draws import Draws

ARM = "arm"  # among the values of a point: the name of its row, no key
LABELS = ("scenario", ARM)  # columns of a design that are no keys
FIELDS = {"drawn": int, "defaults": int, "over": list}  # of a design that is a mapping
EMPTY = (None, "", "NA", "N/A", "#N/A", "null", "NULL")  # cells that leave a key as it is
INDICES = ("", "Unnamed: 0", "__index_level_0__")  # how pandas names the column of an index
WHOLE = re.compile(r"[+-]?[0-9]+")
NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")
MIDNIGHT = re.compile(r"[ T]00:00(:00(\.0+)?)?$")
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
    """Rows of a CSV or Parquet file as {key: value}; an empty cell leaves the key as it is.

    Raises ConfigurationError, one line with the file and the column or row, for a file that is no such table.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise ConfigurationError(f"design={path}: no such file") from None
    except OSError as error:
        raise ConfigurationError(f"design={path}: cannot be read: {error.strerror}") from None
    try:
        is_parquet = path.suffix.lower() == ".parquet" or content[:4] == b"PAR1"
        names, rows = parquet_cells(content) if is_parquet else csv_cells(content)
        keys = [present(name) for name in names]
        check_columns(names, keys)
    except ConfigurationError as error:
        raise ConfigurationError(f"design={path}: {error}") from None
    if not rows:
        raise ConfigurationError(f"design={path}: holds no rows")
    read = [{key: as_type(key, value) for key, value in zip(keys, row) if value not in EMPTY} for row in rows]
    for number, row in enumerate(read):
        check_labels(row, f"design={path}, row {number + 1}")
    return read


def csv_cells(content: bytes) -> tuple[list[str], list[list]]:
    """Names of columns and rows of texts of a CSV file; ConfigurationError where it is not one."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[:error.start].count(b"\n") + 1
        raise ConfigurationError(f"line {line} is not UTF-8 text; save the file as CSV in UTF-8, or as "
                                 "Parquet") from None
    try:
        rows = [row for row in csv.reader(io.StringIO(text, newline=""), strict=True) if row]
    except csv.Error as error:
        raise ConfigurationError(f"cannot be read as CSV: {error}") from None
    if not rows:
        raise ConfigurationError("is empty")
    head, *rows = rows
    for sign, name in ((";", "semicolons"), ("\t", "tabs")):
        if len(head) == 1 and sign in head[0]:
            raise ConfigurationError(f"the columns are separated by {name}; separate them by commas, and write "
                                     "decimals with a point")
    for number, row in enumerate(rows):
        if len(row) != len(head):
            raise ConfigurationError(f"row {number + 1} has {len(row)} cells, the first line has {len(head)}")
    return [name.strip() for name in head], [[cell.strip() for cell in row] for row in rows]


def parquet_cells(content: bytes) -> tuple[list[str], list[tuple]]:
    """Names of columns and rows of values of a Parquet file; ConfigurationError where it is not one."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.read_table(pa.BufferReader(content))
        return table.column_names, list(zip(*(column.to_pylist() for column in table.columns)))
    except (pa.ArrowException, OSError, ValueError) as error:
        why = "it is cut short or damaged" if isinstance(error, OSError) else str(error).splitlines()[0]
        raise ConfigurationError(f"cannot be read as Parquet: {why}") from None


def check_columns(names: list[str], keys: list[str]) -> None:
    """Raise ConfigurationError unless every column is a key of its own or a label."""
    for name, key in zip(names, keys):
        if name in INDICES:
            raise ConfigurationError(f"column `{name}` is the index of a pandas table; write the file with index=False")
        if keys.count(key) > 1:
            raise ConfigurationError(f"column `{key}` stands there {keys.count(key)} times")
        try:
            key in LABELS or check_swept(key)
        except ConfigurationError as error:
            raise ConfigurationError(f"column {error}") from None


def check_labels(row: dict, where: str) -> None:
    """Raise ConfigurationError unless the scenario and the arm of a row are names."""
    for label in LABELS:
        value = row.get(label)
        if isinstance(value, bytes) or (label == "scenario" and not isinstance(value, (str, type(None)))):
            raise ConfigurationError(f"{where}: {label}={value}: must be a text")


def scenarios_of(rows: list[dict]) -> list[str]:
    """Scenarios a design names in a column of its own."""
    return list(dict.fromkeys(row["scenario"] for row in rows if "scenario" in row))


def check_swept(key: str) -> None:
    """Only single keys can be swept."""
    check_keys([key])
    if key not in registry():
        raise ConfigurationError(f"`{key}` is a group of keys: sweep the keys in it")


def as_type(key: str, value):
    """The value of a cell as its key wants it; a cell that is no such value stays as it is, to be refused by name.

    Whole floats become integers (SALib writes floats), exact midnights become dates (pandas writes timestamps), and
    texts become what the key holds (a CSV file has nothing but texts; lists are written as JSON).
    """
    kind = registry()[key].type if key in registry() else "text"
    if isinstance(value, datetime) and value.time() == time():
        value = value.date()
    if kind == "date":
        return MIDNIGHT.sub("", str(value))
    if isinstance(value, str):
        value = of_text(kind, value)
    if kind == "int" and isinstance(value, (float, Decimal)) and math.isfinite(value) and value == int(value):
        return int(value)
    if kind == "bool" and value in (0, 1):
        return bool(value)
    return float(value) if isinstance(value, Decimal) else value


def of_text(kind: str, text: str):
    """What a text of a CSV file means for a key of some type; the text itself where it means nothing."""
    if text[:1] == "[":
        try:
            return json.loads(text)
        except ValueError:
            return text
    if kind == "bool":
        return {"true": True, "false": False, "1": True, "0": False}.get(text.lower(), text)
    if kind in ("int", "float") and NUMBER.fullmatch(text):
        return int(text) if WHOLE.fullmatch(text) else Decimal(text) if kind == "int" else float(text)
    return text
