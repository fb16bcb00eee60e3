"""What became of the headlines of an earlier version: the same table of that version beside the present one.

The rows of the earlier version are kept in `results/reference/earlier/`; nothing makes them again.
"""

from sim.findings import Table
from sim.findings.rows import value_of
from sim.findings.text import title
from sim.studies.premises import share
from sim.studies.summarised import Summary, percent

HEAD = ("outcome", "then", "now", "draws that rise, then", "draws that rise, now", "the headline")
STANDS, FELL, TURNED, NEW, NONE = "stands", "fell", "turned", "is new", "none"


def table(summary: Summary, tables) -> Table | None:
    """Table of each headline of `centralised` against `fragmented`, in the earlier version and now."""
    before = {row["outcome"]: row for row in tables.get("earlier_summary", ()) if row["scenario"] == "centralised"}
    if not before or not summary.is_main():
        return None
    drawn, earlier = ({row["outcome"]: row for row in tables.get(name, ())} for name in ("emergence",
                                                                                         "earlier_emergence"))
    rows = tuple((title(name), percent(row), percent(now), rising(earlier.get(name)), rising(drawn.get(name)),
                  fate(row, now))
                 for name, row in before.items() if (now := summary.find.get((name, "centralised"))))
    return Table("Headlines of version 0.1.0 and of this version.", HEAD, rows,
                 "Change of centralised from fragmented at the defaults, in % of fragmented, and share of the draws of "
                 "all parameters in which the outcome rises. A headline stands if both intervals exclude zero on the "
                 "same side, turned if on opposite sides, fell if only the earlier one excludes zero, is new if only "
                 "the present one does.")


def rising(row: dict | None) -> str:
    """Share of draws in which an outcome rises; a dash without draws."""
    return f"{100 * share(row, True):.0f} %" if row else "–"


def side(row: dict) -> int:
    """1 or −1 if the interval of a difference lies above or below zero, else 0."""
    return (value_of(row, "difference_low") > 0) - (value_of(row, "difference_high") < 0)


def fate(earlier: dict, now: dict) -> str:
    """What became of the sign of a difference."""
    before, after = side(earlier), side(now)
    if before == after:
        return STANDS if before else NONE
    if not after:
        return FELL
    return TURNED if before else NEW
