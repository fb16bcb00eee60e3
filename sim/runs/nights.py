"""Nightly tables of a sweep, for an analysis that reads them: a part a finished run, one table when all are there.

A part is written whole before its run is entered in a journal, and a run without its part counts as open.
"""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from sim.registry.files import whole
from sim.runs.results import columns
from sim.runs.schema import described


def part_of(folder: Path, point: str, replicate: int) -> Path:
    """Where the nights of one run lie while the sweep grows."""
    return folder / "nights" / f"{point[:32]}-{replicate:05d}.parquet"


def keep(folder: Path, point: str, replicate: int, record) -> None:
    """Write the nights of one finished run."""
    path = part_of(folder, point, replicate)
    path.parent.mkdir(parents=True, exist_ok=True)
    with whole(path) as aside:
        pq.write_table(columns({}, record.nights), aside, compression="zstd")


def write_nights(folder: Path, points, swept: list[str]) -> None:
    """`nights.parquet`: a row per point, replicate and night in the order of the plan, tagged as `runs.parquet` is."""
    writer = None
    with whole(folder / "nights.parquet") as aside:
        try:
            for point in points:
                for k in range(point.replicates):
                    table = tagged(pq.read_table(part_of(folder, point.identity, k)), point, swept, k)
                    writer = writer or pq.ParquetWriter(aside, described("nights", table).schema, compression="zstd")
                    writer.write_table(table.cast(writer.schema))
        finally:
            if writer is not None:
                writer.close()


def tagged(table: pa.Table, point, swept: list[str], replicate: int) -> pa.Table:
    """One run's nights with the columns that say which run it is."""
    values = {key: point.values.get(key, point.base.get(key)) for key in swept}
    tag = {"experiment": point.study, **values, "scenario": point.scenario, "replicate": replicate}
    for place, (name, value) in enumerate(tag.items()):
        table = table.add_column(place, name, pa.array([as_cell(value)] * table.num_rows))
    return table


def as_cell(value):
    """A swept value as a cell; lists become text as in `runs.parquet`."""
    return str(value) if isinstance(value, (list, tuple, dict)) else value
