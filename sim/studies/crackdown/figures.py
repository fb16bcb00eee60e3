"""Figures of the experiment `crackdown`: weekly differences from the same world without an operation."""

import re
from functools import partial

import numpy as np

from sim.figures.style import DOUBLE, GREY, letter, look, new
from sim.findings import Figure
from sim.findings.text import number
from sim.statistics.events import band
from sim.studies.crackdown.study import months
from sim.studies.event_study import OUTCOMES

COLUMNS = 3
BLOCK, LAST = 13, 78  # weeks in a block, and weeks shown
SUMMED = ("deaths_authorities", "deaths_groups", "deaths_clashes", "deaths_environment", "clashes")
# colours of Okabe and Ito 2008, which differ in lightness
LENGTHS = [("#56B4E9", "-", "o"), ("#0072B2", "--", "s"), ("#000000", ":", "^")]


def figures(study) -> dict[str, Figure]:
    """Return figures of all worlds under the operation of middle length, and of each world under all lengths."""
    middle = study.lengths[len(study.lengths) // 2]
    drawn = {"crackdown": Figure(partial(draw_worlds, study, middle), caption_worlds(study, middle), basis(study),
                                 alternative(study, {look(s)[0]: (s, middle) for s in study.scenarios}))}
    for scenario in study.scenarios:
        drawn[f"crackdown_{scenario}"] = Figure(partial(draw_lengths, study, scenario),
                                                caption_lengths(study, scenario), basis(study),
                                                alternative(study, {months(n): (scenario, n) for n in study.lengths}))
    return drawn


def draw_worlds(study, length: int):
    """Draw operations of one length: one panel for each series, one line for each world."""
    figure, axes = grid()
    for ax, series in zip(axes.flat, OUTCOMES):
        shade(ax, [length])
        for k, scenario in enumerate(study.scenarios):
            name, colour, line, marker = look(scenario)
            place, bands = blocks(study, series, scenario, length)
            curve(ax, place + shift(k, study.scenarios), bands, colour, line, marker, name)
    return finish(figure, axes)


def draw_lengths(study, scenario: str):
    """Draw one world: one panel for each series, one line for each length."""
    figure, axes = grid()
    for ax, series in zip(axes.flat, OUTCOMES):
        shade(ax, study.lengths)
        for k, ((colour, line, marker), length) in enumerate(zip(LENGTHS, study.lengths)):
            place, bands = blocks(study, series, scenario, length)
            curve(ax, place + shift(k, study.lengths), bands, colour, line, marker, months(length).capitalize())
    return finish(figure, axes)


def shift(k: int, items) -> float:
    """Weeks by which item k is drawn beside the middle of a block."""
    return 1.6 * (k - (len(items) - 1) / 2)


def grid():
    """Return the figure and its axes, one for each series."""
    return new(DOUBLE, 210, -(-len(OUTCOMES) // COLUMNS), COLUMNS, sharex=True)


def shade(ax, lengths) -> None:
    """Shade the nights of the operations; shades of operations at the same time add up."""
    for length in lengths:
        ax.axvspan(0, length / 7, color="0.5", alpha=0.16, linewidth=0, zorder=0)
    ax.axhline(0, color=GREY, linewidth=0.6, zorder=1)


def blocks(study, series, scenario, length):
    """Middles of blocks of `BLOCK` weeks, and bands of their means, or of sums from the start on for rare events."""
    difference = study.difference(series, (scenario, length))
    rare = series.name in SUMMED
    weeks, found = study.sums(difference) if rare else study.weeks(difference)
    at = [np.flatnonzero((weeks >= first) & (weeks < first + BLOCK)) for first in range(0, LAST, BLOCK)]
    at = [block for block in at if len(block)]
    middle = np.array([weeks[block[0]] + BLOCK / 2 for block in at])
    columns = [found[:, block[-1]] if rare else found[:, block].mean(axis=1) for block in at]
    return middle, band(np.array(columns).T) / thousands(series)


def thousands(series) -> float:
    """The factor by which a series is divided: 1000 for money."""
    return 1000.0 if series.unit.startswith("EUR /") else 1.0


def heading(series) -> str:
    """The title of a panel: name and unit."""
    if series.name in SUMMED:
        return f"{series.label} (sum so far)"
    label = re.sub(r"[a-z]{2}_[a-z]{2}", lambda code: code[0].upper().replace("_", "–"), series.label)
    return f"{label} ({'k' if thousands(series) > 1 else ''}{series.unit})".replace("(attempts /", "(/")


def curve(ax, place, bands, colour, line, marker, label) -> None:
    """Draw means of blocks with intervals, joined by a line from 0 at the start."""
    mean, low, high = bands
    ax.vlines(place, low, high, color=colour, linewidth=1.0)
    ax.plot(place, mean, color=colour, linestyle=line, marker=marker, markersize=3, linewidth=0.8, label=label)


def finish(figure, axes):
    """Add labels, letters and the legend."""
    for ax, series in zip(axes.flat, OUTCOMES):
        ax.set_title(heading(series), loc="right", fontsize=6.5, fontweight="normal")
        ax.locator_params(axis="y", nbins=5)
        ax.set_xlim(-1, LAST + 1)
        ax.set_xticks(np.arange(0, LAST + 1, BLOCK))
    for ax in axes.flat[len(OUTCOMES):]:
        ax.set_visible(False)
    for ax in axes[-1]:
        ax.set_xlabel("Weeks from the start of the operation", fontsize=7)
    for ax in axes[:, 0]:
        ax.set_ylabel("Difference", fontsize=7)
    letter(axes.flat[: len(OUTCOMES)], "abcdefghijklmnop")
    figure.legend(*axes[0, 0].get_legend_handles_labels(), loc="outside upper center", ncols=3, handlelength=3.2)
    return figure


def reading(study) -> str:
    """Sentences on marks, lines and shades, shared by all captions."""
    n = len(study.nights.replicates)
    return (f"The marks show means over {BLOCK} weeks of paired differences from the same world without the operation, "
            f"over {number(n, 0)} replicates; deaths and clashes are summed from the start on. The vertical lines show "
            "95 % t-intervals. The nights of the operation are grey. Before the start all arms are the same run, so "
            "the difference is exactly 0.")


def basis(study) -> str:
    """Sample, reference and intervals, for the foot of the figure."""
    return (f"n: {study.sample()}. Reference: the same world without the operation. Marks: means over {BLOCK} weeks, "
            "or sums from the start on; vertical lines: 95 % intervals. Grey: nights of the operation.")


def alternative(study, arms) -> str:
    """The alternative text, with the first block's difference in price and interceptions by arm."""
    named = {series.name: series for series in OUTCOMES}
    lines = [f"{label}: price {blocks(study, named['price'], *arm)[1][0][0]:+.0f} EUR, interceptions "
             f"{blocks(study, named['interceptions'], *arm)[1][0][0]:+.1f} a night" for label, arm in arms.items()]
    return (f"{len(OUTCOMES)} panels of differences over the weeks since the start of a police operation. In its first "
            f"{BLOCK} weeks, {'; '.join(lines)}.")


def caption_worlds(study, length: int) -> str:
    """Caption of the figure of all worlds."""
    worlds = ", ".join(look(s)[0].lower() for s in study.scenarios)
    return f"The panels show an operation of {months(length)} in these worlds: {worlds}. {reading(study)}"


def caption_lengths(study, scenario: str) -> str:
    """Caption of the figure of all lengths in one world."""
    lengths = ", ".join(months(length) for length in study.lengths)
    return (f"The panels show operations of these lengths: {lengths}, in the scenario {look(scenario)[0].lower()}. "
            f"{reading(study)} Shades of grey add up: the lightest is the longest operation alone.")
