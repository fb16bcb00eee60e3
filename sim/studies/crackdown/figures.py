"""Figures of the experiment `crackdown`: the course of attempts, effects by window, and places, a column wide."""

import math
from functools import partial

import numpy as np

from sim.figures.style import DOUBLE, GREY, SINGLE, letter, look, minus, new
from sim.findings import Figure
from sim.statistics.events import WEEK
from sim.studies.crackdown.paths import border
from sim.studies.crackdown.series import ATTEMPTS, ATTEMPTS_AT, CROSSINGS, GUIDES_AT, INTERCEPTIONS
from sim.studies.crackdown.study import AFTER, NO_ANSWER, change

SHOWN = "status_quo"
WEEKS = (-8, 78)  # weeks shown
CHANGES = (-100, 100)  # % shown
CUT = "What lies beyond ±100 % is cut off."
TITLES = {"during": "during", "after": "after"}  # of windows
ARRIVALS = {True: ("Arrivals answer", "#0072B2", "-"), False: ("Arrivals do not answer", "#D55E00", "--")}
CORRIDOR_LOOKS = (("#000000", "-"), ("#E69F00", "--"), ("#009E73", ":"))  # of Okabe and Ito 2008; lightness differs
MARKED = (ATTEMPTS, INTERCEPTIONS, CROSSINGS)  # of the figure of windows


def figures(study) -> dict[str, Figure]:
    """Return the course of attempts by path, effects by window and world, and attempts and guides by corridor."""
    world = SHOWN if SHOWN in study.scenarios else study.scenarios[0]
    return {"crackdown": Figure(partial(draw_courses, study, world), caption_courses(study, world),
                                basis_courses(study), alternative_courses(study, world)),
            "crackdown_windows": Figure(partial(draw_windows, study), caption_windows(study), basis_windows(study),
                                        alternative_windows(study)),
            "crackdown_places": Figure(partial(draw_places, study, world), caption_places(study, world),
                                       basis_places(study), alternative_places(study, world))}


def reference(world: str = "") -> str:
    """What changes are taken from, in words."""
    where = f" ({look(world)[0].lower()})" if world else ""
    return f"the same world{where} without a measure"


def in_windows(study, series, arm) -> str:
    """Changes of a series during a measure and after it, in words."""
    found = [change(study.effect(series, arm, window), study.without(series, arm, window))[0]
             for window in ("during", "after")]
    return " and ".join(percent(value) for value in found)


def percent(value: float) -> str:
    """A change in %, in words."""
    return "not recorded" if math.isnan(value) else f"{minus(f'{value:+.0f}')} %"


def level(ax) -> None:
    """Draw the line of no change."""
    ax.axhline(0, color=GREY, linewidth=0.6, zorder=1)


def shade(ax, path, event: int) -> None:
    """Shade the weeks of a measure."""
    ax.axvspan((path.first - event) / WEEK, (path.end - event) / WEEK, color="0.5", alpha=0.2, linewidth=0, zorder=0)


def curve(ax, weeks, bands, colour, line, label) -> None:
    """Draw mean and band of one arm; a week is drawn at its middle."""
    inside = (weeks >= WEEKS[0]) & (weeks < WEEKS[1])
    x, (mean, low, high) = weeks[inside] + 0.5, bands[:, inside]
    ax.fill_between(x, low, high, color=colour, alpha=0.2, linewidth=0)
    ax.plot(x, mean, line, color=colour, linewidth=0.9, label=label)


def of_weeks(ax) -> None:
    """Scale an axis of weeks."""
    ax.set_xlim(*WEEKS)
    ax.set_xticks(np.arange(0, WEEKS[1], 26))


# courses -----------------------------------------------------------------------------------------------------------
def draw_courses(study, world: str):
    """Draw one panel for each path, with a line for arrivals that answer and one for arrivals that do not."""
    rows = -(-len(study.paths) // 2)
    figure, axes = new(SINGLE, 30 + 26 * rows, rows, 2, sharex=True, sharey=True)
    for ax, (name, path) in zip(axes.flat, study.paths.items()):
        level(ax)
        shade(ax, path, study.event)
        for answer in study.answers:
            label, colour, line = ARRIVALS[answer != NO_ANSWER]
            curve(ax, *study.changes(ATTEMPTS, (world, answer, name)), colour, line, label)
        ax.set_title(path.label.replace(", ", "\n", 1), loc="right", fontsize=6.5, fontweight="normal")
        ax.set_ylim(*CHANGES)
        of_weeks(ax)
    for ax in axes.flat[len(study.paths):]:
        ax.set_visible(False)
    letter(axes.flat[:len(study.paths)])
    for ax in axes[-1]:
        ax.set_xlabel("Weeks from the start", fontsize=7)
    for ax in axes[:, 0]:
        ax.set_ylabel("Attempts:\nchange (%)", fontsize=7)
    figure.legend(*axes[0, 0].get_legend_handles_labels(), loc="outside upper center", ncols=2, handlelength=2.6)
    return figure


def caption_courses(study, world: str) -> str:
    """Caption of the figure of courses."""
    return (f"The lines show attempts on the whole border by week, as the change from {reference(world)}. The weeks of "
            "the measure are grey. Before the start all arms are the same run, so the change is exactly 0.")


def basis_courses(study) -> str:
    """Sample, reference and intervals, for the foot of the figure of courses."""
    return (f"n: {study.sample()}. Reference: no measure. Bands: 95 % intervals by Fieller’s theorem, week by week. "
            f"{CUT}")


def alternative_courses(study, world: str) -> str:
    """The alternative text of the figure of courses, with the change of attempts during and after each measure."""
    texts = []
    for answer in study.answers:
        lines = "; ".join(f"{path.label}: {in_windows(study, ATTEMPTS, (world, answer, path.arm))}"
                          for path in study.paths.values())
        texts.append(f"{ARRIVALS[answer != NO_ANSWER][0]}: {lines}.")
    return (f"A panel for each measure with the change of attempts by week. Change during the measure and in the "
            f"{AFTER} weeks after it. {' '.join(texts)}")


# windows -----------------------------------------------------------------------------------------------------------
def draw_windows(study):
    """Draw changes during and after, a column of panels for each series, a line for each path, a mark for each world.
    """
    windows, paths = ("during", "after"), list(study.paths.values())
    figure, axes = new(DOUBLE, 36 + 8.4 * len(paths), 2, len(MARKED), sharex=True, sharey=True)
    for (row, window), (column, series) in ((r, c) for r in enumerate(windows) for c in enumerate(MARKED)):
        panel_of_window(axes[row, column], study, series, window)
        axes[row, column].set_title(f"{series.label}, {TITLES[window]}", loc="center", fontsize=7, fontweight="normal")
    for ax in axes[:, 0]:
        ax.set_yticks(-np.arange(len(paths)) - 0.5, [path.label for path in paths], fontsize=6.5)
    for ax in axes.flat:
        ax.tick_params(axis="y", length=0)
    letter(axes.flat)
    for ax in axes[-1]:
        ax.set_xlabel("Change (%)", fontsize=7)
    figure.legend(*axes[0, 0].get_legend_handles_labels(), loc="outside upper center", ncols=len(study.scenarios))
    return figure


def panel_of_window(ax, study, series, window: str) -> None:
    """Draw changes of one series in one window; a mark is open where the interval contains 0."""
    paths = study.paths.values()
    ax.axvline(0, color=GREY, linewidth=0.6)
    for k, world in enumerate(study.scenarios):
        label, colour, _, marker = look(world)
        y = -np.arange(len(paths)) - (k + 1) / (len(study.scenarios) + 1)
        arms = [(world, study.answers[0], path.arm) for path in paths]
        mean, low, high = np.array([change(study.effect(series, arm, window), study.without(series, arm, window))
                                    for arm in arms]).T
        ax.hlines(y, np.maximum(low, CHANGES[0]), np.minimum(high, CHANGES[1]), color=colour, linewidth=1.0)
        sure = (low > 0) | (high < 0)
        for those, fill in ((sure, colour), (~sure, "white")):
            ax.plot(mean[those], y[those], marker, color=colour, markerfacecolor=fill, markersize=2.8,
                    markeredgewidth=0.8)
        ax.plot([], [], marker, color=colour, markersize=2.8, label=label)
    for k in range(1, len(paths)):
        ax.axhline(-k, color="0.9", linewidth=0.5, zorder=0)
    ax.set_ylim(-len(paths), 0)
    ax.set_xlim(*CHANGES)
    ax.set_xticks([CHANGES[0], CHANGES[0] / 2, 0, CHANGES[1] / 2, CHANGES[1]])


def caption_windows(study) -> str:
    """Caption of the figure of windows."""
    answers = "answer" if study.answers[0] != NO_ANSWER else "do not answer"
    return (f"The marks show changes during measures and in the {AFTER} weeks after them, from {reference()}, by who "
            f"decides, where arrivals {answers}. A window that the record does not hold whole has no mark.")


def basis_windows(study) -> str:
    """Sample, reference and intervals, for the foot of the figure of windows."""
    return (f"n: {study.sample()}. Reference: no measure. Lines: 95 % intervals by Fieller’s theorem, not adjusted for "
            f"their number; open marks: the interval contains 0. {CUT}")


def alternative_windows(study) -> str:
    """The alternative text of the figure of windows, with the change of interceptions by world and measure."""
    texts = []
    for world in study.scenarios:
        lines = "; ".join(f"{path.label}: {in_windows(study, INTERCEPTIONS, (world, study.answers[0], path.arm))}"
                          for path in study.paths.values())
        texts.append(f"{look(world)[0]}: {lines}.")
    return (f"Six panels of marks, one line for each measure. Change of interceptions during the measure and in the "
            f"{AFTER} weeks after it. {' '.join(texts)}")


# places ------------------------------------------------------------------------------------------------------------
def shown_paths(study) -> list:
    """The longest path in some corridors and the longest in all that end half a year before the record does."""
    chosen = []
    for everywhere in (False, True):
        alike = [path for path in study.paths.values() if path.everywhere == everywhere]
        ended = [path for path in alike if path.end + 26 * WEEK < study.end] or alike[:1]
        chosen += [max(ended, key=lambda path: path.end)] if ended else []
    return chosen


def draw_places(study, world: str):
    """Draw changes of attempts and guides by corridor, a column for each of two paths, a line for each corridor."""
    paths = shown_paths(study)
    figure, axes = new(SINGLE, 105, 2, len(paths), sharex=True, sharey="row")
    for column, path in enumerate(paths):
        for row, (series_at, what) in enumerate(((ATTEMPTS_AT, "Attempts"), (GUIDES_AT, "Guides"))):
            ax = axes[row, column]
            level(ax)
            shade(ax, path, study.event)
            for (corridor, series), (colour, line) in zip(series_at.items(), CORRIDOR_LOOKS):
                find = study.changes if series.flow else study.bands
                curve(ax, *find(series, (world, study.answers[0], path.arm)), colour, line, border(corridor))
            kind, rest = path.label.split(", ", 1)
            ax.set_title(f"{what}, {kind}\n{rest}", loc="right", fontsize=6.5, fontweight="normal")
            of_weeks(ax)
        axes[-1, column].set_xlabel("Weeks from the start", fontsize=7)
    axes[0, 0].set_ylim(*CHANGES)
    axes[0, 0].set_ylabel("Change from no measure (%)", fontsize=7)
    axes[1, 0].set_ylabel("Change from no measure (persons)", fontsize=7)
    letter(axes.flat)
    figure.legend(*axes[0, 0].get_legend_handles_labels(), loc="outside upper center", ncols=3, handlelength=2.6)
    return figure


def caption_places(study, world: str) -> str:
    """Caption of the figure of places."""
    return (f"The lines show attempts (%) and guides (persons) by corridor and week, as changes from "
            f"{reference(world)}. The weeks of the measure are grey.")


def basis_places(study) -> str:
    """Sample, reference and intervals, for the foot of the figure of places."""
    return (f"n: {study.sample()}. Reference: no measure. Bands: 95 % intervals, week by week; those in % by Fieller’s "
            f"theorem. {CUT}")


def alternative_places(study, world: str) -> str:
    """The alternative text of the figure of places, with attempts by corridor during and after each measure."""
    texts = []
    for path in shown_paths(study):
        lines = "; ".join(f"{border(corridor)}: {in_windows(study, series, (world, study.answers[0], path.arm))}"
                          for corridor, series in ATTEMPTS_AT.items())
        texts.append(f"{path.label[0].upper()}{path.label[1:]}: {lines}.")
    return ("Lines by week for three corridors under two measures, attempts above and guides below. Change of attempts "
            f"during the measure and in the {AFTER} weeks after it. {' '.join(texts)}")
