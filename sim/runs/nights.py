"""Nightly tables of runs: a part a finished run while others go on, one table when they are there.

A part is written whole before its run is entered in a journal, and a run without its part counts as open.
"""

import json
from contextlib import suppress
from itertools import islice
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from sim.observation import observe
from sim.registry.files import whole
from sim.runs.results import as_arrays, columns, rows_of
from sim.runs.schema import described

TOGETHER = 64  # runs whose rows are written at once
FLOATS = {"nights": np.float64, "groups": np.float32}


def part_of(folder: Path, point: str, replicate: int, table: str = "nights") -> Path:
    """Where one run's part of a table lies while others go on."""
    return folder / table / f"{point[:32]}-{replicate:05d}.parquet"


def keep(folder: Path, point: str, replicate: int, record, tables: tuple[str, ...]) -> None:
    """Write the tables of one finished run."""
    for table in tables:
        write_part(columns(getattr(record, table), FLOATS[table]), part_of(folder, point, replicate, table))


def write_part(data: pa.Table, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)  # a launch that closed the folder may have removed it
    with whole(path) as aside:
        pq.write_table(data, aside, compression="zstd")


def is_kept(folder: Path, point: str, replicate: int, tables) -> bool:
    """Whether the tables of one run are there: its parts, or the whole tables of a folder that was closed."""
    return all(part_of(folder, point, replicate, table).exists() for table in tables) or is_closed(folder)


def is_closed(folder: Path) -> bool:
    """Whether a comparison's tables are all there, so that parts were removed."""
    with suppress(FileNotFoundError, ValueError):
        manifest = json.loads((folder / "manifest.json").read_bytes())
        return bool(manifest.get("complete")) and "asked" in manifest
    return False


def restore(folder: Path, plan) -> None:
    """Take finished tables apart into parts again, so that more replicates do not run those there are."""
    if not all((folder / f"{table}.parquet").exists() for table in plan.tables):
        return
    identities = {point.scenario: point.identity for point in plan.points}
    for table in plan.tables:
        data = pq.read_table(folder / f"{table}.parquet")
        runs = data.select(["scenario", "replicate"]).group_by(["scenario", "replicate"]).aggregate([]).to_pylist()
        for run in runs:
            path = part_of(folder, identities[run["scenario"]], run["replicate"], table)
            if not path.exists():
                write_part(rows_of(data, run["scenario"], run["replicate"]), path)


def clear_parts(folder: Path, plan) -> None:
    """Remove the parts of runs, whose rows are now in the tables."""
    for table in plan.tables:
        for point, k in plan.runs:
            part_of(folder, point.identity, k, table).unlink(missing_ok=True)
        with suppress(OSError):  # not there, or parts of others
            (folder / table).rmdir()


def write_tables(folder: Path, plan, runs: dict) -> None:
    """Write `nights.parquet` and the other tables that a plan keeps, with rows in the order of the plan.

    runs: finished runs by (identity, replicate), each with its `seed`; other runs are left out.
    """
    finished = [(point, k, runs[point.identity, k]["seed"]) for point, k in plan.runs if (point.identity, k) in runs]
    for table in plan.tables:
        parts = (pq.read_table(part_of(folder, point.identity, k, table)) for point, k, _ in finished)
        write_pieces(map(tagged, parts, [tags(plan, *run, table) for run in finished]), table, folder)
    if plan.is_comparison:
        observable = [run for run in finished if run[0].base["observation.table"]]
        months = (observed(folder, *run) for run in observable)
        write_pieces(map(tagged, months, [tags(plan, *run, "observed") for run in observable]), "observed", folder)


def write_pieces(pieces, table: str, folder: Path) -> None:
    """Write one table atomically from the rows of each run; without rows, no file is written."""
    batch = list(islice(pieces, TOGETHER))
    if not batch:
        return
    path, schema = folder / f"{table}.parquet", described(table, batch[0]).schema
    with whole(path) as aside, pq.ParquetWriter(aside, schema, compression="zstd") as writer:
        while batch:
            writer.write_table(pa.concat_tables(piece.cast(schema) for piece in batch))
            batch = list(islice(pieces, TOGETHER))


def observed(folder: Path, point, replicate: int, seed: int) -> pa.Table:
    """Observed series of one run, with one row per month (`sim.observation`)."""
    nights = as_arrays(pq.read_table(part_of(folder, point.identity, replicate)))
    return columns(observe(nights, point.parameters, seed))


def tags(plan, point, replicate: int, seed: int, table: str) -> dict:
    """Values of the columns that identify the run of a row."""
    values = {key: point.values.get(key, point.base.get(key)) for key in plan.swept}
    tag = {"experiment": point.study, **values, "scenario": point.scenario, "replicate": replicate}
    return tag | ({"seed": seed} if plan.is_comparison and table == "nights" else {})


def tagged(table: pa.Table, tag: dict) -> pa.Table:
    """The table with constant columns in front."""
    for place, (name, value) in enumerate(tag.items()):
        cell = str(value) if isinstance(value, (list, tuple, dict)) else value  # lists are texts, as in `runs.parquet`
        table = table.add_column(place, name, pa.array([cell] * table.num_rows))
    return table
