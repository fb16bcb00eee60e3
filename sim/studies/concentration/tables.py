"""Findings of the study `concentration`: outcomes by number of owners, and the shapes of the curves."""

from sim.findings import Findings, Number, Table
from sim.findings.rows import value_of, with_ends
from sim.findings.text import NOTE, heading, named
from sim.studies.concentration.study import CONTEXT, OUTCOMES, REFERENCE

DIFFERENCE = ("difference", "difference_low", "difference_high")
FROM_EQUAL = ("from_equal", "from_equal_low", "from_equal_high")


def present(tables) -> Findings:
    """Return means and differences of equal groups, each unequal arm against them, and the shapes of the curves."""
    rows = tables["concentration"]
    by = {}
    for row in rows:
        by.setdefault(row["sizes"], {}).setdefault(row["outcome"], []).append(row)
    equal, *others = by
    shown = {"equal": equal_table(equal, by[equal])}
    for k, arm in enumerate(others):
        shown[f"unequal_{k + 1}" if k else "unequal"] = unequal_table(arm, by[arm])
    shown["shape"] = shape_table(tables["concentration_shape"])
    n = rows[0]["n"]
    return Findings(shown, (f"{n} replicates a point, the same seeds at all points; {NOTE}",), {"n": n})


def equal_table(arm: str, by) -> Table:
    """Table of means and, below each, paired differences from `REFERENCE` owners; one column for each number of
    owners."""
    body = []
    for name in (*OUTCOMES, *CONTEXT):
        digits = named(name)[2]
        body.append((heading(name), *(Number(value_of(row, "mean"), digits) for row in by[name])))
        body.append((f"*difference from {REFERENCE}*",
                     *("" if row["owners"] == str(REFERENCE) else with_ends(row, DIFFERENCE, digits, signed=True)
                       for row in by[name])))
    return Table(f"Means by number of owners, {arm}, and paired differences from {REFERENCE} owners", head(by),
                 tuple(body))


def unequal_table(arm: str, by) -> Table:
    """Table of paired differences of an arm from equal groups of the same number."""
    return Table(f"{arm.capitalize()}: paired differences from equal groups of the same number", head(by),
                 tuple((heading(name), *(with_ends(row, FROM_EQUAL, named(name)[2], signed=True) for row in by[name]))
                       for name in (*OUTCOMES, *CONTEXT)))


def head(by) -> tuple[str, ...]:
    """The head of the table: `outcome`, then the numbers of owners."""
    return ("outcome", *(row["owners"] for row in by[OUTCOMES[0]]))


def shape_table(rows) -> Table:
    """Table of the largest significant rise and fall of every curve, and whether it is compatible with monotonicity."""
    body = [(heading(row["outcome"]), row["sizes"], step(row, "rise"), step(row, "fall"),
             "yes" if row["monotone"] == "True" else "no") for row in rows]
    return Table("Shape of the curves, from few owners to many",
                 ("outcome", "sizes", "largest significant rise", "largest significant fall", "monotone"), tuple(body),
                 "Significant: Holm's p < 0.05 over all pairs of points of a curve. A curve is called not monotone "
                 "only "
                 "if it rises significantly between two points and falls significantly between two others.")


def step(row, word: str) -> str:
    """A rise or fall with the two numbers of owners between which it lies; a dash if none is significant."""
    if not row[word]:
        return "–"
    size = Number(float(row[word]), named(row["outcome"])[2], signed=True)
    return f"{size} from {row[f'{word}_from']} to {row[f'{word}_to']}"
