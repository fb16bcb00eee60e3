"""The comparison of scenarios as findings: means, paired differences, verdicts and how exact they are."""

import math
import textwrap

import numpy as np

from sim.findings.text import half_width, level_text, number, short, table, title
from sim.registry.outcomes import outcomes, primary
from sim.statistics.summary import ALPHA, POWER, replicates_text

VERDICTS = ("equivalent: surely smaller than the smallest effect of interest; different: surely not zero (Holm over "
            "the primary outcomes of a scenario); undecided: neither.")
HELPS = 1.5  # pairing that saves less than this factor of runs is said not to help
SHOWN = ("price_mean", "attempts_peak", "attempts_per_crossing", "clashes", "clashes_reported", "hhi_clients",
         "found_and_moved", "suspects_arrested", "in_camps_mean")


def console_table(rows: list[dict]) -> str:
    """Means with half-widths by scenario, then paired differences from the reference and what they show."""
    scenarios = list(dict.fromkeys(line["scenario"] for line in rows))
    find = {(line["outcome"], line["scenario"]): line for line in rows}
    chosen = [name for name in (*primary(), *SHOWN) if (name, scenarios[0]) in find]
    blocks = [table(["outcome", *scenarios], [[title(name), *(level(find[name, s]) for s in scenarios)]
                                              for name in chosen])]
    compared = [s for s in scenarios if find[chosen[0], s]["difference"] != ""]
    if compared:
        reference = next(s for s in scenarios if s not in compared)
        cells = {s: aligned([(change(find[name, s]), find[name, s]["verdict"]) for name in chosen]) for s in compared}
        blocks.append(table([f"paired difference from {reference}", *compared],
                            [[title(name), *(cells[s][k] for s in compared)] for k, name in enumerate(chosen)]))
    n = max(line["n"] for line in rows)
    said = (f"{n} replicate{'s' if n != 1 else ''} a scenario"
            + ("; 95 % intervals over replicates: chance in the simulation alone, under stated assumptions."
               if n > 1 else "; no interval from a single run."))
    blocks.append("\n".join([said, *(textwrap.fill(line, 120) for line in remarks(rows))]))
    return "\n\n".join(blocks)


def aligned(cells: list[tuple[str, str]]) -> list[str]:
    """Numbers and verdicts of one column, one below the other."""
    width = max(len(word) for _, word in cells)
    return [f"{text} {word:<{width}}" if width else text for text, word in cells]


def remarks(rows) -> list[str]:
    """What verdicts mean, what pairing saved, and if there are enough replicates; nothing where nothing is compared."""
    judged = VERDICTS if any(line["verdict"] for line in rows) else ""
    return [line for line in (judged, saving_line(rows), precision_line(rows)) if line]


def saving_line(rows) -> str:
    """The median saving over outcomes and scenarios, and the primary outcomes where it is below 1.5."""
    found = [line for line in rows if line["saving"] != "" and not math.isnan(line["saving"])]
    if not found:
        return ""
    low = [line for line in found if line["saving"] < HELPS]
    where = {}
    for line in low:
        if line["primary"]:
            where.setdefault(line["scenario"], []).append(short(line["outcome"]))
    named = "; ".join(f"{scenario}: {', '.join(names)}" for scenario, names in where.items())
    middle = float(np.median([line["saving"] for line in found]))
    return (f"Same seeds saved a factor of {middle:.1f} in runs (median of {len(found)} differences); they help little "
            f"(below {HELPS}) in {len(low)}" + (f", of primary outcomes in {named}." if named else "."))


def precision_line(rows) -> str:
    """Per primary outcome, in its least exact scenario: half-width below the smallest effect, or replicates needed."""
    said = []
    for name in primary():
        lines = [line for line in rows if line["outcome"] == name and line["replicates_needed"] != ""]
        if not lines:
            continue
        if all(exact_enough(line) for line in lines):
            said.append(f"{short(name)} yes")
        else:
            said.append(f"{short(name)} no ({replicates_text(max(line['replicates_needed'] for line in lines))})")
    if not said:
        return ""
    return ("Half-width below the smallest effect of interest in every scenario (else replicates for power "
            f"{POWER} at level {ALPHA}): {', '.join(said)}.")


def exact_enough(line) -> bool:
    """Whether the half-width of a difference is below the smallest effect of interest."""
    return half_width(line) < line["smallest_effect"]


def level(line) -> str:
    """Mean ± half-width."""
    half = line["ci_high"] - line["mean"] if line["n"] > 1 else math.nan
    return level_text(line["mean"], half, outcomes()[line["outcome"]].digits)


def change(line) -> str:
    """Difference ± half-width."""
    digits = outcomes()[line["outcome"]].digits
    half = half_width(line)
    text = number(line["difference"], digits, True)
    return text + (f" ± {number(half, digits, beside=line['difference'])}" if math.isfinite(half) else "")
