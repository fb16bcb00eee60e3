"""Figures of the experiment `takeover`: weekly series from the first approach on."""

import re
import textwrap
from functools import partial

import numpy as np

from sim.figures.style import DOUBLE, GREY, letter, look, new
from sim.findings import Figure
from sim.statistics.events import band
from sim.studies.event_study import OUTCOMES
from sim.studies.takeover.study import DEATHS, KILLED, SHARE

NAMED = {series.name: series for series in OUTCOMES}
LEVELS = (SHARE, NAMED["price"], NAMED["people"], NAMED["crossings"], NAMED["abductions"], NAMED["bribes"])
SUMS = (NAMED["clashes"], KILLED, DEATHS)
FIRST = -8  # week from which levels are shown
EVERY = 13  # weeks between intervals
PATHS = [("#56B4E9", "-"), ("#009E73", "--"), ("#CC79A7", "-."), ("#0072B2", (0, (1, 1))), ("#D55E00", "--")]


def figures(study) -> dict[str, Figure]:
    """Return the figure of paths by speed, and that of paths by the organisation's terms."""
    return {"takeover": Figure(partial(draw, study), caption(study), basis(study),
                               alternative(study, without_terms(study))),
            "takeover_terms": Figure(partial(draw_terms, study), caption_terms(study), basis(study),
                                     alternative(study, with_terms(study)))}


def draw(study):
    """Draw levels of six series, and cumulative differences from rival groups of three kinds of violence."""
    figure, axes = new(DOUBLE, 150, 3, 3, sharex=True)
    for ax, series in zip(axes[:2].flat, LEVELS):
        levels(ax, study, series, without_terms(study))
    for ax, series in zip(axes[2], SUMS):
        sums(ax, study, series, without_terms(study))
    return finish(figure, axes)


def draw_terms(study):
    """Draw paths by the organisation's terms and the hazard of defection."""
    figure, axes = new(DOUBLE, 66, 1, 3, sharex=True)
    levels(axes[0, 0], study, SHARE, with_terms(study))
    levels(axes[0, 1], study, NAMED["price"], with_terms(study))
    sums(axes[0, 2], study, NAMED["clashes"], with_terms(study))
    return finish(figure, axes)


def levels(ax, study, series, paths) -> None:
    """Draw weekly means of one series in the paths and the two reference arms."""
    curves = [(*study.bands(series, arm), *how, label(arm)) for arm, how in looks(study, paths)]
    for weeks, bands, colour, line, name in curves:
        inside = weeks >= FIRST
        curve(ax, weeks[inside], bands[:, inside], colour, line, name)
    ax.set_title(f"{series.label} ({series.unit})", loc="right", fontsize=6.5, fontweight="normal")
    if series.unit == "share":
        ax.set_ylim(-0.02, 1.02)
    else:
        frame(ax, [bands[0] for _, bands, *_ in curves], 0.0)


def sums(ax, study, series, paths) -> None:
    """Draw cumulative differences of one series from rival groups from the first approach on."""
    ax.axhline(0, color=GREY, linewidth=0.6)
    means = []
    for arm, (colour, line) in looks(study, paths)[1:]:
        weeks, summed = study.summed(series, arm)
        bands = band(summed)
        means.append(bands[0])
        curve(ax, weeks + 0.5, bands, colour, line, label(arm))
    ax.set_title(f"{series.label} (summed)", loc="right", fontsize=6, fontweight="normal")
    frame(ax, means, None)


def frame(ax, means, lowest: float | None) -> None:
    """Limit the vertical axis to the means and half their range around them; bands beyond it are cut."""
    values = np.concatenate(means)
    margin = 0.5 * float(np.nanmax(values) - np.nanmin(values)) or 1.0
    low = float(np.nanmin(values)) - margin
    ax.set_ylim(low if lowest is None else max(low, lowest - 0.02 * margin), float(np.nanmax(values)) + margin)


def without_terms(study) -> list:
    """Paths on which the organisation demands nothing of groups, by speed; all paths if there are none."""
    return [arm for arm in study.paths if arm.structure == "truce"] or study.paths


def with_terms(study) -> list:
    """The fastest path without demands on groups, then the paths with demands."""
    nothing = [arm for arm in study.paths if arm.structure == "truce"][-1:]
    return [*nothing, *(arm for arm in study.paths if arm.structure != "truce")]


def looks(study, paths) -> list:
    """Arms to draw with colours and lines; the reference arms look as in the other figures."""
    ends = [(arm, look(name)[1:3]) for arm, name in ((study.rivals, "fragmented"), (study.whole, "centralised"))]
    return [ends[0], *zip(paths, PATHS), ends[1]]


def label(arm) -> str:
    """The label of an arm in the legend, on one line or two."""
    words = re.sub(r"^takeover ([\d.e-]+)", r"taken over at hazard \1 a night", arm.name)
    words = re.sub(r"([\d.]+) from the start", r"share \1 from the start", words)
    words = re.sub(r"defection ([\d.e-]+)", r"groups leave at hazard \1", words)
    return "\n".join(textwrap.wrap(words[0].upper() + words[1:], 62))


def curve(ax, weeks, bands, colour, line, name) -> None:
    """Draw the mean of one arm, and its interval every `EVERY` weeks."""
    mean, low, high = bands
    ax.plot(weeks, mean, linestyle=line, color=colour, linewidth=1.1, label=name)
    first = sum(len(drawn.get_paths()) > 0 for drawn in ax.collections)  # intervals of arms stand beside each other
    at = np.flatnonzero((np.floor(weeks) - 2 * first) % EVERY == 0)
    ax.vlines(weeks[at], low[at], high[at], color=colour, linewidth=0.8)


def finish(figure, axes):
    """Add lines at the start, labels, letters and the legend."""
    for ax in axes.flat:
        ax.axvline(0, color=GREY, linewidth=0.6, linestyle=":")
        ax.set_xticks(range(0, 79, 13))
        ax.locator_params(axis="y", nbins=5)
        ax.margins(x=0.02)
    for ax in axes.flat:
        if "(summed)" in ax.get_title("right"):
            ax.set_ylabel("Difference", fontsize=7)
    for ax in axes[-1]:
        ax.set_xlabel("Weeks from the first approach", fontsize=7)
    letter(axes.flat)
    handles, labels = axes.flat[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside upper center", ncols=2, handlelength=3.2)
    return figure


def caption(study) -> str:
    """Caption of the figure of paths by speed."""
    return ("The lines show groups brought under one organisation at different speeds, between rival groups throughout "
            "and one organisation from the start. The first two rows show weekly means; the last row shows paired "
            f"differences from rival groups, summed from the first approach on. There are {study.sample()}. The "
            f"vertical lines show 95 % t-intervals over replicates every {EVERY} weeks, and are cut where they leave a "
            "panel. An organisation that breaks up lowers the share of controlled groups from then on, also where it "
            "existed from the start. Hazards are per night and group, before losses raise them and before the group "
            "accepts.")


def caption_terms(study) -> str:
    """Caption of the figure of paths by the organisation's terms."""
    return ("The lines show paths by the organisation's demands on its groups, the share of groups under it from the "
            "start, and the hazard that a group leaves if it would earn more alone. The panels show weekly means, and "
            f"clashes as paired differences from rival groups summed from the first approach on. There are "
            f"{study.sample()}. The vertical lines show 95 % t-intervals over replicates every {EVERY} weeks, and are "
            "cut where they leave a panel.")


def basis(study) -> str:
    """Sample, reference and intervals, for the foot of the figure."""
    return (f"n: {study.sample()}. Reference of summed differences: rival groups. Lines: weekly means; vertical lines: "
            f"95 % intervals every {EVERY} weeks. A share that falls after the start: the organisation breaks up in "
            "some runs.")


def alternative(study, paths) -> str:
    """The alternative text, with the share of groups and the price in the last week by arm."""
    arms = [study.rivals, *paths, study.whole]
    last = [(arm.name, *(study.bands(series, arm)[1][0][-1] for series in (SHARE, NAMED["price"]))) for arm in arms]
    lines = "; ".join(f"{name}: {100 * share:.0f} % and {price:.0f} EUR" for name, share, price in last)
    return ("Lines over the weeks from the first approach. Share of groups controlled and price in the last week: "
            f"{lines}.")
