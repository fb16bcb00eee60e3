"""What the study of takeovers says: tables for the terminal and for docs/takeover.md."""

from pathlib import Path

import numpy as np

from sim.findings.text import cells, number, table
from sim.statistics.intervals import over
from sim.studies.takeover.study import SERIES, VIOLENCE, Study, transitions

NAMED = {series.name: series for series in SERIES}
AT = (0, 13, 26, 39, 52, 65, 77)  # weeks at which the page tells the path


def block(study: Study, head: str, values, arms, signed: bool) -> str:
    """A line a series, a column an arm; mean ± half-width."""
    body = []
    for series in SERIES:
        told = np.array([over(values(series, arm)) for arm in arms]).T
        body.append([f"{series.label} [{series.unit_of_window}]", *cells(told, series.digits, signed)])
    return table([head, *(arm.name for arm in arms)], body, widest=18)


def transition_text(study: Study) -> str:
    """Cost of the transition against a year's long-run difference."""
    body = []
    for (name, arm), t in transitions(study).items():
        digits = max(VIOLENCE[name].digits, 1)
        cost, year = (cells(over(values)[:, None], digits, True)[0] for values in (t.cost, t.year))
        even = "not in the record" if t.even is None else number(t.even, 0)
        body.append([VIOLENCE[name].label, arm.name, cost, number(t.week, 0), year, even, t.verdict])
    return table(["violence", "path", "cost at its peak", "in week", "long run, a year", "even after weeks",
                  "against a year's fall"], body, widest=18)


# docs/takeover.md --------------------------------------------------------------------------------------------------
def documented(reference: Path) -> dict[str, str]:
    """Places of the page: number of replicates and tables."""
    from experiments.pages import reference_rows

    rows, path, costs = (reference_rows(f"takeover{end}.csv", reference) for end in ("", "_path", "_transition"))
    return {"n": rows[0]["n"], "levels": series_table(rows, ("mean", "low", "high"), False),
            "differences": series_table(rows, ("difference", "difference_low", "difference_high"), True),
            "path": path_table(path), "transition": transition_table(costs)}


def series_table(rows, fields, signed: bool) -> str:
    """A line a series, a column an arm; mean ± half-width."""
    from experiments.pages import markdown_table

    by = {(row["arm"], row["series"]): row for row in rows}
    arms = list(dict.fromkeys(row["arm"] for row in rows))[1 if signed else 0:]
    return markdown_table(["", *arms], [[f"{series.label} [{series.unit_of_window}]",
                                         *(told(by[arm, name], fields, series.digits, signed) for arm in arms)]
                                        for name, series in NAMED.items()])


def told(row, fields, digits: int, signed: bool) -> str:
    """Mean ± half-width of a line of a reference table."""
    return cells(np.array([[float(row[field] or "nan")] for field in fields]), digits, signed)[0]


def path_table(path) -> str:
    """Share of groups controlled by week: a line an arm."""
    from experiments.pages import markdown_table

    by = {(row["arm"], int(row["week"])): row for row in path}
    arms = list(dict.fromkeys(row["arm"] for row in path))
    weeks = [week for week in AT if (arms[0], week) in by]
    fields = ("controlled", "low", "high")
    return markdown_table(["arm", *(f"week {week}" for week in weeks)],
                          [[arm, *(told(by[arm, week], fields, 2, False) for week in weeks)] for arm in arms])


def transition_table(costs) -> str:
    """A line a kind of violence and path."""
    from experiments.pages import markdown_table

    body = []
    for row in costs:
        series = NAMED[row["series"]]
        digits = max(series.digits, 1)
        body.append([f"{series.label} [{series.unit_of_window}]", row["arm"],
                     told(row, ("cost", "cost_low", "cost_high"), digits, True), row["peak_week"],
                     told(row, ("year", "year_low", "year_high"), digits, True), row["even_after_weeks"] or "–",
                     row["verdict"]])
    return markdown_table(["violence", "path", "cost at its peak", "in week", "long run, a year", "even from week",
                           "cost against a year's fall"], body)
