"""The figure of the screening before a calibration: effects of parameters on the summaries of a calibration."""

from functools import partial

import numpy as np

from sim.figures.style import DOUBLE, new
from sim.findings import Figure
from sim.runs.parameter_draws import why
from sim.studies.calibration_screening.study import SHOWN

SUMMARIES = {"found": "found and moved", "months": "detections by month", "outside": "people outside camps"}
MOST = 20.0  # end of the colour scale, in errors of a summary


def figures(screened) -> dict[str, Figure]:
    """Return the single figure by name."""
    return {"calibration_screening": Figure(partial(draw, screened.lines(), screened.rows), caption(screened),
                                            basis(screened), alternative(screened.lines()))}


def draw(lines: list[dict], rows: list[str]):
    """Draw root mean square effects, parameters × rows of summaries; `lines` are rows of the table."""
    shown = [line for line in lines[:SHOWN] if line["score"] > 0] or lines[:1]
    values = np.array([[float(line[row]) for row in rows] for line in shown])
    figure, axes = new(DOUBLE, 30 + 4.4 * len(shown))
    ax = axes[0, 0]
    image = ax.imshow(np.sqrt(np.minimum(values, MOST)), cmap="Greys", vmin=0, vmax=np.sqrt(MOST) * 1.15, aspect="auto")
    for (y, x), value in np.ndenumerate(values):
        if value > 0:
            ax.text(x, y, f"{value:.1f}" if value < 9.95 else f"{value:.0f}", ha="center", va="center", fontsize=6,
                    color="white" if value > MOST / 2.5 else "black")
    ax.set_yticks(range(len(shown)), [labelled(line) for line in shown], fontsize=6.5)
    ax.set_xticks(range(len(rows)), [SUMMARIES.get(row, row.replace("_", " ")) for row in rows], rotation=40,
                  ha="right", rotation_mode="anchor", fontsize=6.5)
    ax.tick_params(length=0)
    for side in ("left", "bottom"):
        ax.spines[side].set_visible(False)
    ticks = [0, 1, 4, 9, MOST]
    bar = figure.colorbar(image, ax=ax, ticks=np.sqrt(ticks), pad=0.01, aspect=40)
    bar.ax.set_yticklabels([f"{tick:g}" for tick in ticks])
    bar.set_label("Effect over the whole range\n(errors of the summary; square-root colour scale)", fontsize=7)
    return figure


def labelled(line) -> str:
    """A parameter with its status; a dot marks a free parameter."""
    return ("● " if why(line["parameter"])[0] == "free" else "") + f"{line['parameter']} ({line['status']})"


def caption(screened) -> str:
    """Caption of the figure."""
    return (f"The cells show elementary effects (μ*) of the {SHOWN} parameters with the largest effects on the "
            "summaries of the calibration, over the whole range of each parameter and in units of the summary's error, "
            "as root mean square over the periods of a row. A cell is blank if chance alone could give the effect. "
            f"Dots mark free parameters. The screening has {screened.measures[0].trajectories} trajectories.")


def basis(screened) -> str:
    """Sample, for the foot of the figure."""
    return (f"n: {screened.measures[0].trajectories} trajectories; effects in errors of the summary. Blank: chance "
            "alone could give the effect. Dot: a parameter that the calibration sets free.")


def alternative(lines) -> str:
    """The alternative text, with the parameters of the largest effects."""
    largest = ", ".join(line["parameter"] for line in lines[:5])
    return f"Cells of numbers, parameters in rows and summaries in columns. Largest effects: {largest}."
