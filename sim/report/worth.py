"""What signs are worth: whether the model imposes them, and whether they stay under other rules.

The grades come from two tables of reference runs, which an installed package carries with it.
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
    """Tables of reference runs: inside an installed package, else in the checkout around it."""
    packaged = Path(__file__).parent / "reference"
    return packaged if packaged.is_dir() else Path(__file__).parents[2] / "results" / "reference"


@cache
def signs() -> dict[str, dict]:
    """By outcome: in which share of all draws the sign of centralised against fragmented appears."""
    return {row["outcome"]: row for row in read_rows(reference_dir() / "emergence" / "emergence.csv")}


@cache
def worlds() -> dict[str, str]:
    """By outcome: in how many worlds of other rules the sign of the defaults surely holds."""
    rows = read_rows(reference_dir() / "robustness" / "robustness.csv")
    return {row["outcome"]: "{keeps} of {worlds}".format(**row) for row in rows
            if row["comparison"] == "centralised minus fragmented"}


def graded(source) -> list[dict]:
    """Grades of the signs of centralised against fragmented; none where this study compares others."""
    if source.reference != "fragmented" or "centralised" not in source.compared:
        return []
    return [row for row in signs().values() if (row["outcome"], "centralised") in source.find]


def other_signs(source) -> list[dict]:
    """Grades of the signs that can go either way."""
    return [row for row in graded(source) if row["verdict"] != PREMISE]


def grades(source) -> Part:
    """Whether the sign of each headline is imposed by the model or can go either way."""
    if not source.compared:
        return Part()
    found = graded(source)
    if not found:
        return Part(("Whether the signs of these differences are imposed by the model and its ranges or can go either "
                     "way has not been computed for this comparison; for centralised against fragmented it stands in "
                     "`docs/emergence.md`. The intervals above say nothing about it.",))
    said = ("All parameters with a plausible range were drawn at once, and both scenarios played with the same seed. "
            "Where fewer than 5 % of the draws contradict a sign, it is a premise of the model and its ranges, not a "
            "finding; elsewhere it can go either way, and the difference above holds at the values used here.")
    note = ("Computed once, over the registry’s default ranges and at a small scale, not for the settings of this run "
            "(`results/reference/emergence/emergence.csv`, `docs/emergence.md`); other scenarios are not graded. In "
            "the rest of the draws nothing differs. Under other rules: worlds of alternative rules in which the sign "
            "of the defaults surely holds, of those played (`docs/robustness.md`).")
    head = ("outcome", "in this run", "draws", "rises in", "falls in", "grade", "kept under other rules")
    rows = tuple((title(row["outcome"]), rise(source.find[row["outcome"], "centralised"]), row["draws"],
                  *shares(row), grade(row, "**premise**"), worlds().get(row["outcome"], "–")) for row in found)
    return Part((said,), (Table("Grade of each headline: centralised against fragmented.", head, rows, note),))


def rise(row: dict) -> Number:
    """The relative difference of a run, without its interval."""
    return Number(percent(row).value, signed=True, unit="%")


def shares(row: dict) -> list[str]:
    """Shares of draws in which an outcome rises, and falls."""
    return [f"{100 * float(row[key]):.1f} %" for key in ("rises", "falls")]


def grade(row: dict, premise: str = PREMISE) -> str:
    """The grade of a sign in words."""
    return premise if row["verdict"] == PREMISE else "can go either way"


def of_main_comparison() -> Part:
    """How the signs of the main comparison fare over all parameters and under other rules."""
    rows = tuple((title(name), *shares(signs()[name]), grade(signs()[name]), worlds().get(name, "–"))
                 for name in ("price_mean", *primary()) if name in signs() and name in outcomes())
    note = ("Centralised against fragmented, with all parameters with a plausible range drawn at once "
            "(`docs/emergence.md`), and in worlds of other rules in which the sign surely stays "
            "(`docs/robustness.md`); this grades signs of that comparison, not every number above. A premise is "
            "imposed by the model and its ranges; elsewhere the sign holds at the values used.")
    head = ("outcome", "rises in", "falls in", "grade", "keeps its sign in")
    return Part((), (Table("Signs over all ranges and under other rules.", head, rows, note),))
