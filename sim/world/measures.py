"""Dated measures of police and the state: which are in force on a night, where, and how strong they are.

The records of `police.calendar` and the older keys on crackdowns and joint work give one list.
"""

from math import inf
from typing import NamedTuple

import numpy as np

from sim.registry.measures import EVERYWHERE


class Measure(NamedTuple):
    """One measure of a kind named in `sim/registry/measures.py`."""

    kind: str
    first: float  # night on which it begins
    last: float  # last night on which it is in force; infinity if it does not end
    corridors: np.ndarray  # (C,) bool, where it applies
    strength: float = 1.0
    nationality: str | None = None  # origin, for measures on visas
    camps: tuple = ()  # names of the camps that are shut, for measures on camps


class Measures:
    """All measures of one run.  p: parameters; night_of: a function from a date YYYY-MM-DD to a night."""

    def __init__(self, p, night_of):
        self.corridors = len(p.border.corridors)
        self._all = [*recorded(p, night_of), *from_older_keys(p, night_of)]

    def active(self, night: int, kind: str) -> list[Measure]:
        """The measures of a kind in force on a night, each with its mask of `corridors` (C,) and its `strength`."""
        return [m for m in self._all if m.kind == kind and m.first <= night <= m.last]

    def sum(self, night: int, kind: str) -> np.ndarray:
        """Sum of the strengths of the measures of a kind in force in each corridor (C,)."""
        return sum((m.corridors * m.strength for m in self.active(night, kind)), np.zeros(self.corridors))

    def largest(self, night: int, kind: str) -> np.ndarray:
        """Largest strength of the measures of a kind in force in each corridor (C,), 0 without one."""
        return np.max([np.zeros(self.corridors), *(m.corridors * m.strength for m in self.active(night, kind))], axis=0)

    def shut_camps(self, night: int) -> set[str]:
        """Names of the camps that measures shut on a night."""
        return {camp for m in self.active(night, "camps") for camp in m.camps}


def recorded(p, night_of) -> list[Measure]:
    """The measures of `police.calendar`."""
    return [measure(p, row, night_of) for row in p.police.calendar]


def measure(p, row: dict, night_of) -> Measure:
    """One measure from a record that has been checked."""
    first = night_of(row["from"])
    last = night_of(row["until"]) if "until" in row else first + row["nights"] - 1 if "nights" in row else inf
    where = row.get("corridors", EVERYWHERE)
    mask = np.array([where == EVERYWHERE or name in where for name in p.border.corridors])
    camps = row.get("camps", EVERYWHERE) if row["kind"] == "camps" else ()
    if camps == EVERYWHERE:
        camps = tuple(f"C{k + 1:02d}" for k in range(sum(p.camps.by_region)))
    return Measure(row["kind"], first, last, mask, float(row.get("strength", 1.0)), row.get("nationality"),
                   tuple(camps))


def from_older_keys(p, night_of) -> list[Measure]:
    """The measures that `police.crackdown_*` and `police.joint_work_from` describe."""
    police, everywhere = p.police, np.ones(len(p.border.corridors), bool)
    joint = Measure("joint_work", night_of(police.joint_work_from), inf, everywhere)
    if not police.crackdown_nights:
        return [joint]
    first = night_of(police.crackdown_from)
    last = first + police.crackdown_nights - 1
    patrols = [Measure("patrols", first, last, np.arange(len(everywhere)) == c, share)
               for c, share in enumerate(police.crackdown_patrols) if share]
    return [joint, Measure("operation", first, last, everywhere), *patrols]
