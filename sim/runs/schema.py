"""What every column of a results folder is: name, type, unit, meaning, for people and machines.

Parquet files carry unit and meaning in the metadata of each field.  `datapackage.json` beside them is a Frictionless
Data Package (specs.frictionlessdata.io): each table with its columns and its hash.  Both come from
`sim/registry/columns.yaml`, `outcomes.yaml` and `parameters.yaml`; a column that stands in none of them fails a test.
"""

import hashlib
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq
import yaml

import sim
from sim.observation import observed_columns
from sim.registry.outcomes import outcomes
from sim.registry.parameters import registry

TABLES = {  # file: (title, table of the registry)
    "runs.parquet": ("A row per run (and swept point): every outcome", "runs"),
    "nights.parquet": ("A row per run and night: stocks, flows, money, violence, beliefs", "nights"),
    "groups.parquet": ("A row per run, group and night", "groups"),
    "observed.parquet": ("A row per run and month: what would have been reported", "observed"),
    "summary.csv": ("A row per outcome and scenario: means, paired differences, verdicts", "summary"),
}
NUMBERS = ("n", "pairs", "runs_whole", "runs_broken", "pairs_whole")  # of summary.csv, whole
WORDS = ("label", "truth")  # units of summary.csv that stand for no number


class Meaning(NamedTuple):
    """What a column holds."""

    unit: str
    text: str


@cache
def columns() -> dict[str, dict[str, Meaning]]:
    """Unit and meaning of columns by table and name, from sim/registry/columns.yaml."""
    tables = yaml.safe_load((Path(__file__).parents[1] / "registry" / "columns.yaml").read_text(encoding="utf-8"))
    return {table: {row["name"]: Meaning(row["unit"], row["meaning"]) for row in rows}
            for table, rows in tables.items()}


def meaning(table: str, name: str) -> Meaning | None:
    """Unit and meaning of a column; None for an unknown column."""
    ours = columns().get(table, {})
    if table == "observed" and name in observed_columns():
        unit, text = observed_columns()[name]
        return Meaning(unit or "date", text)
    if found := ours.get(name) or columns()["every"].get(name):
        return found
    if table in ("runs", "nights") and name in outcomes():
        entry = outcomes()[name]
        return Meaning(entry.unit, entry.meaning)
    for pattern, found in ours.items():
        if pattern.endswith("*") and name.startswith(pattern[:-1]):
            return Meaning(found.unit, found.text.replace("*", name[len(pattern) - 1 :]))
    if name in registry():
        entry = registry()[name]
        return Meaning(entry.unit or "setting", f"Parameter {name}. {entry.help or entry.note}".strip())
    return None


def described(table: str, data: pa.Table) -> pa.Table:
    """The data with unit and meaning in the metadata of every field."""
    fields = []
    for field in data.schema:
        found = meaning(table, field.name)
        fields.append(field.with_metadata({"unit": found.unit, "description": found.text}) if found else field)
    return pa.Table.from_arrays(data.columns, schema=pa.schema(fields))


def package(folder: Path, study: str, label: str) -> dict:
    """The data package of the tables that a folder holds; the same tables give the same package."""
    resources = [resource(folder / name, *about) for name, about in TABLES.items() if (folder / name).exists()]
    return {
        "profile": "data-package", "name": f"border-market-sim-{study.lower()}", "title": f"border-market-sim: {study}",
        "description": label, "version": sim.__version__,
        "licenses": [{"name": "CC-BY-4.0", "path": "https://creativecommons.org/licenses/by/4.0/",
                      "title": "Creative Commons Attribution 4.0"}],
        "resources": resources,
    }

def resource(path: Path, title: str, table: str) -> dict:
    """One table of a data package; `sha256` is our own property, because frictionless counts no bytes of Parquet."""
    content = path.read_bytes()
    parquet = path.suffix == ".parquet"
    about = {"format": "parquet", "mediatype": "application/vnd.apache.parquet"} if parquet else {
        "format": "csv", "mediatype": "text/csv", "encoding": "utf-8"}
    fields = parquet_fields(path, table) if parquet else csv_fields(content, table)
    return {"name": path.stem, "path": path.name, "title": title, **about,
            "sha256": hashlib.sha256(content).hexdigest(), "schema": {"fields": fields}}


def parquet_fields(path: Path, table: str) -> list[dict]:
    return [field(table, f.name, kind(f.type)) for f in pq.read_schema(path)]


def csv_fields(content: bytes, table: str) -> list[dict]:
    """Fields of summary.csv: labels are strings, all others numbers, and missing values are empty."""
    fields = []
    for name in content.decode().splitlines()[0].split(","):
        found = meaning(table, name)
        words = found is None or found.unit in WORDS
        fields.append(field(table, name, "string" if words else "integer" if name in NUMBERS else "number"))
    return fields


def field(table: str, name: str, kind: str) -> dict:
    """A field of a table schema; `unit` is our own property, as the specification allows."""
    found = meaning(table, name)
    return {"name": name, "type": kind} | ({"unit": found.unit, "description": found.text} if found else {})


def kind(arrow: pa.DataType) -> str:
    """Frictionless' name of an Arrow type."""
    for name, test in (("integer", pa.types.is_integer), ("number", pa.types.is_floating),
                       ("boolean", pa.types.is_boolean), ("date", pa.types.is_date)):
        if test(arrow):
            return name
    return "string"
