"""Robustness of signs: whether the model imposes them, and whether they hold under alternative rules.

The grades come from two tables of reference runs, which an installed package includes.
"""

from functools import cache
from pathlib import Path

from sim.findings import Number, Table
from sim.findings.text import title
from sim.registry.files import read_rows
from sim.registry.outcomes import outcomes, primary
from sim.report.page import Part
from sim.studies.comparison import percent

PREMISE = "premise"


def reference_dir() -> Path:
    """Folder of the tables of reference runs: inside an installed package, else in the checkout."""
    packaged = Path(__file__).parent / "reference"
    return packaged if packaged.is_dir() else Path(__file__).parents[2] / "results" / "reference"


@cache
def signs() -> dict[str, dict]:
    """Rows of emergence.csv by outcome: shares of draws with each sign of centralised against fragmented."""
    return {row["outcome"]: row for row in read_rows(reference_dir() / "emergence" / "emergence.csv")}


@cache
def worlds() -> dict[str, str]:
    """Number of worlds of alternative rules in which the sign of the defaults is kept, by outcome."""
    rows = read_rows(reference_dir() / "robustness" / "robustness.csv")
    return {row["outcome"]: "{keeps} of {worlds}".format(**row) for row in rows
            if row["comparison"] == "centralised minus fragmented"}


def graded(source) -> list[dict]:
    """Grades of the signs of centralised against fragmented; empty if other scenarios are compared."""
    if source.reference != "fragmented" or "centralised" not in source.compared:
        return []
    return [row for row in signs().values() if (row["outcome"], "centralised") in source.find]


def other_signs(source) -> list[dict]:
    """Grades of the signs that can go either way."""
    return [row for row in graded(source) if row["verdict"] != PREMISE]


def grades(source) -> Part:
    """Whether the sign of each headline outcome is imposed by the model or can go either way."""
    if not source.compared:
        return Part()
    rows_of_signs = graded(source)
    if not rows_of_signs:
        return Part(("Whether the signs of these differences are imposed by the model and its ranges or can go either "
                     "way has not been computed for this comparison; for centralised against fragmented it stands in "
                     "`docs/emergence.md`. The intervals above say nothing about it.",))
    sentence = ("All parameters with a plausible range were drawn at once, and both scenarios played with the same "
                "seed. "
            "Where fewer than 5 % of the draws contradict a sign, it is a premise of the model and its ranges, not a "
            "finding; elsewhere it can go either way, and the difference above holds at the values used here.")
    note = ("Computed once, over the registry’s default ranges and at a small scale, not for the settings of this run "
            "(`results/reference/emergence/emergence.csv`, `docs/emergence.md`); other scenarios are not graded. In "
            "the rest of the draws nothing differs. Under other rules: worlds of alternative rules in which the sign "
            "of the defaults surely holds, of those played (`docs/robustness.md`).")
    head = ("outcome", "in this run", "draws", "rises in", "falls in", "grade", "kept under other rules")
    rows = tuple((title(row["outcome"]), rise(source.find[row["outcome"], "centralised"]), row["draws"],
                  *shares(row), grade(row, "**premise**"), worlds().get(row["outcome"], "–")) for row in rows_of_signs)
    return Part((sentence,), (Table("Grade of each headline: centralised against fragmented.", head, rows, note),))


def rise(row: dict) -> Number:
    """The relative difference of a run without its interval [%]."""
    return Number(percent(row).value, signed=True, unit="%")


def shares(row: dict) -> list[str]:
    """Shares of draws in which an outcome rises and falls."""
    return [f"{100 * float(row[key]):.1f} %" for key in ("rises", "falls")]


def grade(row: dict, premise: str = PREMISE) -> str:
    """The grade of a sign in words."""
    return premise if row["verdict"] == PREMISE else "can go either way"


def of_main_comparison() -> Part:
    """Grades of the signs of the main comparison over all parameters and under alternative rules."""
    rows = tuple((title(name), *shares(signs()[name]), grade(signs()[name]), worlds().get(name, "–"))
                 for name in ("price_mean", *primary()) if name in signs() and name in outcomes())
    note = ("Centralised against fragmented, with all parameters with a plausible range drawn at once "
            "(`docs/emergence.md`), and in worlds of other rules in which the sign is kept significantly "
            "(`docs/robustness.md`); this grades signs of that comparison, not every number above. A premise is "
            "imposed by the model and its ranges; other signs hold at the values used.")
    head = ("outcome", "rises in", "falls in", "grade", "keeps its sign in")
    return Part((), (Table("Signs over all ranges and under other rules.", head, rows, note),))
