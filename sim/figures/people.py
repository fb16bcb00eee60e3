"""Figure 6: where people are, by status and by shelter."""

from sim.figures.series import running_mean
from sim.figures.style import DOUBLE, look, months, new

NAME = "people"
ROWS = (
    ("By status", (("waiting", "Waiting", "#0072B2", ""), ("resting", "Resting", "#9ecae1", "..."),
                   ("held", "Held for ransom", "#D55E00", ""), ("moved", "Moved south", "#E69F00", "///"))),
    ("By shelter", (("in_camp", "Official camp", "#009E73", ""), ("informal", "Informal place", "#8C6D1F", "///"),
                    ("flat", "Group's flat", "#CC79A7", "..."),
                    ("unsheltered", "None (just back,\nheld or moved)", "0.8", ""))),
)


def draw(tables):
    """Stacked stocks at dawn, mean over replicates, a column a scenario."""
    count = len(tables.scenarios)
    figure, axes = new(DOUBLE, 112, 2, count, sharey=True, sharex=True)
    dates = tables.dates()
    top = 0.0
    for k, ((title, layers), row) in enumerate(zip(ROWS, axes)):
        for ax, scenario in zip(row, tables.scenarios):
            base = 0
            for column, label, colour, hatch in layers:
                height = running_mean(tables.nights(column, scenario).mean(axis=0)[None].astype(float))[0]
                ax.fill_between(dates, base, base + height, facecolor=colour, hatch=hatch, edgecolor="white",
                                linewidth=0, label=label)
                base = base + height
            ax.margins(x=0)
            top = max(top, base.max())
            months(ax, dates, every=4)
            if k == 0:
                ax.set_title(look(scenario)[0].replace(" (", "\n("), fontsize=8)
        row[0].set_ylabel(f"{title}\n(persons at dawn)")
        row[0].set_ylim(0, 1.04 * top)
        row[-1].legend(*row[-1].get_legend_handles_labels(), loc="center left", bbox_to_anchor=(1.0, 0.5), reverse=True)
    return figure


def caption(tables) -> str:
    """The caption, in full sentences."""
    return ("The areas show the number of people at dawn by status and by shelter, as 7-night running means of means "
            f"over {tables.sample()}.")
