"""The figure of a comparison under drawn parameters: one dot for the mean paired difference of each draw."""

import numpy as np

from sim.figures.style import DOUBLE, GREY, in_millions, letter, look, new
from sim.findings import Figure
from sim.findings.text import of_axis
from sim.registry.outcomes import primary


def figures(draws) -> dict[str, Figure]:
    """Return the single figure by name."""
    return {"uncertainty": Figure(lambda: draw(draws.changes), caption(draws.changes))}


def draw(changes):
    """Draw one panel for each primary outcome; `changes` as returned by `sim.studies.uncertainty.study.differences`."""
    figure, axes = new(DOUBLE, 110, 2, 3)
    for ax, name in zip(axes.flat, primary()):
        by_scenario = changes(name)
        _, unit_is = in_millions(np.concatenate([values.ravel() for values in by_scenario.values()]))
        for x, ((scenario, _), values) in enumerate(by_scenario.items()):
            _, colour, _, marker = look(scenario)
            means = np.nanmean(values, axis=1) / unit_is if np.isfinite(values).any() else np.zeros(0)
            means = np.sort(means[np.isfinite(means)])
            shift = 0.28 * np.linspace(-1, 1, len(means)) if len(means) > 1 else np.zeros(len(means))
            ax.plot(x + shift, means, marker, color=colour, markersize=2, markeredgewidth=0, alpha=0.7)
            if len(means):
                ax.plot([x - 0.34, x + 0.34], [means.mean()] * 2, color="black", linewidth=1.2)
        ax.axhline(0, color=GREY, linewidth=0.6)
        ax.set_xticks(range(len(by_scenario)), [label(*key) for key in by_scenario], fontsize=6)
        ax.set_ylabel(of_axis(name, unit_is), fontsize=7)
    letter(axes.flat)
    return figure


def label(scenario: str, at: str) -> str:
    """The label of a tick."""
    return look(scenario)[0].replace(" (", "\n(") + (f"\n{at}" if at else "")


def caption(changes) -> str:
    """Caption of the figure."""
    draws, replicates = next(iter(changes(primary()[0]).values())).shape
    return (f"Each dot shows the paired difference from the reference under one of {draws} draws of the calibrated "
            f"parameters, as mean of {replicates} replicate{'s' if replicates > 1 else ''}; dots are sorted. The line "
            "shows the mean over draws.")
