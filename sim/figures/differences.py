"""Figure 2: paired differences of the primary outcomes from the reference scenario."""

import numpy as np

from sim.figures.style import DOUBLE, GREY, letter, look, new
from sim.findings.text import number
from sim.registry.outcomes import outcomes, primary
from sim.statistics.given_whole import BREAKS, FEWEST, SHARE, has_organisation, stays_whole
from sim.statistics.intervals import interval

NAME = "paired_differences"
BELOW = 0.3  # distance of the mark of runs given whole below that of all runs, in rows


def draw(tables):
    """One panel an outcome: difference and 95 % interval per scenario, grey where effects are too small to matter.

    An open mark below shows the difference over the runs in which the organisation stays whole, where some do not.
    """
    compared = [s for s in tables.scenarios if s != tables.reference]
    if not compared or tables.reference not in tables.scenarios:
        return None
    open_marks = mixed(tables, compared)
    height = 46 + 18 * len(compared) if open_marks else 38 + 14 * len(compared)
    figure, axes = new(DOUBLE, height, 2, 3)
    for ax, name in zip(axes.flat, primary()):
        panel(ax, tables, name, compared)
    for ax in axes[:, 1:].flat:
        ax.set_yticklabels([])
    letter(axes.flat)
    opened = "\nopen marks: runs in which the organisation stays whole" if open_marks else ""
    figure.supxlabel(f"Paired difference from {look(tables.reference)[0].lower()} (95 % interval); grey: smaller than "
                     f"the smallest effect of interest{opened}", fontsize=8)
    return figure


def panel(ax, tables, name, compared) -> None:
    """Differences of one outcome."""
    entry = outcomes()[name]
    base = tables.run(name, tables.reference)
    millions = 1e6 if abs(base.mean()) >= 1e5 else 1.0  # longer numbers of ticks would overlap
    smallest = entry.smallest(base.mean()) / millions
    ax.axvspan(-smallest, smallest, color="0.88", linewidth=0)
    ax.axvline(0, color=GREY, linewidth=0.6)
    for y, scenario in enumerate(reversed(compared)):
        _, colour, _, marker = look(scenario)
        n, mean, low, high = interval((tables.run(name, scenario) - base) / millions)
        if n > 1:
            ax.plot([low, high], [y, y], color=colour, linewidth=1.6, solid_capstyle="butt")
        ax.plot(mean, y, marker, color=colour, markersize=4.5)
        percent = 100 * mean * millions / base.mean() if base.mean() else float("nan")
        given_whole(ax, tables, (tables.run(name, scenario) - base) / millions, scenario, y - BELOW)
        ax.annotate(f"{number(percent, 0, True)} %", (mean, y), (0, 5), textcoords="offset points", ha="center",
                    fontsize=7)
    ax.set_yticks(range(len(compared)), [look(s)[0] for s in reversed(compared)])
    ax.set_ylim(-0.55, len(compared) - 0.2)
    ax.margins(x=0.18)
    ax.locator_params(axis="x", nbins=5)
    unit = entry.unit if millions == 1 else "M " + entry.unit
    ax.set_xlabel(f"{entry.label}\n({unit})")


def given_whole(ax, tables, differences, scenario, y) -> None:
    """An open mark: the mean difference over the pairs in which organisations stay whole, if that is not all pairs.

    It has a 95 % interval for `FEWEST` pairs or more.
    """
    whole = whole_pairs(tables, scenario)
    if whole.all() or not whole.any():
        return
    _, colour, _, marker = look(scenario)
    n, mean, low, high = interval(differences[whole])
    if n >= FEWEST:
        ax.plot([low, high], [y, y], color=colour, linewidth=0.8, solid_capstyle="butt")
    ax.plot(mean, y, marker, markeredgecolor=colour, markerfacecolor="white", markeredgewidth=0.8, markersize=4)


def whole_pairs(tables, scenario) -> np.ndarray:
    """For each pair of a scenario with the reference, whether no organisation in it is ever not whole."""
    whole = np.ones(len(tables.run(primary()[0], scenario)), bool)
    for each in (scenario, tables.reference):
        if {SHARE, BREAKS} <= set(tables.runs.column_names):
            share, breaks = tables.run(SHARE, each), tables.run(BREAKS, each)
            whole &= stays_whole(share) | (not has_organisation(share, breaks))
    return whole


def mixed(tables, compared) -> list[str]:
    """Scenarios whose organisation stays whole in some pairs and not in others, with the numbers of pairs."""
    wholes = {scenario: whole_pairs(tables, scenario) for scenario in compared}
    return [f"{whole.sum()} of {len(whole)} runs of {look(scenario)[0].lower()}" for scenario, whole in wholes.items()
            if whole.any() and not whole.all()]


def caption(tables) -> str:
    """The caption, in full sentences."""
    return ("The points show mean paired differences of the six primary outcomes from "
            f"{look(tables.reference)[0].lower()}, and the bars show 95 % t-intervals over {tables.sample()} with "
            "common random numbers. Percentages refer to the mean of the reference. Grey bands mark the smallest "
            f"effects of interest, which were fixed before any run.{of_open_marks(tables)}")


def of_open_marks(tables) -> str:
    """The sentence of the caption on runs given whole; empty without open marks."""
    counts = mixed(tables, [s for s in tables.scenarios if s != tables.reference])
    if not counts:
        return ""
    return (" Open marks show the mean differences over the replicates in which the organisation stays whole from the "
            f"first recorded night to the last ({', '.join(counts)}), with intervals for {FEWEST} replicates or more.")
