"""One style for all figures: journal widths, legible type, colours for the colour-blind and for grey print."""

import textwrap
import warnings
from contextlib import contextmanager
from pathlib import Path

import matplotlib
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from sim.registry.configuration import display
from sim.registry.display import GREY as GREY
from sim.registry.display import Display
from sim.registry.files import whole

MM = 1 / 25.4  # inches
SINGLE, DOUBLE = 85 * MM, 178 * MM  # widths of one column and of two columns of a journal
SMALLEST = 6.0  # pt; no text of a figure is smaller at its final size

RC = {
    "font.size": 8, "axes.titlesize": 8, "axes.labelsize": 8, "xtick.labelsize": 7, "ytick.labelsize": 7,
    "legend.fontsize": 7, "font.family": "DejaVu Sans", "axes.spines.top": False, "axes.spines.right": False,
    "axes.linewidth": 0.6, "xtick.major.width": 0.6, "ytick.major.width": 0.6, "lines.linewidth": 1.3,
    "legend.frameon": False, "pdf.fonttype": 42, "hatch.linewidth": 0.5,
    "axes.titleweight": "bold", "savefig.dpi": 300, "figure.dpi": 300,  # a figure is laid out as it is saved
}
OF_SESSION = ("backend", "backend_fallback", "interactive")  # settings that no figure in a file depends on

ORIGINS = {"A": "#2171b5", "B": "#f4a582", "C": "#41ab5d", "D": "#807dba"}  # one colour an origin
ORGANISATION = {"O1": "#E69F00", "O2": "#CC79A7"}


@contextmanager
def in_style():
    """Context in which figures are drawn and saved: Matplotlib's own defaults under `RC`.

    The user's `matplotlibrc` and earlier changes of `rcParams` do not reach the figures, so their bytes depend on the
    data alone.
    """
    with matplotlib.rc_context():
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", matplotlib.MatplotlibDeprecationWarning)  # old keys among the defaults
            defaults = {key: value for key, value in matplotlib.rcParamsDefault.items() if key not in OF_SESSION}
            matplotlib.rcParams.update({**defaults, **RC})
        yield


def look(scenario: str) -> Display:
    """Name, colour, line style and marker of a scenario, from the `display` of its file; grey where there is none."""
    return display(scenario)


def new(width: float, height_mm: float, rows=1, columns=1, **options):
    """A figure and its axes; call it, and all that draws on them, inside `in_style`."""
    figure = Figure(figsize=(width, height_mm * MM), layout="constrained")
    FigureCanvasAgg(figure)
    return figure, figure.subplots(rows, columns, squeeze=False, **options)


def letter(axes, labels="abcdefghijkl") -> None:
    """Write a letter above each panel."""
    for ax, mark in zip(axes, labels):
        ax.set_title(mark, loc="left", fontweight="bold", fontsize=9)


def footed(figure, text: str):
    """Write a line on sample and reference at the foot of a figure, which grows by its height; return the figure.

    Call it last: the layout of the figure is fixed, and all of it moves up by the height of the line.
    """
    figure.draw_without_rendering()  # lays the figure out
    figure.set_layout_engine("none")
    width, height = figure.get_size_inches()
    unbroken = text.replace(" %", "\N{NO-BREAK SPACE}%")
    lines = textwrap.wrap(unbroken, int(width / MM / 1.13))  # a letter of `SMALLEST` pt is about 1.1 mm wide
    foot = (len(lines) * 1.3 * SMALLEST + 5) / 72
    share = foot / (height + foot)
    figure.set_size_inches(width, height + foot)
    for ax in figure.axes:
        x0, y0, across, up = ax.get_position(original=True).bounds
        ax.set_position((x0, share + (1 - share) * y0, across, (1 - share) * up))
    for legend in figure.legends:
        legend.set_bbox_to_anchor((0, share, 1, 1 - share), figure.transFigure)
    figure.text(0.006, 0.3 * share / max(len(lines), 1), "\n".join(lines), fontsize=SMALLEST, color="0.25", va="bottom",
                linespacing=1.2)
    return figure


def minus(text: str) -> str:
    """A number as text with the minus sign of the axes instead of a hyphen, and without a sign if it is zero."""
    text = text.replace("-", "\N{MINUS SIGN}")
    return text[1:] if text[:1] in "+\N{MINUS SIGN}" and not any(c in "123456789" for c in text) else text


def in_millions(values) -> tuple:
    """Values, in millions if any is at least a million, and the divisor (1e6 or 1)."""
    finite = values[np.isfinite(values)]
    unit_is = 1e6 if (abs(finite) >= 1e6).any() else 1.0
    return values / unit_is, unit_is


def months(ax, dates, every: int = 2) -> None:
    """Set ticks at the first day of every `every` months, or on days for runs of less than 90 nights."""
    from matplotlib.dates import DateFormatter, DayLocator, MonthLocator

    span = (dates[-1] - dates[0]).astype("timedelta64[D]").astype(int) if len(dates) > 1 else 1
    if span >= 90:
        ax.xaxis.set_major_locator(MonthLocator(bymonth=range(1, 13, every if span < 500 else 6)))
        ax.xaxis.set_major_formatter(DateFormatter("%b" if span < 500 else "%b\n%Y"))
    else:
        ax.xaxis.set_major_locator(DayLocator(interval=max(1, span // 3)))
        ax.xaxis.set_major_formatter(DateFormatter("%d %b"))


def save(figure, path: Path, alternative: str = "") -> list[Path]:
    """Save a figure as PDF and PNG, each atomically and with the same bytes for the same data; returns the files.

    alternative: text that stands for the figure where it cannot be seen; the PNG has it as `Description`.
    """
    files = []
    described = {"Description": alternative} if alternative else {}
    for suffix, metadata in (("pdf", {"CreationDate": None, "Producer": None, "Creator": None}),
                             ("png", {"Software": None} | described)):
        file = path.with_suffix(f".{suffix}")
        with whole(file) as aside:
            figure.savefig(aside, format=suffix, metadata=metadata)
        files.append(file)
    return files
