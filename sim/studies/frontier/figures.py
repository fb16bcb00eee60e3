"""Figures of the experiment `frontier`: outcomes over control and patrols, as maps and as bands."""

from functools import partial

import numpy as np

from sim.figures.style import DOUBLE, SMALLEST, in_millions, letter, look, new
from sim.findings import Figure
from sim.findings.text import brief, named, of_axis
from sim.registry.outcomes import primary
from sim.statistics.intervals import sign
from sim.studies.frontier.study import CONTROL, PATROLS, THEMES, banded, differences, levels, named_by

MAP = "cividis"  # perceptually uniform, the same to the colour-blind (Nuñez et al. 2018), monotone in grey
LOOKS = [("#000000", "-", "o"), ("#56B4E9", "--", "s"), ("#009E73", "-.", "^"), ("#0072B2", (0, (1, 1)), "v")]
WHOLE = look("centralised")  # control 1 looks like that scenario


def figures(grid) -> dict[str, Figure]:
    """Return maps and bands of every scenario."""
    drawn, scenarios, sample = {}, grid.axes["scenario"], grid.sample()
    for scenario in scenarios:
        drawn[named_by("frontier", scenario, scenarios)] = Figure(partial(draw, grid, scenario),
                                                                  caption(grid, scenario, sample), basis(sample),
                                                                  "Maps. " + alternative(grid, scenario))
        drawn[named_by("frontier_bands", scenario, scenarios)] = Figure(partial(draw_bands, grid, scenario),
                                                                        caption_bands(grid, scenario, sample),
                                                                        basis_bands(sample),
                                                                        "Lines with bands. "
                                                                        + alternative(grid, scenario))
    return drawn


def draw(grid, scenario: str):
    """Draw maps of the six primary outcomes with their means; arrows mark significant changes by control."""
    figure, axes = new(DOUBLE, 122, 2, 3, sharex=True, sharey=True)
    for ax, name in zip(axes.flat, primary()):
        phase(ax, grid, scenario, name)
    for ax in axes[:, 0]:
        ax.set_ylabel("Control (share of groups)")
    for ax in axes[-1]:
        ax.set_xlabel("Patrols (units)")
    letter(axes.flat)
    return figure


def phase(ax, grid, scenario, name) -> None:
    """Draw one map: the mean of each point as number and colour, the sign of its paired difference as an arrow."""
    mean, unit_is = in_millions(levels(grid, name, scenario)[0])
    image = ax.imshow(mean, origin="lower", aspect="auto", cmap=MAP)
    for (row, column), direction in np.ndenumerate(sign(differences(grid, name, scenario))):
        arrow = "" if grid.axes[CONTROL][row] == 0 else {1: "\n▲", -1: "\n▼", 0: "\n·"}[int(direction)]
        ax.text(column, row, f"{brief(mean[row, column])}".replace("-", "−") + arrow, ha="center", va="center",
                fontsize=SMALLEST, linespacing=0.95, color="white" if image.norm(mean[row, column]) < 0.55 else "black")
    ax.set_xticks(range(len(grid.axes[PATROLS])), [f"{v:g}" for v in grid.axes[PATROLS]])
    ax.set_yticks(range(len(grid.axes[CONTROL])), [f"{v:g}" for v in grid.axes[CONTROL]])
    ax.tick_params(length=0)
    for edges, line in ((len(grid.axes[PATROLS]), ax.axvline), (len(grid.axes[CONTROL]), ax.axhline)):
        for edge in range(1, edges):
            line(edge - 0.5, color="white", linewidth=0.6)
    ax.set_title(of_axis(name, unit_is, width=36), fontsize=7, fontweight="normal", loc="center")


def basis(sample: str) -> str:
    """Sample, reference and intervals, for the foot of the maps."""
    return (f"n: {sample}. Numbers: means. Reference: control 0 (bottom row) at the same patrols; ▲ higher, ▼ lower "
            "(the 95 % interval of the paired difference excludes 0), · neither. Steps of both axes are unequal.")


def alternative(grid, scenario: str) -> str:
    """The alternative text of maps and bands, with the means at the corners of each map."""
    lines = []
    for name in primary():
        mean = levels(grid, name, scenario)[0]
        lines.append(f"{named(name)[0]} {brief(mean[0, 0])} and {brief(mean[-1, 0])} at the fewest patrols, "
                     f"{brief(mean[0, -1])} and {brief(mean[-1, -1])} at the most")
    low, high = (f"{grid.axes[CONTROL][k]:g}" for k in (0, -1))
    return f"Outcomes over control and patrols. Means at control {low} and {high}: {'; '.join(lines)}."


def caption(grid, scenario: str, sample: str) -> str:
    """Caption of the maps."""
    cells = (len(grid.axes[CONTROL]) - 1) * len(grid.axes[PATROLS])
    return ("The maps show the means of the six primary outcomes over control (the share of groups under one "
            f"organisation on the first night) and patrols, in the scenario {look(scenario)[0].lower()}, over "
            f"{sample}. A triangle marks a cell in which the 95 % t-interval of the paired difference from control 0 "
            "(bottom row) at the same patrols excludes 0; it points up if the outcome is higher and down if it is "
            "lower. A dot marks the other cells. Numbers are the means. Intervals are pointwise: without any effect, "
            "triangles would mark "
            f"about {0.05 * cells:.0f} of {cells} cells of each panel. Steps between rows and between columns are "
            "unequal.")


# bands -------------------------------------------------------------------------------------------------------------
def draw_bands(grid, scenario: str):
    """Draw means over patrols with 95 % intervals as bands: one row for each theme, one line for each control."""
    figure, axes = new(DOUBLE, 190, len(THEMES), 3, sharex=True)
    for row, (theme, names) in zip(axes, THEMES.items()):
        for ax, name in zip(row, names):
            bands(ax, grid, scenario, name)
        row[0].annotate(theme, (0, 1.0), (16, 5), xycoords="axes fraction", textcoords="offset points", fontsize=8,
                        fontweight="bold")
    for ax in axes[-1]:
        ax.set_xlabel("Patrols (units)")
    letter(axes.flat)
    handles, labels = axes[0, 0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=len(labels))
    return figure


def bands(ax, grid, scenario, name) -> None:
    """Draw lines and bands of one outcome."""
    values, unit_is = in_millions(levels(grid, name, scenario))
    x = np.array(grid.axes[PATROLS])
    for k, control in enumerate(banded(grid.axes[CONTROL])):
        colour, line, marker = WHOLE[1:] if control == 1 else LOOKS[k % len(LOOKS)]
        mean, low, high = values[:, grid.place(CONTROL, control)]
        ax.fill_between(x, low, high, color=colour, alpha=0.22, linewidth=0)
        ax.plot(x, mean, line, marker=marker, color=colour, markersize=3, linewidth=1.1, label=f"Control {control:g}")
    ax.set_ylabel(of_axis(name, unit_is), fontsize=7)
    ax.set_xticks(x, [f"{v:g}" for v in x])
    ax.locator_params(axis="y", nbins=5)
    if (values[:, [grid.place(CONTROL, c) for c in banded(grid.axes[CONTROL])]][0] >= 0).all():
        ax.set_ylim(bottom=0)


def caption_bands(grid, scenario: str, sample: str) -> str:
    """Caption of the bands."""
    controls = ", ".join(f"{c:g}" for c in banded(grid.axes[CONTROL]))
    return ("The lines show mean harm, displacement, market outcomes, cost to the state and surplus of the groups over "
            f"patrols at control {controls}, in the scenario {look(scenario)[0].lower()}, over {sample}. The bands "
            "show 95 % t-intervals of each mean; intervals of paired differences are in frontier.csv. The state's cost "
            "includes patrols, operations and moving people, so it rises with patrols by definition. Vertical axes "
            "start at zero unless an outcome is negative.")


def basis_bands(sample: str) -> str:
    """Sample and intervals, for the foot of the bands."""
    return f"n: {sample}. Lines: means; bands: 95 % intervals of each mean (not of differences)."
