"""The table of runs: columns are swept keys and outcomes, and each run has a row.

Rows are in the order of the plans, so that the bytes do not depend on which process ran what and when.
"""

import math
from pathlib import Path

import numpy as np
import pyarrow as pa

from sim.findings.text import level_text, table, title
from sim.identity import same_model
from sim.registry.files import whole
from sim.registry.outcomes import outcomes, primary
from sim.runs import results
from sim.runs.plan import ARM, read_plan
from sim.runs.store import Journals
from sim.statistics.intervals import interval

ROWS_SHOWN = 40
KEYS_SHOWN = 8
POINT_SEED = "point_seed"  # column of a sweep over `seed`, with the value of that key


def collect(folders, plans=None) -> tuple[pa.Table, list[str], list[str]]:
    """The table of one or more folders of sweeps, the swept keys, and remarks on what was left out.

    plans: names of the plan files to read; None reads all.
    """
    rows, swept, remarks = [], [], []
    for folder in folders:
        journals = Journals(folder).refresh()
        remarks += [f"{folder / 'journal' / name}: {n} damaged or foreign lines left out"
                    for name, n in sorted(journals.damaged.items())]
        remarks += [f"{folder / 'journal' / name}: a torn last line left out" for name in journals.torn()]
        used = set()  # runs that belong to an earlier plan
        for path in sorted(folder.glob("plan-*.json")):
            if plans is not None and path.name not in plans:
                continue
            try:
                head, points = read_plan(path)
            except (ValueError, KeyError, TypeError):
                remarks.append(f"{path}: damaged or not a plan, left out")
                continue
            if not same_model(head):
                remarks.append(f"{path}: was run with another version of the model than the one installed")
            swept += [key for key in head["swept"] if key not in swept]
            runs = {(point.identity, k, point.values.get(ARM), tuple(point.values), i): point
                    for i, point in enumerate(points) for k in range(point.replicates)}
            for (*place, _), point in runs.items():
                if tuple(place[:2]) in journals.runs and tuple(place) not in used:
                    rows.append(row(point, place[1], journals.runs[tuple(place[:2])], "groups" in head["tables"]))
            used |= {place[:-1] for place in runs if place[:2] in journals.runs}
        other = len(journals.runs) - len({key[:2] for key in used})
        if other and plans is None:
            remarks.append(f"{folder}: {other} runs belong to no point of the plans there (other version or settings)")
    return as_table(rows, swept), swept, remarks


def row(point, replicate: int, run: dict, comparison: bool) -> dict:
    """The row of one run: swept values, scenario, replicate, seed and outcomes; in a comparison also its nights."""
    tag = {"experiment": point.study, **point.values, "scenario": point.scenario, "replicate": replicate}
    tag |= {POINT_SEED: point.values["seed"]} if "seed" in point.values else {}  # `seed`: of the run
    return tag | {"seed": run["seed"]} | ({"nights": point.base["nights"]} if comparison else {}) | run


def as_table(rows: list[dict], swept: list[str]) -> pa.Table:
    """A table from rows; lists become text, and a key that a point does not set is empty."""
    names = list(dict.fromkeys(["experiment", *swept, *(name for row in rows for name in row)]))
    return pa.table({name: column([row.get(name) for row in rows]) for name in names})


def column(values) -> pa.Array:
    """An Arrow array of values that may be missing, or a mixture of whole and other numbers."""
    kinds = {type(v) for v in values if v is not None}
    if kinds & {list, tuple, dict}:
        return pa.array([None if v is None else str(v) for v in values], pa.string())
    if kinds == {int, float}:
        return pa.array([None if v is None else float(v) for v in values], pa.float64())
    return pa.array(values)


def write_table(data: pa.Table, path: Path) -> None:
    """Write the table atomically as Parquet."""
    results.write_table("runs", data, path)


def write_csv(data: pa.Table, path: Path) -> None:
    """Write the table atomically as CSV."""
    import pyarrow.csv

    with whole(path) as aside:
        pyarrow.csv.write_csv(data, aside)


def console(data: pa.Table, swept: list[str]) -> str:
    """Means of the primary outcomes with half-widths, one line per point and scenario.

    If more than `KEYS_SHOWN` keys are swept, there is one line per scenario.
    """
    swept = swept if len(swept) <= KEYS_SHOWN else []
    columns = {name: data[name].to_pylist() for name in (*swept, "scenario", *primary())}
    if POINT_SEED in data.column_names and "seed" in swept:
        columns["seed"] = data[POINT_SEED].to_pylist()
    if ARM in swept:  # the name of an arm stands for the keys that it sets
        swept = [name for name in swept if name == ARM or None not in columns[name]]
    groups = {}
    for i in range(data.num_rows):
        key = tuple(str(columns[name][i]) if columns[name][i] is not None else "" for name in (*swept, "scenario"))
        groups.setdefault(key, []).append(i)
    body = []
    for key, rows in list(groups.items())[:ROWS_SHOWN]:
        cells = []
        for name in primary():
            n, mean, low, _ = interval(np.array([columns[name][i] for i in rows], float))
            cells.append(level_text(mean, mean - low if n > 1 else math.nan, outcomes()[name].digits))
        body.append([*key, str(len(rows)), *cells])
    text = table([*swept, "scenario", "n", *(title(name) for name in primary())], body, widest=16)
    if len(groups) > ROWS_SHOWN:
        text += f"\n… and {len(groups) - ROWS_SHOWN} more"
    return text

