"""The figure of a comparison under drawn parameters: one dot for the mean paired difference of each draw."""

import numpy as np

from sim.figures.style import DOUBLE, GREY, in_millions, letter, look, new
from sim.findings import Figure
from sim.findings.text import brief, named, of_axis
from sim.registry.outcomes import primary


def figures(draws) -> dict[str, Figure]:
    """Return the single figure by name."""
    return {"uncertainty": Figure(lambda: draw(draws.changes), caption(draws.changes), basis(draws.changes),
                                  alternative(draws.changes))}


def draw(changes):
    """Draw one panel for each primary outcome; `changes` as returned by `sim.studies.uncertainty.study.differences`."""
    figure, axes = new(DOUBLE, 110, 2, 3)
    for ax, name in zip(axes.flat, primary()):
        by_scenario = changes(name)
        _, unit_is = in_millions(np.concatenate([values.ravel() for values in by_scenario.values()]))
        low, high = limits([of_draws(values) / unit_is for values in by_scenario.values()])
        for x, ((scenario, _), values) in enumerate(by_scenario.items()):
            _, colour, _, marker = look(scenario)
            means = np.sort(of_draws(values) / unit_is)
            place = x + (0.34 * np.linspace(-1, 1, len(means)) if len(means) > 1 else np.zeros(len(means)))
            inside = (means >= low) & (means <= high)
            ax.plot(place[inside], means[inside], marker, color=colour, markersize=2, markeredgewidth=0, alpha=0.7)
            beyond(ax, x, (means < low).sum(), (means > high).sum())
            if len(means):
                ax.plot([x - 0.34, x + 0.34], [means.mean()] * 2, color="black", linewidth=1.2)
        ax.axhline(0, color=GREY, linewidth=0.6)
        ax.set_xticks(range(len(by_scenario)), [label(*key) for key in by_scenario], fontsize=6)
        ax.set_ylim(low, high)
        ax.set_ylabel(f"{of_axis(name, unit_is)}\ndifference", fontsize=7)
    letter(axes.flat)
    return figure


def of_draws(values) -> np.ndarray:
    """Mean differences of the draws, from draws × replicates; draws without any value are left out."""
    means = np.nanmean(values[np.isfinite(values).any(axis=1)], axis=1)
    return means[np.isfinite(means)]


def limits(by_scenario) -> tuple[float, float]:
    """Ends of a vertical axis: 0, and all draws except those far beyond the central 95 % of all scenarios."""
    values = np.concatenate([*by_scenario, [0.0]])
    low, high = np.quantile(values, (0.025, 0.975))
    margin = 0.6 * (high - low) or 1.0
    low, high = max(low - margin, values.min()), min(high + margin, values.max())
    spare = 0.08 * (high - low) or 1.0
    return min(low, 0) - spare, max(high, 0) + spare


def beyond(ax, x, below: int, above: int) -> None:
    """Write how many draws of a scenario lie beyond the axis."""
    for count, edge, arrow, va in ((below, 0.0, "↓", "bottom"), (above, 1.0, "↑", "top")):
        if count:
            ax.annotate(f"{arrow} {count}", (x, edge), xycoords=("data", "axes fraction"), ha="center", va=va,
                        fontsize=6)


def label(scenario: str, at: str) -> str:
    """The label of a tick."""
    return look(scenario)[0].replace(" (", "\n(") + (f"\n{at}" if at else "")


def caption(changes) -> str:
    """Caption of the figure."""
    draws, replicates = next(iter(changes(primary()[0]).values())).shape
    return (f"Each dot shows the paired difference from the reference under one of {draws} draws of the calibrated "
            f"parameters, as mean of {replicates} replicate{'s' if replicates > 1 else ''}; dots are sorted. The line "
            "shows the mean over draws.")


def basis(changes) -> str:
    """Sample and reference, for the foot of the figure."""
    draws, replicates = next(iter(changes(primary()[0]).values())).shape
    return (f"n: {draws} draws of the parameters with {replicates} replicate{'s' if replicates > 1 else ''} each, "
            "paired by seed. Dots: draws in order of size; line: their mean. Arrows: number of draws beyond the axis.")


def alternative(changes) -> str:
    """The alternative text, with the central 95 % of draws by outcome and scenario."""
    lines = []
    for name in primary():
        for key, values in changes(name).items():
            if len(means := of_draws(values)):
                low, high = np.quantile(means, (0.025, 0.975))
                lines.append(f"{named(name)[0]}, {label(*key)}: {brief(low)} to {brief(high)}".replace("\n", " "))
    return f"Six panels of dots, one for each draw of the parameters. Central 95 % of draws: {'; '.join(lines)}."
