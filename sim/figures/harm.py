"""Figure 5: deaths, abductions and injuries by perpetrator."""

from sim.figures.style import DOUBLE, letter, look, new
from sim.statistics.intervals import interval

NAME = "harm"
PANELS = (
    ("Deaths per 10 000 arrivals", (("deaths_authorities", "Authorities"), ("deaths_groups", "Groups,\nin captivity"),
                                    ("deaths_clashes", "Groups,\nclashes"), ("deaths_environment", "Accidents"))),
    ("Abductions per 10 000 arrivals", (("abductions_predatory", "Others'\nclients"),
                                        ("abductions_collateral", "Own\ndebtors"))),
    ("Injuries per 10 000 arrivals", (("injuries_authorities", "Authorities"),
                                      ("injuries_groups", "Groups,\nin captivity"),
                                      ("injuries_clashes", "Groups,\nclashes"))),
)


def possible(tables) -> bool:
    """Whether the tables allow the figure."""
    return True


def draw(tables):
    """Means and 95 % intervals over replicates, by perpetrator and scenario.

    A mark is full where the paired difference from the reference is surely not zero, and open elsewhere.
    """
    figure, axes = new(DOUBLE, 78, 1, 3, width_ratios=[4, 2.4, 3.2])
    for ax, (label, kinds) in zip(axes[0], PANELS):
        for k, scenario in enumerate(tables.scenarios):
            shift = (k - (len(tables.scenarios) - 1) / 2) * 0.7 / len(tables.scenarios)
            for x, (column, _) in enumerate(kinds):
                point(ax, tables, x + shift, column, scenario)
        ax.set_xticks(range(len(kinds)), [text for _, text in kinds], fontsize=6)
        ax.set_xlim(-0.6, len(kinds) - 0.4)
        ax.set_ylabel(label)
        ax.set_ylim(-0.04 * ax.get_ylim()[1], None)  # marks at zero stay clear of the frame
    for scenario in tables.scenarios:
        name, colour, _, marker = look(scenario)
        axes[0, 0].plot([], [], marker, color=colour, markersize=4, linestyle="", label=name)
    letter(axes[0])
    figure.legend(*axes[0, 0].get_legend_handles_labels(), loc="outside upper center", ncols=4)
    return figure


def rates(tables, column, scenario):
    """Events per 10 000 people who enter the market, by replicate."""
    return 1e4 * tables.run(column, scenario) / tables.run("arrivals", scenario)


def point(ax, tables, x, column, scenario) -> None:
    """Mark one mean with its interval; open if the paired difference from the reference may be zero."""
    _, colour, _, marker = look(scenario)
    values = rates(tables, column, scenario)
    n, mean, low, high = interval(values)
    if n > 1:
        ax.plot([x] * 2, [max(low, 0), high], color=colour, linewidth=1.2)
    surely = scenario not in tables.others() or differs(values - rates(tables, column, tables.reference))
    ax.plot(x, mean, marker, color=colour, markerfacecolor=colour if surely else "white", markersize=4,
            markeredgewidth=0.8)


def differs(differences) -> bool:
    """Whether the 95 % interval of paired differences excludes zero."""
    n, _, low, high = interval(differences)
    return n > 1 and (low > 0 or high < 0)


def basis(tables) -> str:
    """Sample, reference and intervals, for the foot of the figure."""
    paired = (f" Full marks: the paired difference from {look(tables.reference)[0]} has a 95 % interval without 0; "
              "open marks: it may be 0." if tables.others() else "")
    return f"n: {tables.sample()}. Lines: 95 % intervals of each mean.{paired}"


def caption(tables) -> str:
    """The caption, in full sentences."""
    paired = (f" Marks of scenarios other than {look(tables.reference)[0].lower()} are full if the 95 % interval of "
              "the paired difference from it excludes 0, and open if it does not." if tables.others() else "")
    return ("The panels show deaths, abductions and injuries of people on the move per 10 000 arrivals, by "
            f"perpetrator, as means and 95 % t-intervals over {tables.sample()}. Lower ends of intervals are cut at "
            f"0.{paired}")


def alternative(tables) -> str:
    """The alternative text, with the sums of the three panels by scenario."""
    lines = []
    for label, kinds in PANELS:
        each = ", ".join(f"{look(s)[0]} {sum(rates(tables, column, s).mean() for column, _ in kinds):.1f}"
                         for s in tables.scenarios)
        lines.append(f"{label}: {each}")
    return f"Three panels of points with intervals, by perpetrator and scenario. In sum, {'; '.join(lines)}."
