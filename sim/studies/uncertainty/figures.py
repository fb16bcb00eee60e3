"""The figure of a comparison under drawn parameters: a dot a draw, its mean paired difference."""

import numpy as np

from sim.figures.style import DOUBLE, GREY, in_millions, letter, look, new
from sim.findings import Figure
from sim.findings.text import of_axis
from sim.registry.outcomes import primary


def figures(draws) -> dict[str, Figure]:
    """A dot for every draw."""
    return {"uncertainty": Figure(lambda: draw(draws.changes), caption(draws.changes))}


def draw(changes):
    """A panel for every primary outcome; `changes` as from `sim.studies.uncertainty.study.differences`."""
    figure, axes = new(DOUBLE, 110, 2, 3)
    for ax, name in zip(axes.flat, primary()):
        found = changes(name)
        _, unit_is = in_millions(np.concatenate([values.ravel() for values in found.values()]))
        for x, ((scenario, _), values) in enumerate(found.items()):
            _, colour, _, marker = look(scenario)
            means = np.nanmean(values, axis=1) / unit_is if np.isfinite(values).any() else np.zeros(0)
            means = np.sort(means[np.isfinite(means)])
            shift = 0.28 * np.linspace(-1, 1, len(means)) if len(means) > 1 else np.zeros(len(means))
            ax.plot(x + shift, means, marker, color=colour, markersize=2, markeredgewidth=0, alpha=0.7)
            if len(means):
                ax.plot([x - 0.34, x + 0.34], [means.mean()] * 2, color="black", linewidth=1.2)
        ax.axhline(0, color=GREY, linewidth=0.6)
        ax.set_xticks(range(len(found)), [label(*key) for key in found], fontsize=6)
        ax.set_ylabel(of_axis(name, unit_is), fontsize=7)
    letter(axes.flat)
    return figure


def label(scenario: str, at: str) -> str:
    """A tick's text."""
    return look(scenario)[0].replace(" (", "\n(") + (f"\n{at}" if at else "")


def caption(changes) -> str:
    draws, replicates = next(iter(changes(primary()[0]).values())).shape
    return (f"Paired differences from the reference under {draws} draws of the calibrated parameters: a dot a draw "
            f"(mean of {replicates} replicate{'s' if replicates > 1 else ''}), in order; line: mean over draws.")
