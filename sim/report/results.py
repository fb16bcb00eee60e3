"""What was found: sentences and tables of a comparison; levels of a single scenario."""

from sim.figures.style import look
from sim.findings.text import half_width, level_text, number, title
from sim.registry.outcomes import outcomes, primary
from sim.report.html import Html, Number, el, join, table
from sim.report.parts import percent, section, span, together
from sim.report.worth import graded
from sim.statistics.summary import ALPHA, POWER, replicates_text
from sim.studies.comparison import HELPS, SHOWN, saving_line

VERDICTS = ("Equivalent: two one-sided tests at 0.05 (Schuirmann 1987) reject a difference as large as the smallest "
            "effect of interest, even where it is surely not 0. Different: else, if the p-value adjusted over the "
            "primary outcomes of the scenario (Holm 1979) is below 0.05 and the interval excludes 0. Undecided: else.")


def results(source) -> Html:
    """The tables; a comparison has verdicts, a single scenario only levels."""
    if not source.compared:
        return section("Results", levels(source))
    return section("Results", el("ul", *(el("li", line) for line in in_short(source))), el("p", caution(source)),
                   primary_table(source), pairs_table(source), secondary_table(source))


def caution(source) -> str:
    """How far the differences reach."""
    either = [outcome_words(r) for r in graded(source) if r["verdict"] != "premise"]
    said = "These are differences between scenarios of the model at the values used here, not effects in the world."
    if either:
        said += (" With all parameters drawn over their ranges, these signs of centralised against fragmented can go "
                 f"either way: {', '.join(either)}.")
    return said


def in_short(source) -> list[Html]:
    """A sentence a scenario: which primary outcomes differ, by how much, and which do not."""
    said = []
    for s in source.compared:
        lines = [source.find[name, s] for name in primary() if source.has(name) and source.find[name, s]["verdict"]]
        by = {v: [line for line in lines if line["verdict"] == v] for v in ("different", "equivalent", "undecided")}
        parts = [f"{v.capitalize()}: {', '.join(outcome_words(line) for line in found)}." for v, found in by.items()
                 if found]
        said.append(join(el("b", f"{look(s)[0]} against {look(source.reference)[0].lower()}."), " ",
                         " ".join(parts) or "Too few pairs for a verdict."))
    return said


def outcome_words(line) -> str:
    """An outcome's name within a sentence, with its relative difference where that is the verdict."""
    name = together(outcomes()[line["outcome"]].label)
    name = name[0].lower() + name[1:]
    return f"{name} {percent(line['relative_difference'])}" if line["verdict"] == "different" else name


def primary_table(source) -> Html:
    """Table of the six primary outcomes with verdicts."""
    groups = []
    for name in filter(source.has, primary()):
        entry, order = outcomes()[name], [source.reference, *source.compared]
        first = (join(together(title(name)), el("small", f"matters from {matters(entry)}")), len(order))
        group = [result_row(source.find[name, s], entry.digits) for s in order]
        group[0].insert(0, first)
        groups.append(group)
    note = ("Means ± half-width and differences of pairs with 95 % t-intervals; relative differences with Fieller’s "
            f"interval (1954), % of the reference’s mean. {VERDICTS} Intervals are of chance in the simulation alone.")
    columns = ["outcome", "scenario", "mean", "difference", "relative", "verdict"]
    return table(join(el("b", "Primary outcomes"), f", fixed before any run: {sample(source)}; differences from "
                 f"{look(source.reference)[0].lower()}."), columns, groups, note, "results")


def matters(entry) -> str:
    """The smallest effect of interest in words."""
    return entry.smallest_effect if "%" in entry.smallest_effect else f"{entry.smallest_effect} {entry.unit}"


def sample(source) -> str:
    counts = {source.done.count(s) for s in source.scenarios}
    n = f"{min(counts)}" if len(counts) == 1 else f"{min(counts)} to {max(counts)}"
    each = " a scenario" if len(source.scenarios) > 1 else ""
    return f"n = {n} replicate{'s' if max(counts) > 1 else ''} of {source.any()['nights']} nights{each}"


def result_row(line, digits) -> list:
    """One scenario of one outcome; the reference has a mean only."""
    half = line["ci_high"] - line["mean"]
    mean = Number(level_text(line["mean"], half, digits))
    if line["difference"] == "":
        return [join(look(line["scenario"])[0], " (reference)"), mean, *[Number("")] * 2, ""]
    difference = number(line["difference"], digits, True) + span(line["difference_low"], line["difference_high"],
                                                                 digits, line["difference"])
    relative = percent(line["relative_difference"], 1)
    if line["relative_low"] != "":
        relative += span(100 * line["relative_low"], 100 * line["relative_high"], 1)
    verdict = el("span", line["verdict"], class_=line["verdict"]) if line["verdict"] else ""
    return [look(line["scenario"])[0], mean, Number(difference), Number(relative), verdict]


def pairs_table(source) -> Html:
    """How often a scenario is higher, how exact the differences are, and what the common seeds saved."""
    groups = []
    for name in filter(source.has, primary()):
        lines = [source.find[name, s] for s in source.compared if source.find[name, s]["superiority"] != ""]
        if not lines:
            continue
        group = [pairs_row(line, outcomes()[name].digits) for line in lines]
        group[0].insert(0, (together(title(name)), len(group)))
        groups.append(group)
    if not groups:
        return Html("")
    columns = ["outcome", "scenario", "P(higher)", "half-width", "replicates needed", "correlation", "saving"]
    note = ("P(higher): share of pairs in which the scenario is higher than the reference, ties half (Wilson’s "
            "interval). Half-width of the difference’s 95 % interval against the smallest effect of interest. "
            f"Replicates needed for a paired test at level {ALPHA} to see that effect with power {POWER}, planned with "
            "the upper 80 % limit of the spread. Correlation of pairs. Saving: independent runs worth one paired run "
            f"(95 % interval), little below {HELPS}. {saving_line(source.rows)}")
    return table(join(el("b", "Pairs and precision"), " of the differences above."), columns, groups, note, "results")


def pairs_row(line, digits) -> list:
    """One scenario of one outcome."""
    half, smallest = half_width(line), line["smallest_effect"]
    sign = "<" if half < smallest else "≥"
    beside = max(half, smallest)
    needs = replicates_text(line["replicates_needed"]) if line["replicates_needed"] != "" else "–"
    higher = number(line["superiority"], 2) + span(line["superiority_low"], line["superiority_high"], 2, signed=False)
    saved = number(line["saving"], 1) + span(line["saving_low"], line["saving_high"], 1, signed=False)
    return [look(line["scenario"])[0], Number(higher),
            Number(f"{number(half, digits, beside=beside)} {sign} {number(smallest, digits, beside=beside)}"),
            Number(needs), Number(number(line["correlation"], 2, True)), Number(saved)]


def secondary_table(source) -> Html:
    """Other outcomes: differences with intervals, no verdict."""
    groups = []
    for name in filter(source.has, SHOWN):
        entry, order = outcomes()[name], [source.reference, *source.compared]
        group = [result_row(source.find[name, s], entry.digits)[:4] for s in order]
        group[0].insert(0, (together(title(name)), len(order)))
        groups.append(group)
    note = "95 % t- and Fieller’s intervals, one by one and not adjusted: no verdict. All outcomes: summary.csv."
    return table(join(el("b", "Other outcomes"), f": {sample(source)}."),
                 ["outcome", "scenario", "mean", "difference", "relative"], groups, note, "results")


def levels(source) -> Html:
    """Means of one scenario."""
    lines = [source.find[name, s] for name in (*primary(), *SHOWN) if source.has(name) for s in source.scenarios]
    rows = [[[title(line["outcome"]), Number(number(line["mean"], outcomes()[line["outcome"]].digits)),
              Number(span(line["ci_low"], line["ci_high"], outcomes()[line["outcome"]].digits, line["mean"], False)
                     .strip(" ()") or "–")]] for line in lines]
    note = ("95 % t-intervals: chance in the simulation alone." if max(line["n"] for line in lines) > 1 else
            "A single run has no interval.") + " All outcomes: summary.csv."
    return table(join(el("b", "Outcomes"), f": {sample(source)}."), ["outcome", "mean", "95 % interval"], rows, note)
