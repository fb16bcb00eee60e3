"""Figure of the experiment `concentration`: outcomes over the number of owners."""

import numpy as np

from sim.figures.style import DOUBLE, letter, new
from sim.findings import Figure
from sim.findings.text import brief, named, of_axis
from sim.statistics.intervals import over, sign
from sim.studies.concentration.study import CONTEXT, OUTCOMES, REFERENCE

LOOKS = [("#000000", "-", "o"), ("#D55E00", "--", "s"), ("#0072B2", ":", "^"), ("#009E73", "-.", "D")]


def figures(runs) -> dict[str, Figure]:
    """Return the figure of curves over the number of owners."""
    return {"concentration": Figure(lambda: draw(runs.arms), caption(runs.arms, runs.sample),
                                    basis(runs.sample), alternative(runs.arms))}


def draw(arms):
    """Draw means with 95 % intervals, one panel for each outcome and one curve for each arm."""
    figure, axes = new(DOUBLE, 104, 2, 4, sharex=True)
    for ax, name in zip(axes.flat, (*OUTCOMES, *CONTEXT)):
        panel(ax, arms, name)
        ax.tick_params(labelbottom=True)
    for ax in axes[1]:
        ax.set_xlabel("Owners at the start")
    letter(axes.flat)
    handles, labels = axes[0, 0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=len(arms))
    return figure


def panel(ax, arms, name) -> None:
    """Draw the curves of one outcome; a full marker if the interval of the paired difference excludes 0."""
    unit_is = 1e6 if (abs(means_of(arms, name)) >= 1e6).any() else 1.0
    ax.axvline(REFERENCE, color="0.85", linewidth=0.8, zorder=0)
    for k, arm in enumerate(arms):
        colour, line, marker = LOOKS[k % len(LOOKS)]
        mean, low, high = over(arm.runs[name]) / unit_is
        x = np.array(arm.owners) + 0.18 * k
        ax.plot(x, mean, line, color=colour, linewidth=0.9, zorder=1)
        ax.vlines(x, low, high, color=colour, linewidth=1.4, zorder=2)
        sure = sign(arm.difference(name)) != 0
        for chosen, face in ((sure, colour), (~sure, "white")):
            if chosen.any():  # Matplotlib would draw an empty, unclipped line at the corner of the figure
                ax.plot(x[chosen], mean[chosen], marker, color=colour, markerfacecolor=face, markersize=3.8, zorder=3,
                        clip_on=False)
        ax.plot([], [], line, marker=marker, color=colour, markersize=3.8, label=arm.name.capitalize())
    finish(ax, arms, name, unit_is)


def finish(ax, arms, name, unit_is) -> None:
    """Set title, ticks at the simulated numbers of owners, and a vertical axis from 0 if no mean is negative."""
    ax.set_title(of_axis(name, unit_is, width=22), fontsize=6.5, fontweight="normal", loc="center")
    ax.set_xticks(arms[0].owners, [n if n != 3 else "" for n in arms[0].owners])
    ax.set_xlim(0, max(arms[0].owners) + 1)
    ax.locator_params(axis="y", nbins=5)
    if (means_of(arms, name) >= 0).all():
        ax.set_ylim(bottom=0)


def means_of(arms, name) -> np.ndarray:
    """All finite means of an outcome."""
    means = np.concatenate([over(arm.runs[name])[0] for arm in arms])
    return means[np.isfinite(means)]


def caption(arms, sample: str) -> str:
    """Caption of the figure."""
    others = "".join(f", and {arm.name} of members and turf while the rest is divided equally" for arm in arms[1:])
    return ("The curves show outcomes over the number of owners at the start, with the same total of members, arms and "
            f"treasury at all points: {arms[0].name}{others}. Points are means and lines are 95 % t-intervals over "
            f"{sample}. A marker is full if the 95 % interval of the paired difference from {REFERENCE} owners (grey "
            "line) of the same curve excludes 0, and open if it does not. Intervals of means include the chance that "
            "all points share; those of paired differences do not. Curves are shifted slightly along the horizontal "
            "axis.")


def basis(sample: str) -> str:
    """Sample, reference and intervals, for the foot of the figure."""
    return (f"n: {sample}. Lines: 95 % intervals of the mean. Full marks: the paired difference from {REFERENCE} "
            "owners (grey line) has a 95 % interval without 0; open marks: it may be 0.")


def alternative(arms) -> str:
    """The alternative text, with the means of the first arm at both ends."""
    first, lines = arms[0], []
    for name in OUTCOMES:
        mean = over(first.runs[name])[0]
        lines.append(f"{named(name)[0]} from {brief(mean[0])} to {brief(mean[-1])}")
    return (f"Eight panels of curves over the number of owners. From {first.owners[0]} to {first.owners[-1]} owners "
            f"({first.name}): {'; '.join(lines)}.")
