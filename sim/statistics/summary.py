"""The summary of runs: means, paired differences with 95 % intervals over replicates, and verdicts.

Replicate k of every scenario has the same seed; a difference is therefore taken replicate by replicate, and its
interval is that of a mean of differences (Student's t).  Intervals cover chance in the simulation alone and not the
uncertainty of assumptions.  Verdicts and their tests are in `sim.statistics.paired`.
"""

import math
from typing import NamedTuple

import numpy as np

from sim.registry.files import write_rows
from sim.registry.outcomes import TAGS, outcomes, primary
from sim.statistics import given_whole
from sim.statistics.intervals import interval
from sim.statistics.paired import Comparison, compare, family
from sim.statistics.replicates import replicates_for_power

POWER, ALPHA, CAP = 0.95, 0.01, 512  # planning: power, two-sided level, cap on replicates
# Columns of summary.csv; relative ones are shares of the mean of the reference; `…_low`, `…_high` end 95 % intervals.
PAIRED = ("pairs", "relative_low", "relative_high", "superiority", "superiority_low", "superiority_high",
          "smallest_effect", "p_equivalence", "p_holm", "verdict", "correlation", "saving", "saving_low", "saving_high",
          "replicates_needed")
FIELDS = ("experiment", "outcome", "unit", "primary", "scenario", "n", "mean", "ci_low", "ci_high", "difference",
          "difference_low", "difference_high", "relative_difference", *PAIRED, *given_whole.COLUMNS)


def summarise(runs, reference: str) -> list[dict]:
    """Rows by outcome and scenario, with columns `FIELDS`, from a table of runs (pyarrow).

    reference: the scenario with which the others are compared.
    """
    data = {name: np.array(runs[name].to_pylist()) for name in runs.column_names}
    scenarios = list(dict.fromkeys(data["scenario"].tolist()))
    rows, compared, organised = [], {}, organisations(data, scenarios)
    for name in runs.column_names:
        if name in TAGS:
            continue
        by = {s: by_replicate(data, name, s) for s in scenarios}
        for scenario in scenarios:
            row = row_of(data, name, scenario, by[scenario])
            if scenario in organised:
                row |= organised[scenario].counts
            if scenario != reference and reference in by:
                compared[name, scenario] = comparison(row, by[reference], by[scenario])
                if pair := [organised[s].whole for s in (scenario, reference) if s in organised]:
                    row |= given_whole.over_whole(by[reference], by[scenario], set.intersection(*pair))
            rows.append(row)
    judge(rows, compared)
    return rows


class Organised(NamedTuple):
    """What became of the organisation of a scenario, over its runs."""

    counts: dict  # columns `runs_whole` and `runs_broken`
    whole: set[int]  # replicates in which it stays whole


def organisations(data, scenarios) -> dict[str, Organised]:
    """The scenarios with an organisation and what became of it; none if the runs do not record it."""
    if not {given_whole.SHARE, given_whole.BREAKS} <= set(data):
        return {}
    found = {}
    for scenario in scenarios:
        share, breaks = (by_replicate(data, name, scenario) for name in (given_whole.SHARE, given_whole.BREAKS))
        values = list(share.values()), list(breaks.values())
        if given_whole.has_organisation(*values):
            whole = {k for k, stays in zip(share, given_whole.stays_whole(values[0])) if stays}
            found[scenario] = Organised(given_whole.counted(*values), whole)
    return found


def by_replicate(data, name, scenario) -> dict[int, float]:
    """Values of an outcome in a scenario, by replicate."""
    own = data["scenario"] == scenario
    return dict(zip(data["replicate"][own].tolist(), data[name][own].astype(float).tolist()))


def row_of(data, name, scenario, values) -> dict:
    """The row of one outcome and scenario, without differences."""
    entry = outcomes().get(name)
    n, mean, low, high = interval(list(values.values()))
    row = dict.fromkeys(FIELDS, "")
    return row | {"experiment": data["experiment"][0], "outcome": name, "unit": entry.unit if entry else "",
                  "primary": bool(entry and entry.primary), "scenario": scenario, "n": n, "mean": mean, "ci_low": low,
                  "ci_high": high}


def comparison(row, reference, other) -> Comparison | None:
    """Write the paired difference into the row of one outcome and scenario; returns the comparison.

    reference, other: values by replicate.  It is None for fewer than two complete pairs.
    """
    keys = [k for k in other if k in reference]
    x, y = np.array([reference[k] for k in keys]), np.array([other[k] for k in keys])
    both = np.isfinite(x) & np.isfinite(y)
    n, difference, _, _ = interval((y - x)[both])
    row |= {"difference": difference, "pairs": n, "difference_low": math.nan, "difference_high": math.nan}
    row["relative_difference"] = difference / abs(x[both].mean()) if n and x[both].any() else math.nan
    if n < 2:
        return None
    bound = smallest_effect(row["outcome"])
    c = compare(x, y, *bound)
    row |= {"difference_low": c.low, "difference_high": c.high, "relative_difference": c.percent / 100,
            "relative_low": c.percent_low / 100, "relative_high": c.percent_high / 100, "smallest_effect": c.smallest}
    row |= {name: getattr(c, name) for name in ("superiority", "superiority_low", "superiority_high", "p_equivalence",
                                                "correlation", "saving", "saving_low", "saving_high")}
    if c.smallest > 0:
        row["replicates_needed"] = needed((y - x)[both], c.smallest)
    return c


def smallest_effect(name) -> tuple[float | None, bool]:
    """The smallest effect of interest of an outcome, and whether it is a share of the mean of the reference.

    These are the arguments of `compare`: (None, False) if no effect was fixed.
    """
    entry = outcomes().get(name)
    if not entry or not entry.smallest_effect:
        return None, False
    relative = "%" in entry.smallest_effect
    return entry.smallest(1.0), relative


def needed(differences, smallest: float) -> int | float:
    """Replicates that detect the smallest effect with power `POWER` at level `ALPHA`; infinite beyond `CAP`."""
    plan = replicates_for_power(differences, smallest, POWER, ALPHA, CAP)
    return plan.n if plan.reached else math.inf


def pilot_text(pilot: int, wanted: int | float, which: str, most: int) -> str:
    """The console line after a pilot: how many replicates are needed, and how many will be run.

    which: the outcome and scenario that need most; most: the cap `most_replicates`.
    """
    return (f"sim: pilot of {pilot} replicates done; to detect every smallest effect of interest (power {POWER}, "
            f"alpha {ALPHA}) {replicates_text(wanted)} replicates are needed ({which}); running "
            f"{min(wanted, most):.0f} (most_replicates={most})")


def judge(rows, compared) -> None:
    """Write verdicts on primary outcomes into the rows; Holm's adjustment is over those of one scenario."""
    by_key = {(row["outcome"], row["scenario"]): row for row in rows}
    for scenario in dict.fromkeys(s for _, s in compared):
        together = {name: compared[name, scenario] for name in primary() if compared.get((name, scenario))}
        for name, c in family(together).items():
            by_key[name, scenario] |= {"p_holm": c.p_holm, "verdict": c.verdict}


def write_summary(rows: list[dict], path) -> None:
    """Write summary.csv atomically."""
    write_rows([{field: row[field] for field in FIELDS} for row in rows], path)


def replicates_text(count) -> str:
    """A number of replicates as text; an infinite one is `more than` the cap."""
    return f"{count:.0f}" if math.isfinite(count) else f"more than {CAP}"
