"""The figure of a sweep: primary outcomes over the values of a swept key."""

import math

from sim.figures.style import DOUBLE, letter, look, new
from sim.findings.text import of_axis
from sim.registry.parameters import registry

NAME = "sweep"
MARKS = "os^Dvx"  # of lines that no scenario tells apart
LINES = ("-", "--", ":", "-.")
ASIDE = 0.015  # distance of lines from each other along the axis, share of its length


def draw(keys: list[str], points: list[tuple[str, ...]], intervals: dict[str, list], n: int):
    """One panel per outcome: mean and 95 % interval over the first key, one line per value of the other keys.

    keys: swept keys, the last of which is `scenario`; points: their values as texts.
    intervals: for each outcome, mean and ends of its interval by point (NaN without an interval); n: replicates.
    """
    along = 0 if len({point[0] for point in points}) > 1 or len(keys) == 1 else len(keys) - 1
    values = list(dict.fromkeys(point[along] for point in points))
    places = positions(values)
    lines = {}
    for k, point in enumerate(points):
        lines.setdefault((*point[:along], *point[along + 1:]), []).append(k)
    width = max(places.values()) - min(places.values())
    figure, axes = new(DOUBLE, 112, 2, 3, sharex=True)
    for ax, (name, found) in zip(axes.flat, intervals.items()):
        largest = max((abs(mean) for mean, *_ in found if math.isfinite(mean)), default=math.nan)
        unit_is = 1e6 if largest >= 1e6 else 1.0
        for number, (others, members) in enumerate(lines.items()):
            shift = ASIDE * width * (number - (len(lines) - 1) / 2)  # so that intervals do not hide each other
            x, y = [places[points[k][along]] + shift for k in members], [found[k][0] / unit_is for k in members]
            low, high = ([found[k][end] / unit_is for k in members] for end in (1, 2))
            colour, line, marker = style_of(points[members[0]][-1], number, len(lines))
            ax.plot(x, y, color=colour, linestyle=line, marker=marker, markersize=4, label=", ".join(others) or None)
            ax.vlines(x, low, high, color=colour, linewidth=0.9)
        ax.set_ylabel(of_axis(name, unit_is))
        if math.isnan(largest):
            ax.text(0.5, 0.5, "not defined in these runs", ha="center", transform=ax.transAxes, fontsize=7)
        if not numeric(values):
            ax.set_xticks(list(places.values()), values, rotation=30, ha="right")
    for ax in axes[-1]:
        ax.set_xlabel(with_unit(keys[along]))
    of = f"Mean over {n} replicates, 95 % interval" if n > 1 else "One run a point, no interval"
    figure.supxlabel(of, fontsize=8)
    letter(axes.flat)
    if len(lines) > 1:
        figure.legend(*axes[0, 0].get_legend_handles_labels(), loc="outside upper center", ncols=4, handlelength=3.2,
                      title=", ".join(key for k, key in enumerate(keys) if k != along))
    return figure


def with_unit(key: str) -> str:
    """A swept key with its unit, where it has one."""
    unit = registry()[key].unit if key in registry() else ""
    return f"{key} ({unit})" if unit else key


def numeric(values: list[str]) -> bool:
    """Whether all values are numbers."""
    try:
        return [float(value) for value in values] != []
    except ValueError:
        return False


def positions(values: list[str]) -> dict[str, float]:
    """Places of values along the axis: the numbers themselves, or 0, 1, 2, … for names."""
    return {value: float(value) if numeric(values) else float(k) for k, value in enumerate(values)}


def style_of(scenario: str, number: int, count: int) -> tuple:
    """Colour, line and marker of a line: those of its scenario, with dashes and markers if there are several lines."""
    _, colour, line, marker = look(scenario)
    return (colour, line, marker) if count == 1 else (colour, LINES[number % len(LINES)], MARKS[number % len(MARKS)])


def caption(n: int) -> str:
    """The caption, in full sentences."""
    bars = "and the bars show 95 % t-intervals" if n > 1 else "without intervals"
    return f"The points show means of the primary outcomes over {n} replicate{'s' if n > 1 else ''}, {bars}."
