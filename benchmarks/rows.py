"""Rows of results: the table on the terminal and the JSON file."""

import json
import os
import platform
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from benchmarks.timing import Times

SCHEMA = 1


@dataclass(frozen=True)
class Row:
    """One result: median and quartiles over repeats, and a target."""

    benchmark: str
    name: str
    value: float | None  # None if it could not be measured, for the reason in `note`
    unit: str
    low: float | None = None
    high: float | None = None
    repeats: int = 1
    target: str = ""  # "<= 3" or ">= 50"
    note: str = ""

    @property
    def met(self) -> bool | None:
        """Whether the target is met; None without one."""
        if not self.target or self.value is None:
            return None
        sign, limit = self.target.split()
        return self.value <= float(limit) if sign == "<=" else self.value >= float(limit)


def row(benchmark, name, times, unit, target="", note="", factor=1.0) -> Row:
    """A row from `Times` or one number, which `factor` converts to `unit`."""
    times = (times if isinstance(times, Times) else Times((float(times),))).scaled(factor)
    low, high = times.quartiles
    return Row(benchmark, name, times.median, unit, low, high, len(times.values), target, note)


def skipped(benchmark, name, why) -> Row:
    """The row of a result that could not be measured."""
    return Row(benchmark, name, None, "", repeats=0, note=f"skipped: {why}")


def number(value) -> str:
    """A number with three significant digits."""
    if value is None:
        return "–"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def line(r: Row) -> str:
    """A row as a line of the table."""
    spread = f"{number(r.low)} … {number(r.high)}" if r.repeats > 1 else ""
    aim = f"{r.target} {'met' if r.met else 'MISSED'}" if r.met is not None else ""
    return f"{r.name:<54}{number(r.value):>10} {r.unit:<14}{spread:<20}{r.repeats or '':>4}  {aim:<16}{r.note}".rstrip()


def head(benchmark: str) -> str:
    """The line above a benchmark's rows."""
    return f"\n{benchmark:<54}{'median':>10} {'unit':<14}{'quartiles':<20}{'n':>4}  target"


def about(quick: bool) -> dict:
    """A description of the machine and the software, for the interpretation of results."""
    import mesa
    import numpy

    import sim
    from sim.world.loops import engine

    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else None
    return {"schema": SCHEMA, "date": datetime.now().isoformat(timespec="seconds"), "quick": quick,
            "sim": sim.__version__, "python": platform.python_version(), "numpy": numpy.__version__,
            "mesa": mesa.__version__, "loops": engine(), "machine": platform.machine(), "cores": os.cpu_count(),
            "load_at_start": load}


def as_json(description: dict, rows: list[Row]) -> str:
    """The text of the JSON file."""
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else None
    content = {**description, "load_at_end": load, "rows": [{**asdict(r), "met": r.met} for r in rows]}
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def write(path: Path, description: dict, rows: list[Row]) -> None:
    """Write the JSON file, and create its folder if necessary."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(as_json(description, rows), encoding="utf-8")
