"""Figures of the experiment `crackdown`: weekly differences from the same world without an operation."""

from functools import partial

import numpy as np

from sim.figures.style import DOUBLE, GREY, letter, look, new
from sim.findings import Figure
from sim.findings.text import number
from sim.statistics.events import band
from sim.studies.crackdown.study import months
from sim.studies.event_study import OUTCOMES

COLUMNS = 3
FIRST, LAST = -8, 78  # weeks shown
SUMMED = ("deaths_authorities", "deaths_groups", "deaths_clashes", "deaths_environment", "clashes")
LENGTHS = [("#56B4E9", "-"), ("#0072B2", "--"), ("#000000", ":")]  # of Okabe and Ito 2008; lightness differs


def figures(study) -> dict[str, Figure]:
    """Return figures of all worlds under the operation of middle length, and of each world under all lengths."""
    middle = study.lengths[len(study.lengths) // 2]
    drawn = {"crackdown": Figure(partial(draw_worlds, study, middle), caption_worlds(study, middle))}
    for scenario in study.scenarios:
        drawn[f"crackdown_{scenario}"] = Figure(partial(draw_lengths, study, scenario),
                                                caption_lengths(study, scenario))
    return drawn


def draw_worlds(study, length: int):
    """Draw operations of one length: one panel for each series, one line for each world."""
    figure, axes = grid()
    for ax, series in zip(axes.flat, OUTCOMES):
        shade(ax, [length])
        for scenario in study.scenarios:
            name, colour, line, _ = look(scenario)
            curve(ax, *values(study, series, scenario, length), colour, line, name)
    return finish(figure, axes)


def draw_lengths(study, scenario: str):
    """Draw one world: one panel for each series, one line for each length."""
    figure, axes = grid()
    for ax, series in zip(axes.flat, OUTCOMES):
        shade(ax, study.lengths)
        for (colour, line), length in zip(LENGTHS, study.lengths):
            curve(ax, *values(study, series, scenario, length), colour, line, months(length).capitalize())
    return finish(figure, axes)


def grid():
    """Return the figure and its axes, one for each series."""
    return new(DOUBLE, 210, -(-len(OUTCOMES) // COLUMNS), COLUMNS, sharex=True)


def shade(ax, lengths) -> None:
    """Shade the nights of the operations; shades of operations at the same time add up."""
    for length in lengths:
        ax.axvspan(0, length / 7, color="0.5", alpha=0.16, linewidth=0, zorder=0)
    ax.axhline(0, color=GREY, linewidth=0.6, zorder=1)


def values(study, series, scenario, length):
    """Return weeks and bands: of weekly means, or of sums from the start on for rare events."""
    if series.name in SUMMED:
        weeks, sums = study.sums(study.difference(series, (scenario, length)))
        return weeks, band(sums)
    weeks, bands = study.bands(series, scenario, length)
    return weeks, bands / thousands(series)


def thousands(series) -> float:
    """The factor by which a series is divided: 1000 for money."""
    return 1000.0 if series.unit.startswith("EUR /") else 1.0


def heading(series) -> str:
    """The title of a panel: name and unit."""
    if series.name in SUMMED:
        return f"{series.label} (summed)"
    return f"{series.label} ({'1000 ' if thousands(series) > 1 else ''}{series.unit})".replace("(attempts /", "(/")


def curve(ax, weeks, bands, colour, line, label) -> None:
    """Draw mean and band of one arm; a week is drawn at its middle."""
    inside = (weeks >= FIRST) & (weeks < LAST)
    x, (mean, low, high) = weeks[inside] + 0.5, bands[:, inside]
    ax.fill_between(x, low, high, color=colour, alpha=0.18, linewidth=0)
    ax.plot(x, mean, line, color=colour, linewidth=1.0, label=label)


def finish(figure, axes):
    """Add labels, letters and the legend."""
    for ax, series in zip(axes.flat, OUTCOMES):
        ax.set_title(heading(series), loc="right", fontsize=6.5, fontweight="normal")
        ax.locator_params(axis="y", nbins=5)
        ax.set_xlim(FIRST, LAST)
        ax.set_xticks(np.arange(0, LAST, 13))
    for ax in axes.flat[len(OUTCOMES):]:
        ax.set_visible(False)
    figure.supxlabel("Weeks from the start of the operation", fontsize=8)
    letter(axes.flat[: len(OUTCOMES)], "abcdefghijklmnop")
    figure.legend(*axes[0, 0].get_legend_handles_labels(), loc="outside upper center", ncols=3, handlelength=3.2)
    return figure


def reading(study) -> str:
    """Sentences on lines, bands and shades, shared by all captions."""
    n = len(study.nights.replicates)
    return ("The lines show weekly means of paired differences from the same world without the operation, over "
            f"{number(n, 0)} replicates; deaths and clashes are summed from the start on. The bands show 95 % "
            "t-intervals, week by week. The nights of the operation are grey. Before the start all arms are the same "
            "run, so the difference is exactly 0.")


def caption_worlds(study, length: int) -> str:
    """Caption of the figure of all worlds."""
    worlds = ", ".join(look(s)[0].lower() for s in study.scenarios)
    return f"The panels show an operation of {months(length)} in these worlds: {worlds}. {reading(study)}"


def caption_lengths(study, scenario: str) -> str:
    """Caption of the figure of all lengths in one world."""
    lengths = ", ".join(months(length) for length in study.lengths)
    return (f"The panels show operations of these lengths: {lengths}, in the scenario {look(scenario)[0].lower()}. "
            f"{reading(study)} Shades of grey add up: the lightest is the longest operation alone.")
