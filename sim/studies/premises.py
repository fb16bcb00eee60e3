"""Which headline signs of the main comparison are premises of the model and its ranges.

The shares of draws with each sign come from the table of the experiment `emergence`, in which all parameters with a
plausible range are drawn at once; the numbers of worlds of other rules come from the experiment `robustness`.
"""

import math

from sim.findings import Table
from sim.findings.rows import value_of
from sim.findings.text import title
from sim.registry.outcomes import outcomes
from sim.studies.emergence.study import PREMISE
from sim.studies.summarised import Summary, rise

LIMIT = f"{100 * PREMISE:.0f} %"
EITHER = "either way"
NOT_COMPUTED = ("Whether the signs of these differences are imposed by the model and its ranges or can go either way "
                "has not been computed for this comparison, nor how much independent information they hold; for "
                "centralised against fragmented it stands in `docs/centralisation.md` and `docs/emergence.md`.")
NOTE = ("All parameters with a plausible range were drawn at once, and both scenarios played with the same seed. A "
        f"sign that holds in more than {LIMIT} of the draws is a premise of the model and its ranges, not a finding; "
        "any other can go either way, and the difference holds at the values used here. In the rest of the draws "
        "nothing differs. Computed once, over the registry’s default ranges and at a small scale, not for the settings "
        "of this run (`results/reference/emergence/emergence.csv`, `docs/emergence.md`); other scenarios are not "
        "graded.")
OTHER_RULES = ("Under other rules: worlds of alternative rules in which the sign of the defaults surely holds, of "
               "those played (`docs/robustness.md`).")


def share(row: dict, positive: bool) -> float:
    """Share of draws in which an outcome rises (or falls); NaN without draws."""
    return value_of(row, "rises" if positive else "falls")


def grade(row: dict, positive: bool) -> str:
    """The grade of a sign: a premise, contrary to a premise, or one that can go either way."""
    if share(row, positive) > PREMISE:
        return "**premise**"
    return "contrary to a premise" if share(row, not positive) > PREMISE else EITHER


def signs(summary: Summary, tables) -> list[tuple[dict, dict, bool]]:
    """Rows of emergence.csv, of the summary of `centralised`, and whether the outcome rises, by headline outcome.

    Outcomes that do not differ in the run have no sign and are left out.
    """
    pairs = [(row, summary.find.get((row["outcome"], "centralised"))) for row in tables.get("emergence", ())]
    return [(row, here, value_of(here, "difference") > 0) for row, here in pairs
            if here and value_of(here, "difference") and math.isfinite(value_of(here, "difference"))]


def premises(summary: Summary, tables) -> Table | None:
    """Table of the headline signs of the main comparison and the share of draws in which each holds."""
    found = signs(summary, tables) if summary.is_main() else []
    if not found:
        return None
    kept = worlds(tables)
    rows = tuple((title(row["outcome"]), rise(here), row["draws"], percents(row, positive), percents(row, not positive),
                  grade(row, positive), *([kept.get(row["outcome"], "–")] if kept else []))
                 for row, here, positive in found)
    head = ("outcome", "in this run", "draws", "same sign in", "other sign in", "grade",
            *(["kept under other rules"] if kept else []))
    return Table("Grade of each headline: centralised against fragmented.", head, rows,
                 NOTE + (f" {OTHER_RULES}" if kept else ""))


def worlds(tables) -> dict[str, str]:
    """Number of worlds of alternative rules in which the sign of the defaults is kept, by outcome."""
    return {row["outcome"]: "{keeps} of {worlds}".format(**row) for row in tables.get("robustness", ())
            if row["comparison"] == "centralised minus fragmented"}


def percents(row: dict, positive: bool) -> str:
    """The share of draws with a sign as text."""
    return f"{100 * share(row, positive):.1f} %"


def sentence(summary: Summary, tables) -> str:
    """Which signs of the run are premises, with the shares of draws; empty if nothing is compared."""
    if not summary.compared:
        return ""
    found = signs(summary, tables) if summary.is_main() else []
    if not found:
        return NOT_COMPUTED
    named = {kind: [f"{within(row['outcome'])} ({percents(row, positive)})" for row, _, positive in found
                    if (share(row, positive) > PREMISE) == kind] for kind in (True, False)}
    if named[True]:
        first = (f"In more than {LIMIT} of the draws of all parameters from their ranges, centralised differs from "
                 f"fragmented with the sign of this run in {', '.join(named[True])}: a premise of the model and its "
                 "ranges, not a finding.")
    else:
        first = (f"No headline sign of centralised against fragmented holds in more than {LIMIT} of the draws of all "
                 "parameters from their ranges; none is a premise.")
    others = (f" The other signs of this run can go either way (share of draws with the same sign): "
              f"{', '.join(named[False])}." if named[False] else "")
    return first + others


def within(name: str) -> str:
    """The label of an outcome within a sentence."""
    label = outcomes()[name].label
    return label[0].lower() + label[1:]
