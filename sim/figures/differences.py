"""Figure 2: paired differences of the primary outcomes from the reference scenario."""

from sim.figures.style import DOUBLE, GREY, letter, look, new
from sim.findings.text import number
from sim.registry.outcomes import outcomes, primary
from sim.statistics.intervals import interval

NAME = "paired_differences"


def draw(tables):
    """One panel an outcome: difference and 95 % interval per scenario, grey where effects are too small to matter."""
    compared = [s for s in tables.scenarios if s != tables.reference]
    if not compared or tables.reference not in tables.scenarios:
        return None
    figure, axes = new(DOUBLE, 38 + 14 * len(compared), 2, 3)
    for ax, name in zip(axes.flat, primary()):
        panel(ax, tables, name, compared)
    for ax in axes[:, 1:].flat:
        ax.set_yticklabels([])
    letter(axes.flat)
    figure.supxlabel(f"Paired difference from {look(tables.reference)[0].lower()} (95 % interval); grey: smaller than "
                     "the smallest effect of interest", fontsize=8)
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
        ax.annotate(f"{number(percent, 0, True)} %", (mean, y), (0, 5), textcoords="offset points", ha="center",
                    fontsize=7)
    ax.set_yticks(range(len(compared)), [look(s)[0] for s in reversed(compared)])
    ax.set_ylim(-0.5, len(compared) - 0.2)
    ax.margins(x=0.18)
    ax.locator_params(axis="x", nbins=5)
    unit = entry.unit if millions == 1 else "M " + entry.unit
    ax.set_xlabel(f"{entry.label}\n({unit})")


def caption(tables) -> str:
    """The caption, in full sentences."""
    return ("The points show mean paired differences of the six primary outcomes from "
            f"{look(tables.reference)[0].lower()}, and the bars show 95 % t-intervals over {tables.sample()} with "
            "common random numbers. Percentages refer to the mean of the reference. Grey bands mark the smallest "
            "effects of interest, which were fixed before any run.")
