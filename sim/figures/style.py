"""One style for all figures: journal widths, legible type, colours for the colour-blind and for grey print."""

from pathlib import Path

import matplotlib
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from sim.registry.files import whole

MM = 1 / 25.4  # inches
SINGLE, DOUBLE = 89 * MM, 183 * MM  # column widths of journals
GREY = "0.45"

RC = {
    "font.size": 8, "axes.titlesize": 8, "axes.labelsize": 8, "xtick.labelsize": 7, "ytick.labelsize": 7,
    "legend.fontsize": 7, "font.family": "DejaVu Sans", "axes.spines.top": False, "axes.spines.right": False,
    "axes.linewidth": 0.6, "xtick.major.width": 0.6, "ytick.major.width": 0.6, "lines.linewidth": 1.3,
    "legend.frameon": False, "pdf.fonttype": 42, "savefig.dpi": 300, "hatch.linewidth": 0.5, "axes.titleweight": "bold",
}

# scenario: (name, colour of Okabe and Ito 2008, line style, marker); lightness differs too
SCENARIOS = {
    "fragmented": ("Fragmented", "#000000", "-", "o"),
    "status_quo": ("Status quo", "#0072B2", "--", "s"),
    "dossier": ("Dossier (contested)", "#D55E00", "-.", "^"),
    "dossier_brand": ("Dossier with names (contested)", "#9E2A2B", "-", "8"),
    "centralised": ("Centralised (theory limit)", "#E69F00", ":", "D"),
    "takeover": ("Takeover", "#009E73", "--", "v"),
    "truce": ("Truce", "#56B4E9", "-", "P"),
    "franchise": ("Franchise", "#CC79A7", "-.", "X"),
    "tribute": ("Tribute", "#8C6D1F", ":", "*"),
    "branding": ("Branding, no control", "#7A3E9D", "--", "<"),
    "entry": ("Entry", "#5A7D2A", "-.", ">"),
    "crackdown": ("Crackdown", "#A83232", "-", "h"),
    "camp_closures": ("Camp closures", "#3B6E8F", ":", "p"),
    "pushback_end": ("Pushbacks ended", "#4C9F70", "--", "d"),
    "protection": ("Protection", "#B8860B", "-", "8"),
    "history_growth": ("History: season and growth", "#D55E00", "--", "^"),
    "history_registered": ("History: fed from registrations", "#0072B2", "-", "s"),
    "prediction": ("Prediction: last year repeated", "#009E73", ":", "D"),
}
ORIGINS = {"A": ["#08306b", "#2171b5", "#6baed6", "#9ecae1", "#c6dbef", "#deebf7"],
           "B": ["#7f2704", "#f16913", "#fdae6b", "#fdd0a2"], "C": ["#00441b", "#41ab5d", "#a1d99b", "#c7e9c0"],
           "D": ["#4a1486", "#807dba", "#bcbddc", "#dadaeb"]}
ORGANISATION = {"O1": "#E69F00", "O2": "#CC79A7"}


def in_style():
    """Context in which figures are drawn and saved."""
    return matplotlib.rc_context(RC)


def look(scenario: str) -> tuple[str, str, str, str]:
    """Name, colour, line style and marker of a scenario; a plain look for unknown ones."""
    return SCENARIOS.get(scenario, (scenario.replace("_", " ").capitalize(), GREY, "-", "o"))


def new(width: float, height_mm: float, rows=1, columns=1, **options):
    """A figure and its axes; call it, and all that draws on them, inside `in_style`."""
    figure = Figure(figsize=(width, height_mm * MM), layout="constrained")
    FigureCanvasAgg(figure)
    return figure, figure.subplots(rows, columns, squeeze=False, **options)


def letter(axes, labels="abcdefghijkl") -> None:
    """Panel letters."""
    for ax, mark in zip(axes, labels):
        ax.set_title(mark, loc="left", fontweight="bold", fontsize=9)


def in_millions(values) -> tuple:
    """Values, in millions where one is that large, and what they were divided by."""
    finite = values[np.isfinite(values)]
    unit_is = 1e6 if (abs(finite) >= 1e6).any() else 1.0
    return values / unit_is, unit_is


def months(ax, dates, every: int = 2) -> None:
    """Ticks at the first of every so many months; days for runs of less than two months."""
    from matplotlib.dates import DateFormatter, DayLocator, MonthLocator

    span = (dates[-1] - dates[0]).astype("timedelta64[D]").astype(int) if len(dates) > 1 else 1
    if span >= 90:
        ax.xaxis.set_major_locator(MonthLocator(bymonth=range(1, 13, every if span < 500 else 6)))
        ax.xaxis.set_major_formatter(DateFormatter("%b" if span < 500 else "%b\n%Y"))
    else:
        ax.xaxis.set_major_locator(DayLocator(interval=max(1, span // 3)))
        ax.xaxis.set_major_formatter(DateFormatter("%d %b"))


def save(figure, path: Path) -> list[Path]:
    """PDF and PNG, whole or not at all, the same bytes for the same data."""
    files = []
    for suffix, metadata in (("pdf", {"CreationDate": None, "Producer": None, "Creator": None}),
                             ("png", {"Software": None})):
        file = path.with_suffix(f".{suffix}")
        with whole(file) as aside:
            figure.savefig(aside, format=suffix, metadata=metadata)
        files.append(file)
    return files
