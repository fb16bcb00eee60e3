"""Figures of the experiment `crackdown`: the course of attempts, effects by window, and places, a column wide."""

from functools import partial

import numpy as np

from sim.figures.style import GREY, SINGLE, letter, look, new
from sim.findings import Figure
from sim.findings.text import number
from sim.statistics.events import WEEK
from sim.studies.crackdown.paths import border
from sim.studies.crackdown.series import ATTEMPTS, ATTEMPTS_AT, CROSSINGS, GUIDES_AT, INTERCEPTIONS
from sim.studies.crackdown.study import AFTER, NO_ANSWER, change

SHOWN = "status_quo"
WEEKS = (-8, 78)  # weeks shown
CHANGES = (-100, 100)  # % shown
ARRIVALS = {True: ("Arrivals answer", "#0072B2", "-"), False: ("Arrivals do not answer", "#D55E00", "--")}
CORRIDOR_LOOKS = (("#000000", "-"), ("#E69F00", "--"), ("#009E73", ":"))  # of Okabe and Ito 2008; lightness differs
MARKED = (ATTEMPTS, INTERCEPTIONS, CROSSINGS)  # of the figure of windows


def figures(study) -> dict[str, Figure]:
    """Return the course of attempts by path, effects by window and world, and attempts and guides by corridor."""
    world = SHOWN if SHOWN in study.scenarios else study.scenarios[0]
    return {"crackdown": Figure(partial(draw_courses, study, world), caption_courses(study, world)),
            "crackdown_windows": Figure(partial(draw_windows, study), caption_windows(study)),
            "crackdown_places": Figure(partial(draw_places, study, world), caption_places(study, world))}


def sample_in_picture(study, figure) -> None:
    """Write the number of runs and the reference below the panels."""
    figure.supxlabel(f"n = {len(study.nights.replicates)} runs an arm, same seeds; reference: no measure", fontsize=6.5,
                     color="0.3")


def reference(study, world: str = "") -> str:
    """What changes are taken from and the number of runs, in words."""
    n = number(len(study.nights.replicates), 0)
    where = f" ({look(world)[0].lower()})" if world else ""
    return f"the same world{where} without a measure, over {n} replicates with the same seeds"


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
        ax.set_title(path.label.replace(", ", "\n", 1), loc="center", fontsize=6.5, fontweight="normal")
        ax.set_ylim(*CHANGES)
        of_weeks(ax)
    for ax in axes.flat[len(study.paths):]:
        ax.set_visible(False)
    letter(axes.flat[:len(study.paths)])
    for ax in axes[-1]:
        ax.set_xlabel("Weeks from its start", fontsize=7)
    figure.supylabel("Attempts: change from no measure (%)", fontsize=7.5)
    figure.legend(*axes[0, 0].get_legend_handles_labels(), loc="outside upper center", ncols=2, handlelength=2.6)
    sample_in_picture(study, figure)
    return figure


def caption_courses(study, world: str) -> str:
    """Caption of the figure of courses."""
    return (f"The lines show attempts on the whole border by week, as the change from {reference(study, world)}. The "
            "weeks of the measure are grey. The bands show 95 % intervals by Fieller's theorem, week by week. Before "
            "the start all arms are the same run, so the change is exactly 0. Changes beyond ±100 % are cut off.")


# windows -----------------------------------------------------------------------------------------------------------
def draw_windows(study):
    """Draw changes during and after, a row of panels for each series, a line for each path, a mark for each world."""
    answer, windows, paths = study.answers[0], ("during", "after"), list(study.paths.values())
    figure, axes = new(SINGLE, 24 + len(MARKED) * (10 + 4.4 * len(paths)), len(MARKED), 2, sharey=True)
    for (row, series), (column, window) in ((r, c) for r in enumerate(MARKED) for c in enumerate(windows)):
        ax = axes[row, column]
        ax.axvline(0, color=GREY, linewidth=0.6)
        for k, world in enumerate(study.scenarios):
            label, colour, _, marker = look(world)
            y = -np.arange(len(paths)) - (k + 1) / (len(study.scenarios) + 1)
            arms = [(world, answer, path.arm) for path in paths]
            mean, low, high = np.array([change(study.effect(series, arm, window), study.without(series, arm, window))
                                        for arm in arms]).T
            ax.hlines(y, low, high, color=colour, linewidth=1.0)
            ax.plot(mean, y, marker, color=colour, markersize=2.6, label=label)
        for k in range(1, len(paths)):
            ax.axhline(-k, color="0.9", linewidth=0.5, zorder=0)
        ax.set_ylim(-len(paths), 0)
        ax.set_yticks(-np.arange(len(paths)) - 0.5, [path.label for path in paths], fontsize=5.5)
        ax.tick_params(axis="y", length=0)
        ax.set_xticks([CHANGES[0], 0, CHANGES[1]])
        ax.set_title(f"{series.label}\n{window}", loc="center", fontsize=6.5, fontweight="normal")
        ax.set_xlim(*CHANGES)
    letter(axes.flat)
    for ax in axes[-1]:
        ax.set_xlabel("Change (%)", fontsize=7)
    figure.legend(*axes[0, 0].get_legend_handles_labels(), loc="outside upper center", ncols=len(study.scenarios))
    sample_in_picture(study, figure)
    return figure


def caption_windows(study) -> str:
    """Caption of the figure of windows."""
    answers = "answer" if study.answers[0] != NO_ANSWER else "do not answer"
    return (f"The marks show changes during measures and in the {AFTER} weeks after them, from {reference(study)}, by "
            f"who decides, where arrivals {answers}. The lines show 95 % intervals by Fieller's theorem, which are not "
            "adjusted for their number. What lies beyond ±100 % is cut off.")


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
            ax.set_title(f"{what}, {kind}\n{rest}", loc="center", fontsize=6.5, fontweight="normal")
            of_weeks(ax)
        axes[-1, column].set_xlabel("Weeks from its start", fontsize=7)
    axes[0, 0].set_ylim(*CHANGES)
    axes[0, 0].set_ylabel("Change from no measure (%)", fontsize=7)
    axes[1, 0].set_ylabel("Change from no measure (persons)", fontsize=7)
    letter(axes.flat)
    figure.legend(*axes[0, 0].get_legend_handles_labels(), loc="outside upper center", ncols=3, handlelength=2.6)
    sample_in_picture(study, figure)
    return figure


def caption_places(study, world: str) -> str:
    """Caption of the figure of places."""
    return (f"The lines show attempts (%) and guides (persons) by corridor and week, as changes from "
            f"{reference(study, world)}. The weeks of the measure are grey. The bands show 95 % intervals, week by "
            "week; those in % are by Fieller's theorem. Changes beyond ±100 % are cut off.")
