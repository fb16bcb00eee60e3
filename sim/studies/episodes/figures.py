"""The figure of the study `episodes`: detections reported as dots, simulated as a line with a band."""

import numpy as np
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
from matplotlib.ticker import FuncFormatter, LogLocator

from sim.figures.style import DOUBLE, letter, new
from sim.findings import Figure
from sim.findings.text import number
from sim.studies.episodes.record import EPISODES
from sim.studies.episodes.study import SHOWN, month_rows

COLOUR = "#0072B2"
CAPTION = ("Detections a month on the Western Balkan route, reported (dots) and simulated by the reduced model at "
           "draws of the posterior (line: median; band: 5 to 95 % with noise of months), at the level of the reference "
           "months. Measures of police are shaded. Scales are logarithmic. Two visa-free nationalities are left out in "
           "2022–2023.")


def figures(source) -> dict[str, Figure]:
    """The figure with its caption, sample and alternative text."""
    rows = month_rows(source)
    return {"episodes": Figure(lambda: draw(rows), CAPTION, basis(), alternative(rows))}


def basis() -> str:
    """Sample, reference and intervals, for the foot of the figure."""
    return (f"n: {number(SHOWN, 0)} draws of the posterior of all episodes. Reference: reported detections of the "
            "reference months of each episode. Bands: 5 to 95 % with noise of months.")


def alternative(rows) -> str:
    """The alternative text, with the reported and simulated detections of the month with the fewest reported."""
    texts = []
    for episode in EPISODES:
        fewest = min((row for row in rows if row["episode"] == episode.name), key=lambda row: float(row["reported"]))
        low, middle, high = (number(float(fewest[f"simulated_{level}"]), 0) for level in ("05", "50", "95"))
        texts.append(f"{episode.label}: {number(float(fewest['reported']), 0)} reported in {fewest['month']}, "
                     f"{middle} ({low} to {high}) simulated")
    return ("Four panels of detections by month on logarithmic scales, reported as dots and simulated as a line with a "
            f"band. In the month with the fewest reported: {'; '.join(texts)}.")


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
    ax.yaxis.set_major_locator(LogLocator(subs=(1.0, 3.0)))  # at least two numbers on an axis of one decade
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}".replace(",", " ")))
    ax.yaxis.set_minor_formatter(lambda *_: "")
    ax.set_title(episode.label, fontsize=8)
    ax.set_ylabel("Detections a month (log)")
    locator = AutoDateLocator(minticks=3, maxticks=6)
    ax.xaxis.set_major_locator(locator)
    ax.xaxis.set_major_formatter(ConciseDateFormatter(locator))
