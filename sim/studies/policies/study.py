"""Arms of a policy in scenarios of organisation: levels, effects of arms, effects of control, and their interaction.

y(s, a, r) is an outcome in scenario s, arm a and replicate r; all have the same seed in replicate r.  The first arm of
the experiment is the base, and c(s) is the scenario that differs from s only in control:

    effect of an arm            y(s, a) − y(s, base)
    effect of control           y(s, a) − y(c(s), a)
    difference in differences   [y(s, a) − y(s, base)] − [y(c(s), a) − y(c(s), base)]

The last is 0 if an arm has the same effect with and without control.  It is additive: if levels differ, equal relative
changes are unequal differences, so tables also give relative changes.  Verdicts on the primary outcomes are those of
`sim.statistics.paired`; Holm's adjustment is over the primary outcomes of all arms of one scenario.
"""

from pathlib import Path
from typing import NamedTuple

import numpy as np

from sim.findings.text import named
from sim.registry.outcomes import outcomes, primary
from sim.runs.grid import Grid
from sim.statistics.intervals import over
from sim.statistics.paired import Comparison, compare, family
from sim.statistics.summary import smallest_effect

KEYS = ("scenario", "arm")
WITHOUT_CONTROL = {"dossier": "status_quo", "centralised": "fragmented", "takeover": "status_quo",
                   "franchise": "fragmented", "tribute": "fragmented", "truce": "fragmented"}
STORY = {  # outcomes besides the primary ones, by theme
    "Harm by perpetrator": ("injuries_authorities", "injuries_groups", "injuries_clashes", "deaths_authorities",
                            "deaths_groups", "deaths_clashes", "deaths_environment", "abductions",
                            "abductions_after_pushback", "clashes"),
    "Where people are": ("people_mean", "stay_mean", "in_camps_mean", "in_flats_mean", "informal_mean", "left",
                         "elsewhere_share"),
    "Dependence": ("unaided_share", "unaided_before_pushback", "unaided_after_pushback", "indebted_mean", "trust_mean",
                   "price_mean", "rents", "ransoms"),
    "Market": ("hhi_clients", "hhi_turf"),
    "State": ("pushbacks", "procedures", "admissions", "operation_nights", "found_and_moved", "state_cost",
              "cost_operations", "cost_camps", "cost_support", "cost_admissions", "protection_cost"),
}
LINES = {  # measure: its item in the state's accounts
    "patrols": "cost_patrols", "operations": "cost_operations", "camps": "cost_camps", "support": "cost_support",
    "legal": "cost_admissions",
}
PARTS = ("difference", "control", "interaction")  # columns: effect of an arm, effect of control, their interaction
DIGITS = 7  # significant digits in the table on disk


class Compared(NamedTuple):
    """The comparisons of an experiment."""

    experiment: str
    rows: list[dict]  # rows of <experiment>.csv
    sample: str  # the number of runs behind a point, in words


def read(folder: Path) -> Compared:
    """Read all comparisons of a finished sweep."""
    grid = Grid(folder, KEYS)
    return Compared(str(grid.runs["experiment"][0]), rows_of(grid), grid.sample())


def rows(compared: Compared) -> dict[str, list[dict]]:
    """Return the study's table, named after the experiment."""
    return {compared.experiment: compared.rows}


def every_outcome() -> list[str]:
    """The primary outcomes and those of `STORY`."""
    return [*primary(), *(name for names in STORY.values() for name in names)]


# comparisons -------------------------------------------------------------------------------------------------------
class Place(NamedTuple):
    """The outcome, scenario and arm of a comparison."""

    outcome: str
    scenario: str
    arm: str


def rows_of(grid: Grid) -> list[dict]:
    """Rows of the table on disk, one for each outcome, scenario and arm."""
    comparisons = {part: judge(pairs) for part, pairs in zip(PARTS, (arm_pairs(grid), control_pairs(grid),
                                                               interaction_pairs(grid)))}
    rows = []
    for name in every_outcome():
        runs = grid[name]
        for (s, scenario), (a, arm) in ((s, a) for s in enumerate(grid.axes["scenario"])
                                        for a in enumerate(grid.axes["arm"])):
            mean, low, high = over(runs[s, a])
            row = {"outcome": name, "unit": named(name)[1], "scenario": scenario, "arm": arm,
                   "n": int(np.isfinite(runs[s, a]).sum()), "mean": mean, "low": low, "high": high}
            for part in PARTS:
                row |= columns(part, comparisons[part].get(Place(name, scenario, arm)))
            rows.append({key: rounded(value) for key, value in row.items()})
    return rows


def arm_pairs(grid: Grid) -> dict[Place, tuple]:
    """Pairs for the effect of each arm by place: (base arm, arm, smallest effect, whether that is a share)."""
    return {Place(name, scenario, arm): (runs[s, 0], runs[s, a], *smallest_effect(name))
            for name, runs in all_runs(grid) for s, scenario in enumerate(grid.axes["scenario"])
            for a, arm in enumerate(grid.axes["arm"]) if a}


def control_pairs(grid: Grid) -> dict[Place, tuple]:
    """Pairs for the effect of control in each arm, by place."""
    return {Place(name, scenario, arm): (runs[c, a], runs[s, a], *smallest_effect(name))
            for name, runs in all_runs(grid) for s, c, scenario in controlled(grid)
            for a, arm in enumerate(grid.axes["arm"])}


def interaction_pairs(grid: Grid) -> dict[Place, tuple]:
    """Pairs for differences in differences by place; smallest effects are relative to the base arm without control."""
    pairs = {}
    for name, runs in all_runs(grid):
        entry = outcomes()[name]
        for s, c, scenario in controlled(grid):
            if not np.isfinite(runs[c, 0]).any():
                continue
            smallest = entry.smallest(np.nanmean(runs[c, 0])) or None if entry.smallest_effect else None
            for a, arm in enumerate(grid.axes["arm"]):
                if a:
                    pairs[Place(name, scenario, arm)] = (runs[c, a] - runs[c, 0], runs[s, a] - runs[s, 0], smallest,
                                                         False)
    return pairs


def all_runs(grid: Grid):
    """Yield every outcome with its runs, scenarios × arms × replicates [outcome's unit]."""
    return ((name, grid[name]) for name in every_outcome())


def controlled(grid: Grid) -> list[tuple[int, int, str]]:
    """Scenarios whose counterpart without control was run: position, position of the counterpart, name."""
    names = grid.axes["scenario"]
    return [(s, names.index(WITHOUT_CONTROL[scenario]), scenario) for s, scenario in enumerate(names)
            if WITHOUT_CONTROL.get(scenario) in names]


def judge(pairs: dict[Place, tuple]) -> dict[Place, Comparison]:
    """Compare all places with at least two complete pairs; Holm's adjustment is over primary outcomes and arms."""
    comparisons = {place: compare(*pair) for place, pair in pairs.items()
            if np.isfinite(pair[0] + pair[1]).sum() > 1}
    for scenario in {place.scenario for place in comparisons}:
        comparisons |= family({place: comparison for place, comparison in comparisons.items()
                        if place.scenario == scenario and place.outcome in primary()})
    return comparisons


def columns(part: str, c: Comparison | None) -> dict:
    """Columns of one comparison, empty without one; a verdict needs a smallest effect of interest."""
    names = [part, *(f"{part}_{word}" for word in ("low", "high", "percent", "percent_low", "percent_high", "smallest",
                                                   "p_holm", "verdict"))]
    if c is None:
        return dict.fromkeys(names, "")
    judged = c.smallest > 0
    shares = (c.percent, c.percent_low, c.percent_high) if part != "interaction" else ("", "", "")
    return dict(zip(names, (c.difference, c.low, c.high, *shares, c.smallest if judged else "",
                            c.p_holm if judged else "", c.verdict if judged else "")))


def rounded(value):
    """A number rounded to `DIGITS` significant digits, so that runs of the same seeds give the same text."""
    return float(f"{value:.{DIGITS}g}") if isinstance(value, float) else value


# money -------------------------------------------------------------------------------------------------------------
def own_line(find: dict[Place, dict], scenario: str, arm: str) -> tuple[float, float, float]:
    """Additional spending of an arm of `protection` on its own measure: mean, low, high [EUR].

    The cost of patrols is the cost to the state minus that of operations; it does not vary by chance and has no
    interval.
    """
    def change(name):
        row = find[Place(name, scenario, arm)]
        return tuple(float(row[f"difference{end}"] or "nan") for end in ("", "_low", "_high"))

    line = LINES[measure(arm)]
    if line == "cost_patrols":
        return (change("state_cost")[0] - change("cost_operations")[0],) * 3
    return change(line)


def measure(arm: str) -> str:
    """The measure of an arm of `protection`; the name of an arm is measure and budget."""
    return arm.rpartition("_")[0]
