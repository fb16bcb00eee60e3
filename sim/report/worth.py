"""Tables of reference runs that reports quote, which an installed package includes.

They say whether the model imposes a sign, whether it holds under alternative rules, and which lever makes a difference.
"""

from functools import cache
from pathlib import Path

from sim.findings import Table
from sim.findings.text import title
from sim.registry.files import read_rows
from sim.registry.outcomes import outcomes, primary
from sim.report.page import Part
from sim.studies.premises import grade, percents, share, worlds

QUOTED = ("emergence", "robustness", "ablation")  # experiments whose table of this name reports quote


def reference_dir() -> Path:
    """Folder of the tables of reference runs: inside an installed package, else in the checkout."""
    packaged = Path(__file__).parent / "reference"
    return packaged if packaged.is_dir() else Path(__file__).parents[2] / "results" / "reference"


@cache
def reference_tables() -> dict[str, list[dict]]:
    """Rows of the tables of reference runs by name; a table without rows has not been computed."""
    files = {name: reference_dir() / name / f"{name}.csv" for name in QUOTED}
    return {name: read_rows(file) if file.exists() else [] for name, file in files.items()}


def of_main_comparison() -> Part:
    """Grades of the signs of the main comparison over all parameters and under alternative rules."""
    tables = reference_tables()
    signs, kept = {row["outcome"]: row for row in tables["emergence"]}, worlds(tables)
    rows = tuple((title(name), percents(signs[name], True), percents(signs[name], False), either(signs[name]),
                  kept.get(name, "–")) for name in ("price_mean", *primary()) if name in signs and name in outcomes())
    note = ("Centralised against fragmented, with all parameters with a plausible range drawn at once "
            "(`docs/emergence.md`), and in worlds of other rules in which the sign is kept significantly "
            "(`docs/robustness.md`); this grades signs of that comparison, not every number above. A premise is "
            "imposed by the model and its ranges: it holds in more than 95 % of the draws; other signs hold at the "
            "values used.")
    head = ("outcome", "rises in", "falls in", "grade", "keeps its sign in")
    return Part((), (Table("Signs over all ranges and under other rules.", head, rows, note),))


def either(row: dict) -> str:
    """The grade of an outcome's more frequent sign."""
    return grade(row, share(row, True) >= share(row, False)).strip("*")
