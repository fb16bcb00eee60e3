"""Outcomes over the number of owners: curves over 1…12 groups of equal size, and with two large groups among as many.

Total members, arms and treasury of all groups at the start do not depend on the number of groups
(`sim/world/opening.py`), so points differ only in the number of owners.  A curve is called not monotone only if it
rises significantly between two numbers of owners and falls significantly between two others: paired t-tests of all
pairs, Holm's p < 0.05 within an outcome.
"""

from itertools import combinations
from pathlib import Path
from typing import NamedTuple

import numpy as np

from sim.findings.text import named
from sim.runs.grid import Grid
from sim.statistics.intervals import over
from sim.statistics.paired import compare, family

KEYS = ("gangs.large_count", "gangs.large_share", "gangs.count")
OUTCOMES = ("price_mean", "clashes", "fighters", "abductions_per_10k", "bribes_per_gross", "crossed_within_30",
            "joint_surplus")
CONTEXT = ("hhi_owners",)  # concentration of engagements by the owner who sets the price
REFERENCE = 10  # owners from which differences are taken: the default


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


class Runs(NamedTuple):
    """The runs of a sweep by arm."""

    arms: list[Arm]  # the arm of equal groups first
    sample: str  # the number of runs behind a point, in words


def read(folder: Path) -> Runs:
    """Read the runs over numbers and sizes of groups; ConfigurationError if any is missing."""
    grid = Grid(folder, KEYS)
    return Runs(arms_of(grid), grid.sample())


def arms_of(grid: Grid) -> list[Arm]:
    """The equal arm first, then each unequal arm over the numbers of groups for which it is unequal."""
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
    """Return one arm of the grid; `large` groups hold `share` of members, over the numbers `owners`."""
    here = (grid.place("gangs.large_count", large), grid.place("gangs.large_share", share),
            [grid.place("gangs.count", n) for n in owners])
    return Arm(name, large, share, owners, {outcome: grid[outcome][here] for outcome in (*OUTCOMES, *CONTEXT)})


def against_equal(arm: Arm, equal: Arm, name: str) -> np.ndarray:
    """Paired difference of an arm from equal groups of the same number: mean, low, high × owners [outcome's unit]."""
    return over(arm.runs[name] - equal.runs[name][[equal.owners.index(n) for n in arm.owners]])


def rows(runs: Runs) -> dict[str, list[dict]]:
    """Rows of `concentration.csv`, and of `concentration_shape.csv` for the significant rises and falls of curves."""
    return {"concentration": [row for arm in runs.arms for row in level_rows(arm, runs.arms[0])],
            "concentration_shape": [row for arm in runs.arms for row in shape_rows(arm)]}


def level_rows(arm: Arm, equal: Arm) -> list[dict]:
    """Rows of `concentration.csv` of one arm, one for each outcome and number of owners."""
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
    """The largest significant rise and fall of a curve with more owners, each (from, to, mean, low, high) or None."""

    rise: tuple | None
    fall: tuple | None

    @property
    def monotone(self) -> bool:
        """False only if the curve has both a significant rise and a significant fall."""
        return not (self.rise and self.fall)


def shape_of(owners: list[int], runs: np.ndarray) -> Shape:
    """Return the shape of a curve from runs (owners × replicates).

    Significance is by Holm's adjusted p-values; the ends of intervals are not adjusted.
    """
    pairs = [(i, j) for i, j in combinations(range(len(owners)), 2) if np.isfinite(runs[i] + runs[j]).sum() > 1]
    judged = family({(i, j): compare(runs[i], runs[j], None) for i, j in pairs})
    significant = [(owners[i], owners[j], comparison.difference, comparison.low, comparison.high)
                   for (i, j), comparison in judged.items() if comparison.differs]
    up, down = [step for step in significant if step[2] > 0], [step for step in significant if step[2] < 0]
    return Shape(max(up, key=lambda step: step[2], default=None), min(down, key=lambda step: step[2], default=None))


def shape_rows(arm: Arm) -> list[dict]:
    """Rows of `concentration_shape.csv` of one arm, one for each outcome."""
    rows = []
    for name in OUTCOMES:
        shape = shape_of(arm.owners, arm.runs[name])
        row = {"outcome": name, "unit": named(name)[1], "sizes": arm.name, "monotone": shape.monotone}
        for word, step in (("rise", shape.rise), ("fall", shape.fall)):
            fields = (f"{word}_from", f"{word}_to", word, f"{word}_low", f"{word}_high")
            row |= dict(zip(fields, step or [""] * 5))
        rows.append(row)
    return rows
