"""Figure 2: paired differences of the primary outcomes from the reference scenario."""

import numpy as np

from sim.figures.style import DOUBLE, GREY, letter, look, minus, new
from sim.findings.text import number, of_axis
from sim.registry.outcomes import outcomes, primary
from sim.statistics.given_whole import BREAKS, FEWEST, SHARE, has_organisation, stays_whole
from sim.statistics.intervals import interval

NAME = "paired_differences"
BELOW = 0.3  # distance of the mark of runs given whole below that of all runs, in rows
RIGHT = {  # what a positive difference means, in words
    "outlay_per_arrival": "people pay more", "crossed_within_30": "more get across in time",
    "deaths_per_10k": "more die", "abductions_per_10k": "more are abducted", "bribes_per_gross": "more corruption",
    "joint_surplus": "groups gain more",
}


def possible(tables) -> bool:
    """Whether the tables allow the figure: the reference and another scenario were run."""
    return bool(tables.others())


def draw(tables):
    """One panel an outcome: difference and 95 % interval per scenario, grey where effects are too small to matter.

    An open mark below shows the difference over the runs in which the organisation stays whole, where some do not.
    """
    compared = tables.others()
    height = 58 + 18 * len(compared) if mixed(tables, compared) else 52 + 13 * len(compared)
    figure, axes = new(DOUBLE, height, 2, 3)
    for ax, name in zip(axes.flat, primary()):
        panel(ax, tables, name, compared)
    for ax in axes[:, 1:].flat:
        ax.set_yticklabels([])
    for ax in axes[:, 0]:
        ax.set_ylabel(f"Scenario minus {look(tables.reference)[0]}", fontsize=7)
    letter(axes.flat)
    return figure


def panel(ax, tables, name, compared) -> None:
    """Differences of one outcome; the column to the right of the panel gives them in percent."""
    base = tables.run(name, tables.reference)
    millions = 1e6 if abs(base.mean()) >= 1e5 else 1.0  # longer numbers of ticks would overlap
    smallest = outcomes()[name].smallest(base.mean()) / millions
    ax.axvspan(-smallest, smallest, color="0.88", linewidth=0)
    ax.axvline(0, color=GREY, linewidth=0.6)
    for y, scenario in enumerate(reversed(compared)):
        _, colour, _, marker = look(scenario)
        differences = (tables.run(name, scenario) - base) / millions
        n, mean, low, high = interval(differences)
        if n > 1:
            ax.plot([low, high], [y, y], color=colour, linewidth=1.6, solid_capstyle="butt")
        ax.plot(mean, y, marker, color=colour, markersize=4.5)
        given_whole(ax, tables, differences, scenario, y - BELOW)
        ax.annotate(in_percent(mean * millions, base.mean()), (1.0, y), (2, 0), ("axes fraction", "data"),
                    textcoords="offset points", ha="left", va="center", fontsize=7, annotation_clip=False)
    ax.set_yticks(range(len(compared)), [look(s)[0].replace(" (", "\n(") for s in reversed(compared)])
    ax.set_ylim(-0.55, len(compared) - 0.45)
    ax.margins(x=0.1)
    if np.ptp(ax.get_xlim()) < 1e-9:  # no run differs, and rounding errors need no axis
        ax.set_xlim(-1, 1)
    ax.locator_params(axis="x", nbins=4)
    more = f"\n→ {RIGHT[name]}" if name in RIGHT else ""
    ax.set_xlabel(of_axis(name, millions, width=34) + more, fontsize=7)


def in_percent(difference: float, base: float) -> str:
    """A difference as a share of the reference's mean; a dash if that is zero."""
    return f"{minus(number(100 * difference / base, 0, True))} %" if base else "–"


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


def basis(tables) -> str:
    """Sample, reference and intervals, for the foot of the figure."""
    opened = "; open marks: runs in which the organisation stays whole" if mixed(tables, tables.others()) else ""
    return (f"n: {tables.sample()}, paired by seed. Reference: {look(tables.reference)[0]}; numbers at the right are "
            f"in % of its mean. Marks: mean paired differences with 95 % intervals{opened}. Grey: smaller than the "
            "smallest effect of interest, fixed before any run.")


def alternative(tables) -> str:
    """The alternative text, which lists the differences in percent."""
    lines = []
    for name in primary():
        base = tables.run(name, tables.reference)
        each = ", ".join(f"{look(s)[0]} {in_percent((tables.run(name, s) - base).mean(), base.mean())}"
                         for s in tables.others())
        lines.append(f"{outcomes()[name].label}: {each}")
    return (f"Six panels of points with intervals, each the paired difference from {look(tables.reference)[0]}. "
            f"{'; '.join(lines)}.")


def caption(tables) -> str:
    """The caption, in full sentences."""
    return ("The points show mean paired differences of the six primary outcomes from "
            f"{look(tables.reference)[0].lower()}, and the bars show 95 % t-intervals over {tables.sample()} with "
            "common random numbers. Percentages refer to the mean of the reference. Grey bands mark the smallest "
            f"effects of interest, which were fixed before any run.{of_open_marks(tables)}")


def of_open_marks(tables) -> str:
    """The sentence of the caption on runs given whole; empty without open marks."""
    counts = mixed(tables, tables.others())
    if not counts:
        return ""
    return (" Open marks show the mean differences over the replicates in which the organisation stays whole from the "
            f"first recorded night to the last ({', '.join(counts)}), with intervals for {FEWEST} replicates or more.")
