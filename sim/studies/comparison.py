"""The comparison of scenarios as findings: means, paired differences, verdicts and their precision.

Like any study (`sim.studies.Study.present`), it is presented from the rows of summary.csv.
"""

import numpy as np

from sim.findings import Findings, Number, Table
from sim.findings.rows import value_of, with_ends
from sim.findings.text import number, short, title
from sim.registry.outcomes import outcomes, primary
from sim.statistics.summary import ALPHA, POWER, replicates_text
from sim.studies import breakups, earlier, information, premises
from sim.studies.summarised import Summary, difference, half_width, percent

VERDICTS = ("Equivalent: two one-sided tests at 0.05 (Schuirmann 1987) reject a difference as large as the smallest "
            "effect of interest, even if the difference is significantly not 0. Different: not equivalent, the p-value "
            "adjusted over the primary outcomes of the scenario (Holm 1979) is below 0.05 and the interval excludes 0. "
            "Undecided: neither. Intervals of outcomes without a verdict are not adjusted for their number.")
CHANCE = "95 % intervals over replicates show chance in the simulation alone, under stated assumptions."
HELPS = 1.5  # below this factor of saved runs, common random numbers gain little
BRIEF = ("means", "differences", "breakups", "whole", "premises", "levers")  # tables that a terminal shows
WORTH = ("premises", "breakups", "information")  # quoted sentences on what the results are worth


def present(tables: dict[str, list[dict]]) -> Findings:
    """Return the findings of a comparison from the rows of its summary as read from the file.

    Rows of `emergence`, `robustness` and `ablation`, where they are among the tables, say what the signs of the main
    comparison are worth and which lever makes them.
    """
    summary = Summary(tables["summary"])
    shown = {"answer": answer(summary)} if summary.compared else {}
    shown |= {"means": means(summary)}
    if summary.compared:
        shown |= {"differences": differences(summary), "relative": relative(summary)}
        shown |= {"precision": table} if (table := precision(summary)).rows else {}
    shown |= breakups.tables(summary)
    graded = {"premises": premises.premises(summary, tables), "levers": information.carried(summary, tables),
              "earlier": earlier.table(summary, tables)}
    shown |= {name: table for name, table in graded.items() if table}
    worth = dict(zip(WORTH, (premises.sentence(summary, tables), breakups.sentence(summary),
                             information.sentence(summary, tables))))
    remarks = tuple(filter(None, (*worth.values(), saving_line(summary.rows), precision_line(summary.rows))))
    return Findings(shown, remarks, quoted(summary) | worth)


# tables ----------------------------------------------------------------------------------------------------------
def answer(summary: Summary) -> Table:
    """Table of the answer: the price and the primary outcomes, as level of the reference and changes from it."""
    rows = tuple((title(name), mean(summary.find[name, summary.reference], outcomes()[name].digits)._replace(
        row=f"{name}:{summary.reference}"), *(change(summary.find[name, s])._replace(row=f"{name}:{s}")
                                              for s in summary.compared))
        for name in ("price_mean", *primary()) if name in summary.chosen)
    return Table(f"The answer: {summary.reference}, and the change from it in % [95 % interval over pairs of runs].",
                 ("outcome", summary.reference, *summary.compared), rows, CHANCE)


def change(row: dict) -> Number:
    """A relative difference with its interval [%], and the verdict."""
    shown = percent(row)
    return shown._replace(digits=1 if abs(shown.value) < 1 else 0, verdict=row["verdict"])


def means(summary: Summary) -> Table:
    """Table of means with half-widths by scenario."""
    several = summary.n > 1
    heading = f"Means over {summary.n} replicate{'s' if several else ''} a scenario."
    return summary.table(heading, CHANCE if several else "A single run has no interval.", summary.scenarios, mean)


def mean(row: dict, digits: int) -> Number:
    """Mean ± half-width."""
    return Number(value_of(row, "mean"), digits, value_of(row, "ci_high") - value_of(row, "mean"))


def differences(summary: Summary) -> Table:
    """Table of paired differences from the reference with half-widths and verdicts."""
    note = VERDICTS if any(row["verdict"] for row in summary.rows) else ""
    return summary.table(f"Paired differences from {summary.reference}.", note, summary.compared, difference)


def relative(summary: Summary) -> Table:
    """Table of differences as shares of the reference's mean."""
    return summary.table(f"Relative differences [% of the mean of {summary.reference}].",
                         "Intervals by Fieller’s theorem (1954); an interval is unbounded if the reference’s mean may "
                         "be 0.",
                         summary.compared, lambda row, digits: percent(row))


def precision(summary: Summary) -> Table:
    """Table of the probability that a scenario is higher, the precision of differences and the runs saved by
    pairing."""
    rows = []
    for name in filter(primary().__contains__, summary.chosen):
        lines = [summary.find[name, s] for s in summary.compared if summary.find[name, s]["superiority"] != ""]
        rows += [(title(name) if k == 0 else "", *precision_row(row, outcomes()[name].digits))
                 for k, row in enumerate(lines)]
    head = ("outcome", "scenario", "P(higher)", "half-width", "replicates needed", "correlation", "saving")
    note = ("P(higher): share of pairs in which the scenario is higher than the reference, ties half (Wilson’s "
            "interval). Half-width of the difference’s 95 % interval against the smallest effect of interest, fixed "
            f"before any run. Replicates needed for a paired test at level {ALPHA} to detect that effect with power "
            f"{POWER}, planned with the upper 80 % limit of the spread. Correlation of pairs. Saving: independent runs "
            f"worth one paired run (95 % interval); values below {HELPS} mean that pairing hardly helps.")
    return Table("Pairs and precision of the primary outcomes.", head, tuple(rows), note)


def precision_row(row: dict, digits: int) -> tuple:
    """The row of one scenario and one outcome."""
    half, smallest = half_width(row), value_of(row, "smallest_effect")
    beside = max(half, smallest)
    judged = "" if half < smallest else ", too wide"
    needs = replicates_text(float(row["replicates_needed"])) if row["replicates_needed"] != "" else "–"
    higher, saved = (with_ends(row, (name, f"{name}_low", f"{name}_high"), places)
                     for name, places in (("superiority", 2), ("saving", 1)))
    return (row["scenario"], higher,
            f"{number(half, digits, beside=beside)} ({number(smallest, digits, beside=beside)} wanted{judged})", needs,
            Number(value_of(row, "correlation"), 2, signed=True), saved)


# sentences -------------------------------------------------------------------------------------------------------
def saving_line(rows: list[dict]) -> str:
    """A sentence on the median factor of runs that pairing saved, and the primary outcomes with a factor below 1.5."""
    paired = [row for row in rows if row["saving"] != ""]
    if not paired:
        return ""
    low = [row for row in paired if value_of(row, "saving") < HELPS]
    where = {}
    for row in low:
        if row["outcome"] in primary():
            where.setdefault(row["scenario"], []).append(short(row["outcome"]))
    named = "; ".join(f"{scenario}: {', '.join(names)}" for scenario, names in where.items())
    middle = float(np.median([value_of(row, "saving") for row in paired]))
    among = f", among them primary outcomes of {named}" if named else ""
    return (f"Common random numbers cut the runs needed by a median factor of {middle:.1f} ({len(paired)} "
            "comparisons). "
            f"Little gain (below {HELPS}) in {len(low)}{among}.")


def precision_line(rows: list[dict]) -> str:
    """A sentence on the primary outcomes whose half-width exceeds the smallest effect of interest in some scenario."""
    judged = [row for row in rows if row["outcome"] in primary() and row["replicates_needed"] != ""]
    if not judged:
        return ""
    wide = {}
    for row in judged:
        if half_width(row) >= value_of(row, "smallest_effect"):
            wide.setdefault(row["outcome"], []).append(row)
    if not wide:
        return ("Precise enough: every interval of a primary outcome is narrower than the smallest effect of interest "
                "on either side.")
    needs = "; ".join(f"{short(name)} needs {about(max(map(needed, lines)))} replicates "
                      f"({', '.join(row['scenario'] for row in lines)}; {lines[0]['pairs']} were run)"
                      for name, lines in wide.items())
    return (f"Not yet precise enough: {needs}. There the half-width of the interval exceeds the smallest effect of "
            f"interest; so many replicates detect that effect with power {POWER} at two-sided level {ALPHA}.")


def about(replicates: float) -> str:
    """A number of replicates in words, which is rough unless it is a lower bound."""
    text = replicates_text(replicates)
    return text if text.startswith("more than") else f"about {text}"


def needed(row: dict) -> float:
    """Replicates that a paired test needs for the smallest effect of interest."""
    return value_of(row, "replicates_needed")


def quoted(summary: Summary) -> dict[str, str]:
    """Means quoted by pages under `<outcome>_<scenario>`, and as mean (low to high) under
    `<outcome>_<scenario>_interval`.

    `<outcome>_defaults` is the mean ± half-width of status_quo, with at least one decimal below 20.
    """
    values = {"n": str(summary.n)}
    for (name, scenario), row in summary.find.items():
        middle, low, high = (value_of(row, column) for column in ("mean", "ci_low", "ci_high"))
        digits = outcomes()[name].digits if name in outcomes() else 3
        texts = [number(each, digits) for each in (middle, low, high)]
        values |= {f"{name}_{scenario}": texts[0], f"{name}_{scenario}_interval": "{} ({} to {})".format(*texts)}
        if scenario == "status_quo":
            finer = max(digits, 1 if abs(middle) < 20 else 0)
            values[f"{name}_defaults"] = f"{number(middle, finer)} ± {number(high - middle, finer)}"
    return values
