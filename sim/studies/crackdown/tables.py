"""Findings of the study `crackdown`: effects by world, length and window, displacement, and recovery."""

from sim.findings import Findings, Table
from sim.findings.rows import distinct, with_ends, with_half_width
from sim.findings.text import NOTE
from sim.studies.crackdown.study import MOVES, REFERENCE, WINDOWS, months
from sim.studies.event_study import CORRIDORS, OUTCOMES, sample, series_table

EFFECT, DID, LOST, SHARE = (("difference", "low", "high"), ("did", "did_low", "did_high"),
                            ("lost", "lost_low", "lost_high"), ("share", "low", "high"))


def present(tables) -> Findings:
    """Return tables of effects, displacement, recovery, and differences in differences."""
    rows = tables["crackdown"]
    worlds, lengths = distinct(rows, "scenario"), distinct(rows, "operation_nights")
    middle, by = lengths[len(lengths) // 2], {}
    for row in rows:
        by.setdefault((row["scenario"], row["operation_nights"], row["window"]), {})[row["series"]] = row
    arms = {f"{world}: {months(int(x))}": by[world, x, "whole"] for world in worlds for x in lengths}
    shown = {"effects": effects_table(by, worlds, middle),
             "lengths": series_table("Differences over all weeks from the start on", OUTCOMES, arms, EFFECT, True),
             "moved": moved_table(tables["crackdown_displacement"], worlds, lengths),
             "recovery": recovery_table(arms)}
    if REFERENCE in worlds and len(worlds) > 1:
        shown["did"] = did_table(by, worlds, lengths)
    n = rows[0]["n"]
    return Findings(shown, (f"{sample(int(n))}; {NOTE}",), {"n": n, "middle": months(int(middle))})


def effects_table(by, worlds, length) -> Table:
    """Table of effects of an operation of one length, with columns of worlds by windows."""
    columns = {f"{world}: {WINDOWS[name]}": by[world, length, name] for world in worlds for name in WINDOWS}
    return series_table(f"An operation of {months(int(length))}: differences from the same world without it", OUTCOMES,
                        columns, EFFECT, True)


def did_table(by, worlds, lengths) -> Table:
    """Table of differences in differences over the whole record, with columns of worlds by lengths."""
    columns = {f"{world} less {REFERENCE}: {months(int(x))}": by[world, x, "whole"]
               for world in worlds if world != REFERENCE for x in lengths}
    return series_table(f"Differences over all weeks, less those of the same operation in {REFERENCE}", OUTCOMES,
                        columns, DID, True)


def recovery_table(arms) -> Table:
    """Table of weeks from the end until bands contain 0 again."""
    body = ((series.label, *(rows[series.name]["recovered_after_weeks"] or "–" for rows in arms.values()))
            for series in OUTCOMES)
    return Table("Weeks from the end until the band contains 0 for four weeks in a row", ("", *arms), tuple(body),
                 "–: not in the record.")


def moved_table(rows, worlds, lengths) -> Table:
    """Table of losses at the first corridor during the operation, and the shares that appear elsewhere."""
    by = {(row["scenario"], row["operation_nights"], row["measure"], row["place"]): row for row in rows
          if row["window"] == "during"}
    first, *others = CORRIDORS
    body = []
    for world, length in ((world, length) for world in worlds for length in lengths):
        lost = (with_half_width(by[world, length, what, "nowhere"], LOST, 0, signed=True) for what in MOVES)
        elsewhere = (with_ends(by[world, length, "crossings", place], SHARE, 2) for place in (*others, "nowhere"))
        body.append((world, months(int(length)), *lost, *elsewhere))
    return Table(f"Losses at {first} during the operation, and shares of the lost crossings that appear elsewhere",
                 ("world", "operation", *(f"{what} lost at {first}" for what in MOVES),
                  *(f"of these crossings at {place}" for place in others), "nowhere"), tuple(body))
