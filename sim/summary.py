"""Statistics of runs: means, paired differences with 95 % intervals over replicates, and what they show.

Replicate k of every scenario has the same seed, so a difference is taken replicate by replicate and its interval is
that of a mean of differences (Student's t).  Intervals are of chance in the simulation alone; they say nothing about
what is assumed.  Verdicts and their tests: `sim.analysis.paired`.
"""

import csv
import io
import math
import textwrap

import numpy as np

from sim.analysis.intervals import interval
from sim.analysis.paired import compare, family, replicates_for_power
from sim.outcomes import outcomes, primary
from sim.results import TAGS

POWER, ALPHA, CAP = 0.95, 0.01, 512  # a planned comparison: power, two-sided level, most replicates looked at
VERDICTS = ("equivalent: surely smaller than the smallest effect of interest; different: surely not zero (Holm over "
            "the primary outcomes of a scenario); undecided: neither.")
HELPS = 1.5  # pairing that saves less than this factor of runs is said not to help
# columns of summary.csv; relative ones are shares of the reference's mean; `…_low`, `…_high` end 95 % intervals
PAIRED = ("pairs", "relative_low", "relative_high", "superiority", "superiority_low", "superiority_high",
          "smallest_effect", "p_equivalence", "p_holm", "verdict", "correlation", "saving", "saving_low", "saving_high",
          "replicates_needed")
FIELDS = ("experiment", "outcome", "unit", "primary", "scenario", "n", "mean", "ci_low", "ci_high", "difference",
          "difference_low", "difference_high", "relative_difference", *PAIRED)
SHOWN = ("price_mean", "attempts_peak", "attempts_per_crossing", "clashes", "clashes_reported", "hhi_clients",
         "found_and_moved", "suspects_arrested", "in_camps_mean")


def summarise(runs, reference: str) -> list[dict]:
    """One row per outcome and scenario from a table of runs (pyarrow); columns are `FIELDS`."""
    data = {name: np.array(runs[name].to_pylist()) for name in runs.column_names}
    scenarios = list(dict.fromkeys(data["scenario"].tolist()))
    rows, compared = [], {}
    for name in runs.column_names:
        if name in TAGS:
            continue
        by = {s: by_replicate(data, name, s) for s in scenarios}
        for scenario in scenarios:
            line = row(data, name, scenario, by[scenario])
            if scenario != reference and reference in by:
                compared[name, scenario] = comparison(line, by[reference], by[scenario])
            rows.append(line)
    judge(rows, compared)
    return rows


def by_replicate(data, name, scenario) -> dict[int, float]:
    """An outcome's values by replicate."""
    here = data["scenario"] == scenario
    return dict(zip(data["replicate"][here].tolist(), data[name][here].astype(float).tolist()))


def row(data, name, scenario, values) -> dict:
    """One line of the summary, without differences."""
    entry = outcomes().get(name)
    n, mean, low, high = interval(list(values.values()))
    line = dict.fromkeys(FIELDS, "")
    return line | {"experiment": data["experiment"][0], "outcome": name, "unit": entry.unit if entry else "",
                   "primary": bool(entry and entry.primary), "scenario": scenario, "n": n, "mean": mean, "ci_low": low,
                   "ci_high": high}


def comparison(line, reference, other):
    """Fill in the paired difference of one outcome and scenario; the comparison, or None from fewer than two pairs."""
    keys = [k for k in other if k in reference]
    x, y = np.array([reference[k] for k in keys]), np.array([other[k] for k in keys])
    both = np.isfinite(x) & np.isfinite(y)
    n, difference, _, _ = interval((y - x)[both])
    line |= {"difference": difference, "pairs": n, "difference_low": math.nan, "difference_high": math.nan}
    line["relative_difference"] = difference / abs(x[both].mean()) if n and x[both].any() else math.nan
    if n < 2:
        return None
    bound = smallest_effect(line["outcome"])
    c = compare(x, y, *bound)
    line |= {"difference_low": c.low, "difference_high": c.high, "relative_difference": c.percent / 100,
             "relative_low": c.percent_low / 100, "relative_high": c.percent_high / 100, "smallest_effect": c.smallest}
    line |= {name: getattr(c, name) for name in ("superiority", "superiority_low", "superiority_high", "p_equivalence",
                                                 "correlation", "saving", "saving_low", "saving_high")}
    if c.smallest > 0:
        line["replicates_needed"] = needed((y - x)[both], c.smallest)
    return c


def smallest_effect(name) -> tuple[float | None, bool]:
    """The smallest effect of interest as `compare` takes it: a number, and whether it is a share of the reference."""
    entry = outcomes().get(name)
    if not entry or not entry.smallest_effect:
        return None, False
    relative = "%" in entry.smallest_effect
    return entry.smallest(1.0), relative


def needed(differences, smallest: float) -> int | float:
    """Replicates that see the smallest effect with power 0.95 at level 0.01; ∞ beyond the cap of 512."""
    plan = replicates_for_power(differences, smallest, POWER, ALPHA, CAP)
    return plan.n if plan.reached else math.inf


def most_needed(rows: list[dict]) -> tuple[int | float, str]:
    """The largest number of replicates that a primary outcome needs in a compared scenario, and which that is."""
    found = [(line["replicates_needed"], f"{line['outcome']} in {line['scenario']}") for line in rows
             if line["primary"] and line["replicates_needed"] != ""]
    return max(found, default=(0, ""), key=lambda pair: pair[0])


def pilot_text(pilot: int, wanted: int | float, which: str, most: int) -> str:
    """What is said between a pilot and the replicates it asks for."""
    return (f"sim: pilot of {pilot} replicates done; power {POWER} at level {ALPHA} for every smallest effect of "
            f"interest needs {replicates_text(wanted)} ({which}); running {min(wanted, most):.0f} "
            f"(most_replicates={most})")


def judge(rows, compared) -> None:
    """Verdicts on the primary outcomes; Holm's step is taken over those of one compared scenario."""
    lines = {(line["outcome"], line["scenario"]): line for line in rows}
    for scenario in dict.fromkeys(s for _, s in compared):
        together = {name: compared[name, scenario] for name in primary() if compared.get((name, scenario))}
        for name, c in family(together).items():
            lines[name, scenario] |= {"p_holm": c.p_holm, "verdict": c.verdict}


def write_summary(rows: list[dict], path) -> None:
    """summary.csv, whole or not at all."""
    from sim.results import write_text

    text = io.StringIO()
    writer = csv.DictWriter(text, FIELDS, lineterminator="\n")
    writer.writeheader()
    writer.writerows({k: "" if isinstance(v, float) and math.isnan(v) else v for k, v in line.items()} for line in rows)
    write_text(path, text.getvalue())


# the table on the terminal ---------------------------------------------------------------------------------------
def number(value, digits, signed=False, beside=0.0) -> str:
    """A number as people read it: thousands apart, millions as M, also where it stands `beside` millions."""
    if value == "" or not math.isfinite(value):
        return "–"
    sign = "+" if signed else ""
    if max(abs(value), abs(beside)) >= 1e6:
        return f"{value / 1e6:{sign}.1f} M"
    return f"{value:{sign},.{digits}f}".replace(",", " ")


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


def half_width(line) -> float:
    """Half-width of the interval of a difference [outcome's unit]; NaN where there is none."""
    return line["difference_high"] - line["difference"]


def replicates_text(count) -> str:
    """A number of replicates, or that it lies beyond the cap."""
    return f"{count:.0f}" if math.isfinite(count) else f"more than {CAP}"


def short(name) -> str:
    """An outcome in a word or three, for a sentence."""
    label = outcomes()[name].label
    return (label.split(" per ")[0].split(" of the ")[0].split(",")[0]).lower()


def title(name) -> str:
    entry = outcomes()[name]
    unit = f" [{entry.unit}]" if entry.unit and entry.unit.split(" ")[0].lower() not in entry.label.lower() else ""
    return entry.label + unit


def level(line) -> str:
    """Mean ± half-width."""
    half = line["ci_high"] - line["mean"] if line["n"] > 1 else math.nan
    return level_text(line["mean"], half, outcomes()[line["outcome"]].digits)


def level_text(mean, half, digits) -> str:
    """Mean ± half-width, the latter only where there is one."""
    return number(mean, digits) + (f" ± {number(half, digits, beside=mean)}" if math.isfinite(half) else "")


def change(line) -> str:
    """Difference ± half-width."""
    digits = outcomes()[line["outcome"]].digits
    half = half_width(line)
    text = number(line["difference"], digits, True)
    return text + (f" ± {number(half, digits, beside=line['difference'])}" if math.isfinite(half) else "")


def table(head: list[str], body: list[list[str]], widest: int = 200) -> str:
    """Aligned columns: names to the left, numbers to the right; heads wider than `widest` are wrapped."""
    wrapped = [textwrap.wrap(cell, widest) or [""] for cell in head]
    depth = max(map(len, wrapped))
    heads = [[(cell[k] if k < len(cell) else "") for cell in wrapped] for k in range(depth)]
    widths = [max(len(line[k]) for line in [*heads, *body]) for k in range(len(head))]
    lines = ["  ".join([line[0].ljust(widths[0]), *(cell.rjust(w) for cell, w in zip(line[1:], widths[1:]))])
             for line in [*heads, *body]]
    return "\n".join(line.rstrip() for line in [*lines[:depth], "─" * len(lines[0]), *lines[depth:]])
