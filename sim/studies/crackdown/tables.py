"""What the study of an imposed operation says: tables for the terminal and for docs/crackdown.md."""

from pathlib import Path

import numpy as np

from sim.findings.text import cells, number, table
from sim.statistics.events import AT, OUTCOMES
from sim.statistics.intervals import over
from sim.studies.crackdown.study import MOVES, REFERENCE, WINDOWS, Study, months, moved

SERIES = {series.name: series for series in OUTCOMES}


# for the terminal --------------------------------------------------------------------------------------------------
def block(study: Study, scenario: str, name: str) -> str:
    """One world and window: a line a series, a column a length; mean ± half-width."""
    body = []
    for series in OUTCOMES:
        values = np.array([over(study.effect(series, scenario, length, name)) for length in study.lengths]).T
        body.append([f"{series.label} [{series.unit_of_window}]", *cells(values, series.digits, True)])
    return table([f"{scenario}, {WINDOWS[name]}: difference", *map(months, study.lengths)], body)


def moved_text(study: Study) -> str:
    """Where attempts and crossings lost at the first corridor went, during the operation."""
    lines = [f"Of what {AT[0]} lost during the operation (share that appears elsewhere):"]
    for scenario, length in ((s, x) for s in study.scenarios for x in study.lengths):
        for what in MOVES:
            lost, found = moved(study, what, scenario, length, "during")
            said = ", ".join(f"{place} {number(share, 2)}" for place, (share, *_) in zip((*AT[1:], "nowhere"), found))
            lines.append(f"  {scenario}, {months(length)}, {what}: {number(lost.mean(), 0)} lost; {said}")
    return "\n".join(lines)


# docs/crackdown.md -------------------------------------------------------------------------------------------------
def documented(reference: Path) -> dict[str, str]:
    """Places of the page: number of replicates and tables."""
    from experiments.pages import reference_rows

    rows, moves = (reference_rows(f"crackdown{end}.csv", reference) for end in ("", "_displacement"))
    worlds, lengths = (list(dict.fromkeys(row[key] for row in rows)) for key in ("scenario", "operation_nights"))
    middle = lengths[len(lengths) // 2]
    return {"n": rows[0]["n"], "middle": months(int(middle)), "effects": effects_table(rows, worlds, middle),
            "lengths": lengths_table(rows, worlds, lengths), "recovery": recovery_table(rows, worlds, lengths),
            "did": did_table(rows, worlds, lengths), "moved": moved_table(moves, worlds, lengths)}


def heading(name: str) -> str:
    """A series with the unit of a window."""
    return f"{SERIES[name].label} [{SERIES[name].unit_of_window}]"


def with_half(row, name: str, fields=("difference", "low", "high")) -> str:
    """Mean ± half-width of a line of the table; nothing where there is none."""
    if not row[fields[0]]:
        return ""
    values = np.array([[float(row[field] or "nan")] for field in fields])
    return cells(values, SERIES[name].digits, True)[0]


def find(rows) -> dict:
    """Lines by series, world, length and window."""
    return {(row["series"], row["scenario"], row["operation_nights"], row["window"]): row for row in rows}


def effects_table(rows, worlds, length) -> str:
    """One length: a line a series, columns worlds by windows."""
    from experiments.pages import markdown_table

    by = find(rows)
    head = ["", *(f"{world}: {WINDOWS[name]}" for world in worlds for name in WINDOWS)]
    return markdown_table(head, [[heading(series), *(with_half(by[series, world, length, name], series)
                                                     for world in worlds for name in WINDOWS)] for series in SERIES])


def lengths_table(rows, worlds, lengths) -> str:
    """The whole record: a line a series, columns worlds by lengths."""
    from experiments.pages import markdown_table

    by = find(rows)
    head = ["", *(f"{world}: {months(int(x))}" for world in worlds for x in lengths)]
    return markdown_table(head, [[heading(series), *(with_half(by[series, world, x, "whole"], series)
                                                     for world in worlds for x in lengths)] for series in SERIES])


def recovery_table(rows, worlds, lengths) -> str:
    """Weeks from the end until bands hold 0 again."""
    from experiments.pages import markdown_table

    by = find(rows)
    head = ["", *(f"{world}: {months(int(x))}" for world in worlds for x in lengths)]
    return markdown_table(head, [[SERIES[series].label, *(by[series, world, x, "whole"]["recovered_after_weeks"] or "–"
                                                          for world in worlds for x in lengths)] for series in SERIES])


def did_table(rows, worlds, lengths) -> str:
    """Differences in differences over the whole record: a line a series, columns worlds by lengths."""
    from experiments.pages import markdown_table

    by, others = find(rows), [world for world in worlds if world != REFERENCE]
    head = ["", *(f"{world} less {REFERENCE}: {months(int(x))}" for world in others for x in lengths)]
    fields = ("did", "did_low", "did_high")
    return markdown_table(head, [[heading(series), *(with_half(by[series, world, x, "whole"], series, fields)
                                                     for world in others for x in lengths)] for series in SERIES])


def moved_table(moves, worlds, lengths) -> str:
    """During the operation: what the first corridor lost, and the shares that appear elsewhere."""
    from experiments.pages import markdown_table

    body = []
    for world in worlds:
        for length in lengths:
            here = {(row["measure"], row["place"]): row for row in moves if row["window"] == "during"
                    and row["scenario"] == world and row["operation_nights"] == length}
            lost = {what: cells(np.array([[float(here[what, "nowhere"][field] or "nan")]
                                          for field in ("lost", "lost_low", "lost_high")]), 0, True)[0]
                    for what in MOVES}
            body.append([world, months(int(length)), lost["attempts"], lost["crossings"],
                         *(share_text(here["crossings", place]) for place in (*AT[1:], "nowhere"))])
    return markdown_table(["world", "operation", f"attempts lost at {AT[0]}", f"crossings lost at {AT[0]}",
                           *(f"of these crossings at {place}" for place in AT[1:]), "nowhere"], body)


def share_text(row) -> str:
    """A share with Fieller's interval."""
    if not row["share"]:
        return "–"
    low, high = float(row["low"] or "nan"), float(row["high"] or "nan")
    ends = f" ({number(low, 2)} to {number(high, 2)})" if np.isfinite(low + high) else " (no bounds)"
    return number(float(row["share"]), 2) + ends
