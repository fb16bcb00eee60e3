"""Findings of the study `takeover`: totals by arm, the path by week, and the cost of transition."""

from sim.findings import Findings, Table
from sim.findings.rows import distinct, with_half_width
from sim.findings.text import NOTE
from sim.studies.event_study import heading, sample, series_table
from sim.studies.takeover.study import SERIES

NAMED = {series.name: series for series in SERIES}
WEEKS_SHOWN = ("0", "13", "26", "39", "52", "65", "77")  # columns of the table of paths
MEAN, DIFFERENCE, CONTROLLED, COST, YEAR = (
    ("mean", "low", "high"), ("difference", "difference_low", "difference_high"), ("controlled", "low", "high"),
    ("cost", "cost_low", "cost_high"), ("year", "year_low", "year_high"))


def present(tables) -> Findings:
    """Return totals and differences by arm, the path, and the transition against a year's long-run difference."""
    rows, by = tables["takeover"], {}
    for row in rows:
        by.setdefault(row["arm"], {})[row["series"]] = row
    others = dict(list(by.items())[1:])  # the first arm is rival groups
    shown = {"levels": series_table("Mean or sum from the start of takeovers on", SERIES, by, MEAN, False),
             "differences": series_table("Paired differences from rival groups", SERIES, others, DIFFERENCE, True),
             "path": path_table(tables["takeover_path"]), "transition": transition_table(tables["takeover_transition"])}
    n = rows[0]["n"]
    return Findings(shown, (f"{sample(int(n))}; {NOTE}",), {"n": n})


def path_table(rows) -> Table:
    """Table of the share of groups controlled by week, with one row for each arm."""
    by = {(row["arm"], row["week"]): row for row in rows}
    arms = distinct(rows, "arm")
    weeks = [week for week in WEEKS_SHOWN if (arms[0], week) in by]
    body = ((arm, *(with_half_width(by[arm, week], CONTROLLED, 2) for week in weeks)) for arm in arms)
    return Table("Share of groups controlled", ("arm", *(f"week {week}" for week in weeks)), tuple(body))


def transition_table(rows) -> Table:
    """Table of the cost of transition, with one row for each kind of violence and path."""
    body = []
    for row in rows:
        series = NAMED[row["series"]]
        cost, year = (with_half_width(row, fields, max(series.digits, 1), signed=True) for fields in (COST, YEAR))
        body.append((heading(series), row["arm"], cost, row["peak_week"], year, row["even_after_weeks"] or "–",
                     row["verdict"]))
    return Table("Cost of the transition against the long run",
                 ("violence", "path", "cost at its peak", "week of the peak", "long run, per year",
                  "made up from week on", "cost against a year's fall"), tuple(body), "–: not in the record.")
