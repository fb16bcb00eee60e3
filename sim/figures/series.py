"""Figure 1: price of a crossing and recorded attempts through the year."""

import numpy as np
from scipy.special import stdtrit

from sim.figures.style import DOUBLE, GREY, letter, look, months, new

NAME = "price_and_attempts"
WINDOW = 7  # nights of the running mean
PRICE, ATTEMPTS = "price_mean", "attempts_recorded"


def running_mean(values: np.ndarray) -> np.ndarray:
    """Centred running mean over `WINDOW` nights along the last axis; shorter at the ends."""
    kernel = np.ones(min(WINDOW, values.shape[-1]))
    weight = np.convolve(np.ones(values.shape[-1]), kernel, "same")
    return np.array([np.convolve(row, kernel, "same") / weight for row in values])


def smooth(tables, column: str, scenario: str) -> np.ndarray:
    """A nightly column as running means: replicates × nights."""
    return running_mean(tables.nights(column, scenario).astype(float))


def band(values: np.ndarray) -> np.ndarray:
    """Mean and ends of the 95 % t-interval by night (3, nights) of values (replicates, nights)."""
    n, mean = len(values), values.mean(axis=0)
    half = stdtrit(n - 1, 0.975) * values.std(axis=0, ddof=1) / np.sqrt(n) if n > 1 else np.full(len(mean), np.nan)
    return np.array([mean, mean - half, mean + half])


def possible(tables) -> bool:
    """Whether the tables allow the figure."""
    return True


def draw(tables):
    """One column a scenario: the price of every replicate above, recorded attempts below."""
    count = len(tables.scenarios)
    figure, axes = new(DOUBLE, 96, 2, count, sharex=True)
    for column, scenario in zip(axes.T, tables.scenarios):
        prices(column[0], tables, scenario)
        attempts(column[1], tables, scenario)
        column[0].set_title(look(scenario)[0].replace(" (", "\n("), fontsize=8)
        months(column[1], tables.dates(), every=3)
    compared = [k for k, scenario in enumerate(tables.scenarios) if scenario in tables.others()]
    alike(axes[0], "Price of a crossing (EUR)").set_ylim(bottom=0)
    alike(np.delete(axes[1], compared), "Recorded attempts (per night)").set_ylim(bottom=0)
    if compared:
        alike(axes[1, compared], "Difference (per night)")
    letter(axes.flat, "abcdefghijklmnopqrstuvwxyz")
    return figure


def alike(axes, label):
    """Give axes of one row the same vertical limits and label the first, which is returned."""
    for ax in axes[1:]:
        ax.sharey(axes[0])
        ax.tick_params(labelleft=False)
    axes[0].autoscale_view()
    axes[0].set_ylabel(label, fontsize=7)
    return axes[0]


def prices(ax, tables, scenario) -> None:
    """Prices of one scenario: a thin line a replicate, and the median of all."""
    _, colour, _, _ = look(scenario)
    values = smooth(tables, PRICE, scenario)
    ax.plot(tables.dates(), values.T, color=colour, linewidth=0.4, alpha=0.5)
    ax.plot(tables.dates(), np.median(values, axis=0), color=colour, linewidth=1.8)
    if scenario in tables.others():
        ax.plot(tables.dates(), np.median(smooth(tables, PRICE, tables.reference), axis=0), color=GREY, linewidth=1.1,
                linestyle="--")
    ax.margins(x=0.01)


def attempts(ax, tables, scenario) -> None:
    """Recorded attempts: means of the reference, and of other scenarios the paired difference from it."""
    _, colour, _, _ = look(scenario)
    values = smooth(tables, ATTEMPTS, scenario)
    if scenario in tables.others():
        values = values - smooth(tables, ATTEMPTS, tables.reference)
        ax.axhline(0, color=GREY, linewidth=1.1, linestyle="--")
    mean, low, high = band(values)
    if len(values) > 1:
        ax.fill_between(tables.dates(), low, high, color=colour, alpha=0.25, linewidth=0)
    ax.plot(tables.dates(), mean, color=colour)
    ax.margins(x=0.01)


def basis(tables) -> str:
    """Sample, reference and intervals, for the foot of the figure."""
    if not tables.others():
        return (f"Top: thin lines are replicates, the thick line is their median. Bottom: mean with its 95 % interval. "
                f"n: {tables.sample()}.")
    name = look(tables.reference)[0]
    return (f"Top: thin lines are replicates, thick lines their median; dashed: median of {name}. Bottom: mean of "
            f"{name} and, of each other scenario, the paired difference from {name} (dashed: 0), with 95 % intervals. "
            f"n: {tables.sample()}, paired by seed.")


def caption(tables) -> str:
    """The caption, in full sentences."""
    differences = (f" of {look(tables.reference)[0].lower()}, and for every other scenario the paired difference from "
                   "it" if tables.others() else "")
    return (f"The upper panels show the price of a crossing (offers weighted by clients) as {WINDOW}-night running "
            "means, with a thin line for each replicate and a thick line for their median. The lower panels show "
            f"recorded attempts, smoothed in the same way{differences}; bands are 95 % t-intervals over "
            f"{tables.sample()}. Recorded attempts are those that a patrol stopped or noticed.")


def alternative(tables) -> str:
    """The alternative text, with the median prices of the year."""
    medians = ", ".join(f"{look(s)[0]} {np.median(tables.nights(PRICE, s)):.0f} EUR" for s in tables.scenarios)
    return ("Lines over the recorded nights, one column for each scenario: prices of all replicates above, recorded "
            f"attempts below. Median price over all nights and replicates: {medians}.")
