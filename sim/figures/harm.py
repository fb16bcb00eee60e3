"""Figure 5: deaths and abductions by perpetrator."""

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


def draw(tables):
    """Means and 95 % intervals over replicates, by perpetrator and scenario."""
    figure, axes = new(DOUBLE, 74, 1, 3, width_ratios=[4, 2.4, 3.2])
    for ax, (label, kinds) in zip(axes[0], PANELS):
        for k, scenario in enumerate(tables.scenarios):
            name, colour, _, marker = look(scenario)
            shift = (k - (len(tables.scenarios) - 1) / 2) * 0.7 / len(tables.scenarios)
            for x, (column, _) in enumerate(kinds):
                rate = 1e4 * tables.run(column, scenario) / tables.run("arrivals", scenario)
                n, mean, low, high = interval(rate)
                if n > 1:
                    ax.plot([x + shift] * 2, [max(low, 0), high], color=colour, linewidth=1.2)
                ax.plot(x + shift, mean, marker, color=colour, markersize=4, label=name if x == 0 else None)
        ax.set_xticks(range(len(kinds)), [text for _, text in kinds])
        ax.set_xlim(-0.6, len(kinds) - 0.4)
        ax.set_ylabel(label)
        ax.set_ylim(bottom=0)
    letter(axes[0])
    figure.legend(*axes[0, 0].get_legend_handles_labels(), loc="outside upper center", ncols=4)
    return figure


def caption(tables) -> str:
    """The caption, in full sentences."""
    return ("The panels show deaths, abductions and injuries of people on the move per 10 000 arrivals, by "
            f"perpetrator, as means and 95 % t-intervals over {tables.sample()}. Lower ends of intervals are cut at 0.")
