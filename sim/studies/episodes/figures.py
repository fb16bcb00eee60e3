"""The figure of the study `episodes`: detections reported as dots, simulated as a line with a band."""

import numpy as np
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
from matplotlib.ticker import FuncFormatter

from sim.figures.style import DOUBLE, letter, new
from sim.findings import Figure
from sim.studies.episodes.record import EPISODES
from sim.studies.episodes.study import month_rows

COLOUR = "#0072B2"
CAPTION = ("Detections a month on the Western Balkan route, reported (dots) and simulated by the reduced model at "
           "draws of the posterior (line: median; band: 5 to 95 % with noise of months), at the level of the reference "
           "months. Measures of police are shaded. Scales are logarithmic. Two visa-free nationalities are left out in "
           "2022–2023.")


def figures(source) -> dict[str, Figure]:
    """The figure and its caption."""
    return {"episodes": Figure(lambda: draw(month_rows(source)), CAPTION)}


def draw(rows):
    """Draw one panel for each episode from rows of episodes_months.csv."""
    figure, axes = new(DOUBLE, 120, 2, 2)
    for ax, episode in zip(axes.flat, EPISODES):
        panel(ax, episode, [row for row in rows if row["episode"] == episode.name])
    letter(axes.flat)
    figure.legend(*axes.flat[0].get_legend_handles_labels(), loc="outside lower center", ncols=4)
    return figure


def panel(ax, episode, rows) -> None:
    """Draw one episode."""
    day = np.array([row["month"] for row in rows], "datetime64[M]").astype("datetime64[D]") + np.timedelta64(14, "D")
    low, middle, high, told = (np.array([float(row[name]) for row in rows])
                               for name in ("simulated_05", "simulated_50", "simulated_95", "reported"))
    for k, (first, last, _) in enumerate(episode.measures):
        last = min(np.datetime64(last), day[-1] + np.timedelta64(15, "D"))
        ax.axvspan(np.datetime64(first), last, color="0.85", linewidth=0, label="Measures" if k == 0 else None)
    ax.fill_between(day, low, high, color=COLOUR, alpha=0.22, linewidth=0, label="Simulated, 5 to 95 %")
    ax.plot(day, middle, color=COLOUR, label="Simulated, median")
    ax.plot(day, told, "o", color="black", markersize=2.6, label="Reported")
    ax.set_yscale("log")
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}".replace(",", " ")))
    ax.yaxis.set_minor_formatter(lambda *_: "")
    ax.set_title(episode.label, fontsize=8)
    ax.set_ylabel("Detections a month")
    locator = AutoDateLocator(minticks=3, maxticks=6)
    ax.xaxis.set_major_locator(locator)
    ax.xaxis.set_major_formatter(ConciseDateFormatter(locator))
