"""Figure of a decomposition: Shapley values of the levers, a panel for each outcome."""

from math import ceil

from sim.figures.style import DOUBLE, GREY, letter, minus, new
from sim.findings import Figure
from sim.findings.text import brief, named, number, of_axis
from sim.registry.outcomes import outcomes
from sim.studies.decomposition.study import PARTS, TOTAL

COLUMNS = 3
COLOUR = "#0072B2"  # of Okabe and Ito 2008; dark in grey print
TOTALS = ("joint_surplus", "skim", "bribes", "gross_income")  # sums of money of a market, always in million EUR
BELOW = 0.33  # distance of the triangles below the interval, in rows
ALONE = (("first_in", ">", "Alone (first in)"), ("last_in", "<", "On top of all others (last in)"))


def figures(game) -> dict[str, Figure]:
    """Return the figure of Shapley values of all outcomes except the parts of ratios."""
    rows = [row for row in game.effects if row["outcome"] not in PARTS]
    return {"shapley": Figure(lambda: draw(rows), caption(game.sample()), basis(game.sample()),
                              alternative(rows))}


def draw(rows):
    """Draw means with 95 % intervals by lever; rows as in `shapley.csv`, with numbers or empty cells."""
    rows = [row for row in rows if not row["part"]]
    names = list(dict.fromkeys(row["outcome"] for row in rows))
    levers = [row["lever"] for row in rows if row["outcome"] == names[0] and row["lever"] != TOTAL]
    height = ceil(len(names) / COLUMNS)
    figure, axes = new(DOUBLE, 12 + height * (18 + 3.7 * len(levers)), height, min(COLUMNS, len(names)))
    for ax, name in zip(axes.flat, names):
        panel(ax, name, [row for row in rows if row["outcome"] == name], levers)
    for ax in axes.flat[len(names):]:
        ax.set_visible(False)
    for ax in axes[:, 1:].flat:
        ax.set_yticklabels([])
    letter(axes.flat[:len(names)])
    handles, labels = axes.flat[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside upper center", ncols=len(labels))
    return figure


def panel(ax, name, rows, levers) -> None:
    """Draw one outcome: levers from top to bottom, and in the corner the difference to which they sum."""
    entry, by = outcomes()[name], {row["lever"]: row for row in rows}
    millions = 1e6 if name in TOTALS else 1.0
    ax.axvline(0, color=GREY, linewidth=0.6)
    for y, lever in enumerate(reversed(levers)):
        row, first = by[lever], y == 0
        ax.axhline(y, color="0.92", linewidth=0.5, zorder=0)
        for kind, marker, label in ALONE:
            ax.plot(row[kind] / millions, y - BELOW, marker, color=GREY, markerfacecolor="white", markersize=3.2,
                    markeredgewidth=0.7, linestyle="none", label=label if first else None)
        if row["low"] == row["low"]:
            ax.plot([row["low"] / millions, row["high"] / millions], [y, y], color=COLOUR, linewidth=1.6,
                    solid_capstyle="butt")
        ax.plot(row["mean"] / millions, y, "o", color=COLOUR, markersize=4, linestyle="none",
                label="Shapley value, 95 % interval" if first else None)
    ax.set_yticks(range(len(levers)), [words(lever) for lever in reversed(levers)])
    ax.set_ylim(-0.7, len(levers) - 0.5)
    ax.margins(x=0.08)
    ax.locator_params(axis="x", nbins=4)
    total = sum_text(by[TOTAL], 2 if millions > 1 else entry.digits, millions)
    ax.set_title(f"sum {total}", loc="right", fontsize=7, fontweight="normal")
    ax.set_xlabel(of_axis(name, millions))


def sum_text(row, digits, unit_is=1.0) -> str:
    """The difference to which the values sum, with its half-width if it has one; minus sign as on the axes."""
    mean, half = row["mean"] / unit_is, (row["high"] - row["mean"]) / unit_is
    text = minus(number(mean, digits, True)) if mean else "0"
    return text + (f" ± {number(half, digits, beside=mean)}" if half > 0 else "")


def words(lever: str) -> str:
    """The name of a lever in words."""
    return lever.replace("_", " ").capitalize()


def caption(sample: str) -> str:
    """Caption of the figure."""
    return ("The panels show exact Shapley values of the organisation's levers: the change of an outcome by each "
            f"lever, averaged over all orders in which the levers can be switched on ({sample}). Filled points and "
            "lines show means and 95 % t-intervals over seeds. Grey triangles show the mean effect of the lever alone "
            "(first in) and on top of all others (last in). The values of a panel sum to the difference in its corner, "
            "shown with its own interval. Groups pay transfers to organisations, and these are not part of the joint "
            "surplus.")


def basis(sample: str) -> str:
    """Sample, reference and intervals, for the foot of the figure."""
    return (f"n: {sample}. Reference: all levers off; a panel's values add up to its sum. Lines: 95 % intervals. "
            "Values of short or small markets are not those of a whole year.")


def alternative(rows) -> str:
    """The alternative text, with the lever of the largest value for each outcome."""
    lines = []
    for name in dict.fromkeys(row["outcome"] for row in rows if not row["part"]):
        here = [row for row in rows if row["outcome"] == name and row["lever"] != TOTAL and not row["part"]]
        top = max(here, key=lambda row: abs(row["mean"]))
        lines.append(f"{named(name)[0]}: {words(top['lever']).lower()} {brief(top['mean'], True)} {named(name)[1]}")
    return f"Panels of points with intervals, one row for each lever. Largest values: {'; '.join(lines)}."
