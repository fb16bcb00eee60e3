"""Figure 1: price and recorded attempts through the year."""

import numpy as np

from sim.figures.style import DOUBLE, letter, look, months, new

NAME = "price_and_attempts"
WINDOW = 7  # nights of the running mean
PANELS = (("price_mean", "Price of a crossing\n(EUR, offers weighted by clients)"),
          ("attempts_recorded", "Recorded attempts\n(per night)"))


def running_mean(values: np.ndarray) -> np.ndarray:
    """Centred running mean over `WINDOW` nights along the last axis; shorter at the ends."""
    kernel = np.ones(min(WINDOW, values.shape[-1]))
    weight = np.convolve(np.ones(values.shape[-1]), kernel, "same")
    return np.array([np.convolve(row, kernel, "same") / weight for row in values])


def draw(tables):
    """Median and 90 % band over replicates for each scenario."""
    figure, axes = new(DOUBLE, 110, 2, 1, sharex=True)
    dates = tables.dates()
    for ax, (column, label) in zip(axes[:, 0], PANELS):
        for scenario in tables.scenarios:
            name, colour, line, _ = look(scenario)
            values = running_mean(tables.nights(column, scenario).astype(float))
            low, middle, high = np.quantile(values, (0.05, 0.5, 0.95), axis=0)
            ax.fill_between(dates, low, high, color=colour, alpha=0.15, linewidth=0)
            ax.plot(dates, middle, color=colour, linestyle=line, label=name)
        ax.set_ylabel(label)
        ax.set_ylim(bottom=0)
        ax.margins(x=0.01)
    months(axes[1, 0], dates, every=1)
    axes[1, 0].set_xlabel("Month of the simulated year")
    letter(axes[:, 0])
    figure.legend(*axes[0, 0].get_legend_handles_labels(), loc="outside upper center", ncols=4, handlelength=3.2)
    return figure


def caption(tables) -> str:
    """The caption, in full sentences."""
    return (f"The lines show the median price and the median number of recorded attempts as {WINDOW}-night running "
            f"means, and the bands show 90 % of runs, over {tables.sample()}. Recorded attempts are those that a "
            "patrol stopped or noticed.")
