"""What the number of owners does: curves over 1…12 groups of equal size, and two large ones among as many.

Members, arms and treasury of all groups together at the start do not depend on their number (`sim/world/opening.py`),
so points differ in how many own them.  A curve is called not monotone only if it surely rises between some two numbers
of owners and surely falls between some other two: paired t-tests of all pairs, Holm's p < 0.05 within an outcome.
"""

from itertools import combinations
from pathlib import Path
from typing import NamedTuple

import numpy as np

from sim.figures import write_figures
from sim.findings.text import NOTE, cells, heading, named, number, table
from sim.registry.files import write_rows
from sim.runs.grid import Grid
from sim.statistics.intervals import over

KEYS = ("gangs.large_count", "gangs.large_share", "gangs.count")
OUTCOMES = ("price_mean", "clashes", "fighters", "abductions_per_10k", "bribes_per_gross", "crossed_within_30",
            "joint_surplus")
CONTEXT = ("hhi_owners",)  # how concentrated engagements are by who decides prices
REFERENCE = 10  # owners that differences are taken from: the default


class Arm(NamedTuple):
    """Points that share one rule of sizes."""

    name: str
    large_count: int
    large_share: float  # 0: equal
    owners: list[int]
    runs: dict[str, np.ndarray]  # outcome: owners × replicates [its unit]

    def difference(self, name: str) -> np.ndarray:
        """Paired difference from `REFERENCE` owners of this arm: mean, low, high × owners [outcome's unit]."""
        return over(self.runs[name] - self.runs[name][self.owners.index(REFERENCE)])


def analyse(folder: Path) -> str:
    """`concentration.csv`, `concentration_shape.csv` and the figure beside the runs; returns tables to print."""
    from sim.studies.concentration.figures import caption, draw

    grid = Grid(folder, KEYS)
    arms = read(grid)
    write_rows([row for arm in arms for row in rows_of(arm, arms[0])], Path(folder) / "concentration.csv")
    write_rows([row for arm in arms for row in shape_rows(arm)], Path(folder) / "concentration_shape.csv")
    write_figures({"concentration": (lambda: draw(arms), caption(arms, grid.sample()))}, folder)
    return "\n\n".join([*tables(arms), *map(shapes_text, arms), f"{grid.sample()}; {NOTE}"])


def read(grid: Grid) -> list[Arm]:
    """The equal arm first, then each unequal one over the numbers of groups where it is unequal."""
    counts, shares = grid.axes["gangs.count"], grid.axes["gangs.large_share"]
    grid.place("gangs.count", REFERENCE), grid.place("gangs.large_share", 0.0)
    arms = [make(grid, "equal groups", grid.axes["gangs.large_count"][0], 0.0, counts)]
    for large in grid.axes["gangs.large_count"]:
        for share in shares:
            owners = [n for n in counts if is_unequal(n, large, share)]
            if REFERENCE in owners:
                arms.append(make(grid, f"{large} large ones with {100 * share:.0f} %", large, share, owners))
    return arms


def is_unequal(count: int, large_count: int, large_share: float) -> bool:
    """Whether the first `large_count` groups are larger than equal ones would be."""
    return large_share > 0 and large_count < count and large_share > large_count / count + 1e-9


def make(grid: Grid, name, large, share, owners) -> Arm:
    """One arm of the grid."""
    here = (grid.place("gangs.large_count", large), grid.place("gangs.large_share", share),
            [grid.place("gangs.count", n) for n in owners])
    return Arm(name, large, share, owners, {o: grid[o][here] for o in (*OUTCOMES, *CONTEXT)})


def against_equal(arm: Arm, equal: Arm, name: str) -> np.ndarray:
    """Paired difference of an arm from equal groups of the same number: mean, low, high × owners [outcome's unit]."""
    return over(arm.runs[name] - equal.runs[name][[equal.owners.index(n) for n in arm.owners]])


def rows_of(arm: Arm, equal: Arm) -> list[dict]:
    """Lines of the table on disk, one an outcome and number of owners."""
    rows = []
    for name in arm.runs:
        level, from_reference, from_equal = over(arm.runs[name]), arm.difference(name), against_equal(arm, equal, name)
        for k, owners in enumerate(arm.owners):
            row = {"outcome": name, "unit": named(name)[1], "sizes": arm.name, "large_share": arm.large_share,
                   "owners": owners, "n": arm.runs[name].shape[1]}
            for word, values in ((("mean", "low", "high"), level),
                                 (("difference", "difference_low", "difference_high"), from_reference),
                                 (("from_equal", "from_equal_low", "from_equal_high"), from_equal)):
                row |= dict(zip(word, values[:, k].tolist()))
            rows.append(row)
    return rows


# shape -------------------------------------------------------------------------------------------------------------
class Shape(NamedTuple):
    """What is sure about a curve: the largest sure rise and fall with more owners, (from, to, mean, low, high)."""

    rise: tuple | None
    fall: tuple | None

    @property
    def monotone(self) -> bool:
        """False only where a sure rise and a sure fall contradict it."""
        return not (self.rise and self.fall)


def shape_of(owners: list[int], runs: np.ndarray) -> Shape:
    """The shape of one curve from runs (owners × replicates); ends of intervals are pointwise, sureness is Holm's."""
    from sim.statistics.paired import compare, family

    pairs = [(i, j) for i, j in combinations(range(len(owners)), 2) if np.isfinite(runs[i] + runs[j]).sum() > 1]
    judged = family({(i, j): compare(runs[i], runs[j], None) for i, j in pairs})
    sure = [(owners[i], owners[j], c.difference, c.low, c.high) for (i, j), c in judged.items() if c.differs]
    up, down = [s for s in sure if s[2] > 0], [s for s in sure if s[2] < 0]
    return Shape(max(up, key=lambda s: s[2], default=None), min(down, key=lambda s: s[2], default=None))


def shape_rows(arm: Arm) -> list[dict]:
    """Lines of the table of shapes on disk, one an outcome."""
    rows = []
    for name in OUTCOMES:
        shape = shape_of(arm.owners, arm.runs[name])
        row = {"outcome": name, "unit": named(name)[1], "sizes": arm.name, "monotone": shape.monotone}
        for word, step in (("rise", shape.rise), ("fall", shape.fall)):
            fields = (f"{word}_from", f"{word}_to", word, f"{word}_low", f"{word}_high")
            row |= dict(zip(fields, step or [""] * 5))
        rows.append(row)
    return rows


def shapes_text(arm: Arm) -> str:
    """One line an outcome: where the curve rises and falls with the number of owners, and whether it turns."""
    pairs = len(arm.owners) * (len(arm.owners) - 1) // 2
    lines = [f"Shape, {arm.name}, from few owners to many (largest sure rise and fall; Holm over {pairs} pairs):"]
    for name in OUTCOMES:
        shape, (label, unit, digits) = shape_of(arm.owners, arm.runs[name]), named(name)
        told = [f"{word} from {s[0]} to {s[1]} owners ({number(s[2], digits, True)} {unit})"
                for word, s in (("rises", shape.rise), ("falls", shape.fall)) if s]
        verdict = "" if shape.monotone else "NOT MONOTONE: "
        lines.append(f"  {label}: {verdict}{', '.join(told) or 'no sure rise or fall'}")
    return "\n".join(lines)


# tables for the terminal -------------------------------------------------------------------------------------------
def tables(arms: list[Arm]) -> list[str]:
    """Means of equal groups, differences from the reference, and each unequal arm against equal groups."""
    equal = arms[0]
    blocks = [block(f"{equal.name}: mean", equal, lambda name: over(equal.runs[name]), False),
              block(f"paired difference from {REFERENCE} owners", equal, equal.difference, True)]
    for arm in arms[1:]:
        blocks.append(block(f"{arm.name} against equal", arm, lambda name, arm=arm: against_equal(arm, equal, name),
                            True))
    return blocks


def block(title: str, arm: Arm, values, signed: bool) -> str:
    """One table: a line an outcome, a column a number of owners; mean ± half-width."""
    body = []
    for name in (*OUTCOMES, *CONTEXT):
        body.append([heading(name), *cells(values(name), named(name)[2], signed)])
    return table([title, *(f"{n} owner{'s' if n > 1 else ''}" for n in arm.owners)], body)


# the documentation's tables ----------------------------------------------------------------------------------------
def documented(reference: Path) -> dict[str, str]:
    """Tables of docs/concentration.md from the reference run."""
    from experiments.pages import difference, markdown_table, of_main, reference_rows

    rows = reference_rows("concentration.csv", reference)
    arms = list(dict.fromkeys(row["sizes"] for row in rows))
    find = {(row["sizes"], row["outcome"], int(row["owners"])): row for row in rows}
    owners = {arm: [n for size, name, n in find if (size, name) == (arm, OUTCOMES[0])] for arm in arms}
    equal, unequal = [], []
    for name in (*OUTCOMES, *CONTEXT):
        (_, _, digits), of = named(name), lambda arm, n, name=name: find[arm, name, n]
        equal.append([heading(name), *(number(float(of(arms[0], n)["mean"]), digits) for n in owners[arms[0]])])
        equal.append([f"*difference from {REFERENCE}*", *("" if n == REFERENCE else difference(of(arms[0], n), digits)
                                                         for n in owners[arms[0]])])
        unequal.append([heading(name), *(difference(of(arms[1], n), digits, "from_equal") for n in owners[arms[1]])])
    return {"equal": markdown_table(["outcome", *map(str, owners[arms[0]])], equal),
            "unequal": markdown_table(["outcome", *map(str, owners[arms[1]])], unequal), "n": rows[0]["n"],
            **of_main(reference)}
