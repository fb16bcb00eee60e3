"""Statistics of runs: means and paired differences with 95 % intervals over replicates.

Replicate k of every scenario has the same seed, so a difference is taken replicate by replicate and its interval is
that of a mean of differences (Student's t).  Intervals are of chance in the simulation alone; they say nothing about
what is assumed.
"""

import csv
import io
import math
import textwrap

import numpy as np
from scipy.special import stdtrit

from sim.outcomes import outcomes, primary

LEVEL = 0.95
FIELDS = ("experiment", "outcome", "unit", "primary", "scenario", "n", "mean", "ci_low", "ci_high", "difference",
          "difference_low", "difference_high", "relative_difference")
SHOWN = ("price_mean", "attempts_peak", "attempts_per_crossing", "clashes", "clashes_reported", "hhi_clients",
         "found_and_moved", "suspects_arrested", "in_camps_mean")
TAGS = ("experiment", "scenario", "replicate", "seed", "nights")


def interval(values) -> tuple[int, float, float, float]:
    """n, mean and the ends of its 95 % t-interval; NaN where there is nothing to say."""
    values = np.asarray(values, float)
    values = values[np.isfinite(values)]
    n = len(values)
    if not n:
        return 0, math.nan, math.nan, math.nan
    mean = float(values.mean())
    if n == 1:
        return 1, mean, math.nan, math.nan
    half = float(stdtrit(n - 1, 0.5 + LEVEL / 2) * values.std(ddof=1) / math.sqrt(n))
    return n, mean, mean - half, mean + half


def summarise(runs, reference: str) -> list[dict]:
    """One row per outcome and scenario from a table of runs (pyarrow); columns are `FIELDS`."""
    data = {name: np.array(runs[name].to_pylist()) for name in runs.column_names}
    scenarios = list(dict.fromkeys(data["scenario"].tolist()))
    rows = []
    for name in runs.column_names:
        if name in TAGS:
            continue
        by = {s: by_replicate(data, name, s) for s in scenarios}
        for scenario in scenarios:
            rows.append(row(data, name, scenario, by, reference))
    return rows


def by_replicate(data, name, scenario) -> dict[int, float]:
    """An outcome's values by replicate."""
    here = data["scenario"] == scenario
    return dict(zip(data["replicate"][here].tolist(), data[name][here].astype(float).tolist()))


def row(data, name, scenario, by, reference) -> dict:
    """One line of the summary."""
    entry = outcomes().get(name)
    n, mean, low, high = interval(list(by[scenario].values()))
    line = dict.fromkeys(FIELDS, "")
    line |= {"experiment": data["experiment"][0], "outcome": name, "unit": entry.unit if entry else "",
             "primary": bool(entry and entry.primary), "scenario": scenario, "n": n, "mean": mean, "ci_low": low,
             "ci_high": high}
    if scenario != reference and reference in by:
        pairs = [by[scenario][k] - by[reference][k] for k in by[scenario] if k in by[reference]]
        _, difference, below, above = interval(pairs)
        base = interval([by[reference][k] for k in by[scenario] if k in by[reference]])[1]
        line |= {"difference": difference, "difference_low": below, "difference_high": above,
                 "relative_difference": difference / base if base else math.nan}
    return line


def write_summary(rows: list[dict], path) -> None:
    """summary.csv, whole or not at all."""
    from sim.results import write_text

    text = io.StringIO()
    writer = csv.DictWriter(text, FIELDS, lineterminator="\n")
    writer.writeheader()
    writer.writerows({k: "" if isinstance(v, float) and math.isnan(v) else v for k, v in line.items()} for line in rows)
    write_text(path, text.getvalue())


# the table on the terminal ---------------------------------------------------------------------------------------
def number(value, digits, signed=False) -> str:
    """A number as people read it: thousands apart, millions as M."""
    if value == "" or not math.isfinite(value):
        return "–"
    sign = "+" if signed else ""
    if abs(value) >= 1e6:
        return f"{value / 1e6:{sign}.1f} M"
    return f"{value:{sign},.{digits}f}".replace(",", " ")


def console_table(rows: list[dict]) -> str:
    """Means with half-widths by scenario, then paired differences from the reference."""
    scenarios = list(dict.fromkeys(line["scenario"] for line in rows))
    find = {(line["outcome"], line["scenario"]): line for line in rows}
    chosen = [name for name in (*primary(), *SHOWN) if (name, scenarios[0]) in find]
    blocks = [table(["outcome", *scenarios], [[title(name), *(level(find[name, s]) for s in scenarios)]
                                              for name in chosen])]
    compared = [s for s in scenarios if find[chosen[0], s]["difference"] != ""]
    if compared:
        reference = next(s for s in scenarios if s not in compared)
        blocks.append(table([f"paired difference from {reference}", *compared],
                            [[title(name), *(change(find[name, s]) for s in compared)] for name in chosen]))
    n = max(line["n"] for line in rows)
    blocks.append(f"{n} replicate{'s' if n != 1 else ''} a scenario"
                  + ("; 95 % intervals over replicates: chance in the simulation alone, under stated assumptions."
                     if n > 1 else "; no interval from a single run."))
    return "\n\n".join(blocks)


def title(name) -> str:
    entry = outcomes()[name]
    unit = f" [{entry.unit}]" if entry.unit and entry.unit.split(" ")[0] not in entry.label.lower() else ""
    return entry.label + unit


def level(line) -> str:
    """Mean ± half-width."""
    half = line["ci_high"] - line["mean"] if line["n"] > 1 else math.nan
    return level_text(line["mean"], half, outcomes()[line["outcome"]].digits)


def level_text(mean, half, digits) -> str:
    """Mean ± half-width, the latter only where there is one."""
    return number(mean, digits) + (f" ± {number(half, digits)}" if math.isfinite(half) else "")


def change(line) -> str:
    """Difference with its interval."""
    digits = outcomes()[line["outcome"]].digits
    text = number(line["difference"], digits, signed=True)
    if line["n"] > 1:
        text += f" ({number(line['difference_low'], digits, True)} to {number(line['difference_high'], digits, True)})"
    return text


def table(head: list[str], body: list[list[str]], widest: int = 200) -> str:
    """Aligned columns: names to the left, numbers to the right; heads wider than `widest` are wrapped."""
    wrapped = [textwrap.wrap(cell, widest) or [""] for cell in head]
    depth = max(map(len, wrapped))
    heads = [[(cell[k] if k < len(cell) else "") for cell in wrapped] for k in range(depth)]
    widths = [max(len(line[k]) for line in [*heads, *body]) for k in range(len(head))]
    lines = ["  ".join([line[0].ljust(widths[0]), *(cell.rjust(w) for cell, w in zip(line[1:], widths[1:]))])
             for line in [*heads, *body]]
    return "\n".join([*lines[:depth], "─" * len(lines[0]), *lines[depth:]])
