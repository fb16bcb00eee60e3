"""Figure 6: where people are, by status and by shelter."""

import numpy as np

from sim.figures.series import WINDOW, band, smooth
from sim.figures.style import DOUBLE, GREY, letter, look, months, new

NAME = "people"
PANELS = (("waiting", "Waiting to cross"), ("resting", "Resting"), ("held", "Held for ransom"),
          ("moved", "Moved south"), ("in_camp", "In an official camp"),
          ("informal", "In an informal place"), ("flat", "In a group's flat"), ("unsheltered", "Without shelter"))


def possible(tables) -> bool:
    """Whether the tables allow the figure."""
    return True


def draw(tables):
    """One panel a status or shelter, one line with its interval a scenario; each panel has its own axis from zero."""
    figure, axes = new(DOUBLE, 108, 2, 4, sharex=True)
    dates = tables.dates()
    for ax, (column, title) in zip(axes.flat, PANELS):
        for scenario in tables.scenarios:
            name, colour, line, _ = look(scenario)
            mean, low, high = band(smooth(tables, column, scenario))
            if tables.replicates > 1:
                ax.fill_between(dates, low, high, color=colour, alpha=0.2, linewidth=0)
            ax.plot(dates, mean, color=colour, linestyle=line, linewidth=1.1, label=name)
        if column == "in_camp":
            for date in closures(tables):
                ax.axvline(date, color=GREY, linewidth=0.7, linestyle=":")
        ax.set_title(title, fontsize=7, fontweight="normal", loc="right")
        ax.set_ylim(bottom=0)
        ax.margins(x=0.01)
        ax.locator_params(axis="y", nbins=5)
        months(ax, dates, every=4)
    for ax in axes[:, 0]:
        ax.set_ylabel("Persons at dawn")
    letter(axes.flat)
    figure.legend(*axes[0, 0].get_legend_handles_labels(), loc="outside upper center", ncols=4, handlelength=3.2)
    return figure


def closures(tables) -> list:
    """Dates within the record on which camps close in the first scenario."""
    closed = tables.parameter(tables.scenarios[0], "camps", "closures") or []
    dates = sorted({np.datetime64(str(each["date"]), "D") for each in closed})
    first, last = tables.dates()[[0, -1]].astype("datetime64[D]")
    return [date for date in dates if first <= date <= last]


def basis(tables) -> str:
    """Sample and intervals, for the foot of the figure."""
    bands = "bands: 95 % intervals of the mean" if tables.replicates > 1 else "one replicate, so without interval"
    dotted = " Dotted in e: dates on which camps close." if closures(tables) else ""
    return (f"n: {tables.sample()}. Lines: means, smoothed over {WINDOW} nights; {bands}.{dotted} "
            "Each panel has its own scale.")


def caption(tables) -> str:
    """The caption, in full sentences."""
    dotted = " Dotted lines mark the dates on which camps close." if closures(tables) else ""
    return ("The lines show the number of people at dawn by status (a to d) and by shelter (e to h) as means over "
            f"replicates, smoothed over {WINDOW} nights; the bands are 95 % t-intervals over {tables.sample()}. People "
            f"without shelter are just back, held or moved.{dotted} Vertical axes start at zero and differ.")


def alternative(tables) -> str:
    """The alternative text, with mean numbers of people by scenario."""
    each = ", ".join(f"{look(s)[0]} {sum(tables.nights(c, s).mean() for c, _ in PANELS[:4]):.0f}"
                     for s in tables.scenarios)
    return ("Eight panels of lines over the recorded nights: people by status (waiting, resting, held, moved) and by "
            f"shelter (camp, informal place, flat, none). Mean number of people: {each}.")
