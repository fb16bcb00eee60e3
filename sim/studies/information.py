"""How many independent pieces of information the primary outcomes hold, and what each lever carries of each.

Both come from the table of the experiment `ablation`: changes of the primary outcomes when each lever of the
organisation is switched off in `centralised`, where all are on.
"""

from typing import NamedTuple

import numpy as np

from sim.findings import Cell, Number, Table
from sim.findings.rows import value_of
from sim.findings.text import short
from sim.registry.outcomes import primary
from sim.statistics.dimension import independent
from sim.studies.ablation.study import LEVER, SHARES, VERDICTS
from sim.studies.summarised import Summary

NOT_COMPUTED = ("How many independent pieces of information the primary outcomes hold, and what each lever carries of "
                "each difference, has not been computed.")
NOTE = ("Change when one lever is switched off in `centralised`, in % of the change when all are: the share of the "
        "difference between centralised and fragmented that is lost with the lever (Fieller’s 95 % interval over "
        "paired runs; a dash where that difference may be 0). A change in *emphasis* exceeds chance: Holm’s p over all "
        "arms is below 0.05, and the change exceeds the noise floor. Levers interact, and shares need not add up to "
        "100 %. Computed once, at the defaults (`docs/ablation.md`), not for the settings of this run.")


class Effects(NamedTuple):
    """Changes of the primary outcomes without each lever."""

    levers: list[str]
    outcomes: list[str]
    changes: np.ndarray  # (levers, outcomes) in units of the noise floor of the outcome
    moved: np.ndarray  # (levers, outcomes) whether the change exceeds chance
    rows: dict  # (lever, outcome): row of ablation.csv


def effects(rows: list[dict]) -> Effects:
    """Read the changes without each lever in `centralised` from the rows of ablation.csv."""
    found = {(match[1], row["outcome"]): row for row in rows if row["scenario"] == "centralised"
             and (match := LEVER.fullmatch(row["arm"]))}
    levers = list(dict.fromkeys(lever for lever, _ in found))
    names = [name for name in primary() if all((lever, name) in found for lever in levers)]
    chosen = [[found[lever, name] for name in names] for lever in levers]
    changes = np.array([[in_floors(row) for row in line] for line in chosen]).reshape(len(levers), len(names))
    moved = np.array([[row["verdict"] == VERDICTS[0] for row in line] for line in chosen], bool)
    return Effects(levers, names, changes, moved.reshape(changes.shape), found)


def in_floors(row: dict) -> float:
    """The change of an outcome in units of its noise floor; 0 where it has no number."""
    change = value_of(row, "difference") / (value_of(row, "floor") or 1.0)
    return change if np.isfinite(change) else 0.0


def pieces(found: Effects) -> tuple[float, float]:
    """Number of independent pieces of information: with changes within noise counted as 0, and with all changes."""
    return independent(np.where(found.moved, found.changes, 0.0)), independent(found.changes)


def carried(summary: Summary, tables) -> Table | None:
    """Table of the share of each headline difference that each lever carries."""
    found = effects(tables.get("ablation", []))
    if not summary.is_main() or not found.levers or not any(row.get("share") for row in found.rows.values()):
        return None
    rows = tuple((lever, *(cell(found.rows[lever, name]) for name in found.outcomes)) for lever in found.levers)
    return Table("Share of each difference that each lever carries [%].",
                 ("lever", *(short(name) for name in found.outcomes)), rows, NOTE)


def cell(row: dict) -> Cell:
    """The share of a lever with its interval, in emphasis where the change exceeds chance; a dash without bounds."""
    if row["verdict"] == VERDICTS[2]:
        return VERDICTS[2]
    values = [100 * value_of(row, name) for name in SHARES]
    if not np.isfinite(values).all():
        return "–"
    share, low, high = (round(value) + 0.0 for value in values)  # adding 0 turns −0 into 0
    shown = Number(share, 0, low=low, high=high)
    return f"*{shown}*".replace("-", "−") if row["verdict"] == VERDICTS[0] else shown


def sentence(summary: Summary, tables) -> str:
    """How many independent pieces of information the outcomes hold; empty where it is asked of another comparison."""
    if not summary.is_main():
        return ""
    found = effects(tables.get("ablation", []))
    if not found.levers:
        return NOT_COMPUTED
    number, noisy = pieces(found)
    if not np.isfinite(number):
        return ("No lever moves a primary outcome beyond chance when it is switched off in centralised, so the number "
                "of independent pieces of information in the outcomes is not defined.")
    moved = int(found.moved.any(axis=0).sum())
    return (f"The primary outcomes hold {number:.1f} independent pieces of information about the levers: "
            f"{moved} of the {len(found.outcomes)} move beyond chance when one of {len(found.levers)} levers is "
            f"switched off in centralised, and {number:.1f} is the participation ratio of their changes (Del Giudice "
            f"2021, Multivariate Behavioral Research 56:527; {noisy:.1f} if changes within noise are counted "
            f"too).{leading(found)}")


def leading(found: Effects) -> str:
    """A sentence on the lever that carries the largest share, beyond chance, in most outcomes; empty without shares."""
    shares = np.array([[bounded(found.rows[lever, name]) for name in found.outcomes] for lever in found.levers])
    shares[~found.moved] = np.nan
    known = [k for k in range(len(found.outcomes)) if np.isfinite(shares[:, k]).any()]
    if not known:
        return ""
    largest = [int(np.nanargmax(shares[:, k])) for k in known]
    lever = max(set(largest), key=largest.count)
    own = [round(100 * shares[lever, k]) for k, which in zip(known, largest) if which == lever]
    reach = f"{min(own)} %" if min(own) == max(own) else f"{min(own)} % to {max(own)} %"
    return (f" The lever {found.levers[lever]} carries the largest share of the difference between centralised and "
            f"fragmented in {len(own)} of {len(known)} outcomes ({reach}).")


def bounded(row: dict) -> float:
    """The share of a lever; NaN where its interval has no bounds."""
    values = [float(row.get(name, "") or "nan") for name in SHARES]
    return values[0] if np.isfinite(values).all() else float("nan")
