"""Figure of the study `ablation`: a cell for each arm and outcome, coloured by its change."""

import numpy as np
from matplotlib.colors import Normalize

from sim.figures.style import DOUBLE, letter, look, new
from sim.findings import Figure
from sim.findings.text import named
from sim.studies.ablation.study import VERDICTS, every_outcome

WIDEST = 50.0  # % of the base at which the colour is full
ROW = 2.45  # mm; the default experiment's 71 arms fit on a page
AROUND = 61.0  # mm for names of outcomes, titles and the scale


def figures(source) -> dict[str, Figure]:
    """Return the figure of changes by arm and outcome."""
    return {"ablation": Figure(lambda: draw(source.rows), caption(source), basis(source),
                               alternative(source.rows))}


def draw(rows):
    """Draw one panel for each scenario, arms in rows and outcomes in columns."""
    scenarios = list(dict.fromkeys(row["scenario"] for row in rows))
    arms = list(dict.fromkeys(row["arm"] for row in rows))
    figure, axes = new(DOUBLE, AROUND + ROW * len(arms), 1, len(scenarios), sharey=True)
    for ax, scenario in zip(axes[0], scenarios):
        image = panel(ax, rows, scenario, arms)
        ax.set_title(look(scenario).name, fontsize=7, fontweight="normal")
    letter(axes[0])
    bar = figure.colorbar(image, ax=axes[0].tolist(), location="bottom", shrink=0.4, aspect=40, pad=0.01, extend="both")
    bar.set_label("Change without it (% of the base)", fontsize=7)
    return figure


def panel(ax, rows, scenario: str, arms: list[str]):
    """Draw the cells of one scenario; a dot marks an outcome that the arm moves, grey an arm that was not run."""
    names = every_outcome()
    change = np.full((len(arms), len(names)), np.nan)
    for row in rows:
        if row["scenario"] != scenario or row["difference"] == "":
            continue
        at = arms.index(row["arm"]), names.index(row["outcome"])
        base = abs(float(row["base"]))
        change[at] = 100 * float(row["difference"]) / base if base else np.nan
        if row["verdict"] == VERDICTS[0]:
            ax.plot(at[1], at[0], "o", color="black", markersize=2.2)
    ax.set_facecolor("0.85")
    image = ax.imshow(change, aspect="auto", cmap="RdBu_r", norm=Normalize(-WIDEST, WIDEST))
    ax.set_yticks(range(len(arms)), [arm.replace("_", " ") for arm in arms], fontsize=6)
    ax.set_xticks(range(len(names)), [named(name)[0] for name in names], rotation=90, fontsize=6)
    ax.set_xticks(np.arange(len(names) - 1) + 0.5, minor=True)
    ax.set_yticks(np.arange(len(arms) - 1) + 0.5, minor=True)
    ax.grid(which="minor", color="white", linewidth=0.5)
    ax.tick_params(which="both", length=0)
    return image


def caption(source) -> str:
    """Caption of the figure."""
    return (f"Change of each outcome when one mechanism or lever is taken out (or put in where the base lacks it), in "
            f"% of the base of the scenario; {source.sample}. A dot: the change differs from zero (Holm's p < 0.05 "
            "over all arms of the scenario) and exceeds the noise floor of the irrelevant arms (top rows), which "
            f"change one number by 0.01 %. Colours are full at ±{WIDEST:.0f} %; grey: the arm was not run in that "
            "scenario, or the base is zero.")


def basis(source) -> str:
    """Sample and reference, for the foot of the figure."""
    return (f"n: {source.sample}. Reference: the scenario as it is. Dot: the change is surely not zero and exceeds the "
            "noise floor. Grey: not run, or the base is zero.")


def alternative(rows) -> str:
    """The alternative text, with the number of marked cells by scenario."""
    count = {s: sum(row["scenario"] == s and row["verdict"] == VERDICTS[0] for row in rows)
             for s in dict.fromkeys(row["scenario"] for row in rows)}
    marked = ", ".join(f"{n} in {look(s).name}" for s, n in count.items())
    return ("Coloured cells, arms in rows and outcomes in columns, one panel for each scenario. Cells in which an arm "
            f"surely moves an outcome: {marked}.")
