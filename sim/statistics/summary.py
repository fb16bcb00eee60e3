"""Statistics of runs: means, paired differences with 95 % intervals over replicates, and what they show.

Replicate k of every scenario has the same seed, so a difference is taken replicate by replicate and its interval is
that of a mean of differences (Student's t).  Intervals are of chance in the simulation alone; they say nothing about
what is assumed.  Verdicts and their tests: `sim.statistics.paired`.
"""

import math

import numpy as np

from sim.registry.files import write_rows
from sim.registry.outcomes import TAGS, outcomes, primary
from sim.statistics.intervals import interval
from sim.statistics.paired import compare, family, replicates_for_power

POWER, ALPHA, CAP = 0.95, 0.01, 512  # a planned comparison: power, two-sided level, most replicates looked at
# columns of summary.csv; relative ones are shares of the reference's mean; `…_low`, `…_high` end 95 % intervals
PAIRED = ("pairs", "relative_low", "relative_high", "superiority", "superiority_low", "superiority_high",
          "smallest_effect", "p_equivalence", "p_holm", "verdict", "correlation", "saving", "saving_low", "saving_high",
          "replicates_needed")
FIELDS = ("experiment", "outcome", "unit", "primary", "scenario", "n", "mean", "ci_low", "ci_high", "difference",
          "difference_low", "difference_high", "relative_difference", *PAIRED)


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


def pilot_text(pilot: int, wanted: int | float, which: str, most: int) -> str:
    """What a pilot says about the replicates that are needed, and how many are run."""
    return (f"sim: pilot of {pilot} replicates done; to detect every smallest effect of interest (power {POWER}, "
            f"alpha {ALPHA}) {replicates_text(wanted)} replicates are needed ({which}); running "
            f"{min(wanted, most):.0f} (most_replicates={most})")


def judge(rows, compared) -> None:
    """Verdicts on the primary outcomes; Holm's step is taken over those of one compared scenario."""
    lines = {(line["outcome"], line["scenario"]): line for line in rows}
    for scenario in dict.fromkeys(s for _, s in compared):
        together = {name: compared[name, scenario] for name in primary() if compared.get((name, scenario))}
        for name, c in family(together).items():
            lines[name, scenario] |= {"p_holm": c.p_holm, "verdict": c.verdict}


def write_summary(rows: list[dict], path) -> None:
    """summary.csv, whole or not at all."""
    write_rows([{field: row[field] for field in FIELDS} for row in rows], path)


def replicates_text(count) -> str:
    """A number of replicates, or that it lies beyond the cap."""
    return f"{count:.0f}" if math.isfinite(count) else f"more than {CAP}"
