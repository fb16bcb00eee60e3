"""Findings of the study `frontier`: outcomes over patrols by control."""

from sim.findings import Findings, Number, Table
from sim.findings.rows import distinct, value_of, with_ends, with_half_width
from sim.findings.text import NOTE, heading, named
from sim.studies.frontier.study import THEMES, banded, named_by

MEAN, DIFFERENCE = ("mean", "low", "high"), ("difference", "difference_low", "difference_high")


def present(tables) -> Findings:
    """Return for every scenario the effects of control at the same patrols, and means at the controls drawn as
    bands."""
    rows = tables["frontier"]
    scenarios, shown = distinct(rows, "scenario"), {}
    for scenario in scenarios:
        here = [row for row in rows if row["scenario"] == scenario]
        shown[named_by("frontier", scenario, scenarios)] = changes(scenario, here)
        shown[named_by("frontier_means", scenario, scenarios)] = means(scenario, here)
    n = rows[0]["n"]
    return Findings(shown, (f"{n} replicates a point, the same seeds at all points; {NOTE}",), {"n": n})


def changes(scenario: str, rows) -> Table:
    """Table of means at control 0 and, below each, paired differences at the other controls drawn as bands."""
    body = []
    for theme, name, by in outcomes_of(rows):
        digits, (_, *controls) = named(name)[2], banded(list(by))
        body.append((f"{theme}: {heading(name)}", "0",
                     *(Number(value_of(row, "mean"), digits) for row in by[0.0])))
        for control in controls:
            body.append(("", f"*{control:g} minus 0*",
                         *(with_ends(row, DIFFERENCE, digits, signed=True) for row in by[control])))
    return Table(f"{scenario}: means at control 0, and paired differences from control 0 at the same patrols",
                 ("outcome", "control", *columns(rows)), tuple(body))


def means(scenario: str, rows) -> Table:
    """Table of means with half-widths at the controls drawn as bands."""
    body = []
    for theme, name, by in outcomes_of(rows):
        for control in banded(list(by)):
            label = "" if control else f"{theme}: {heading(name)}"
            body.append((label, f"{control:g}", *(with_half_width(row, MEAN, named(name)[2]) for row in by[control])))
    return Table(f"{scenario}: means", ("outcome", "control", *columns(rows)), tuple(body))


def outcomes_of(rows):
    """Yield theme, outcome, and the outcome's rows over patrols by control."""
    for theme, names in THEMES.items():
        for name in names:
            by = {}
            for row in rows:
                if row["outcome"] == name:
                    by.setdefault(float(row["control"]), []).append(row)
            yield theme, name, by


def columns(rows) -> list[str]:
    """Heads of the columns, one for each number of patrols."""
    return [f"{patrols} patrols" for patrols in distinct(rows, "patrols")]
