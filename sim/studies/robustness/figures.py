"""Figures of the experiment `robustness`: signs by claim and world, and main effects of alternatives."""

from functools import partial

import numpy as np
from matplotlib.colors import ListedColormap
from matplotlib.patches import Patch

from sim.figures.style import DOUBLE, GREY, letter, look, new
from sim.findings import Figure
from sim.findings.text import of_axis
from sim.registry.parameters import registry
from sim.studies.robustness.study import CLAIMS, WORDS, effect_rows

COLOURS = ListedColormap(["#D55E00", "#FFFFFF", "#56B4E9"])  # reversed, undecided, kept; lightness differs too
MARKS = {1: "", 0: "", -1: "×"}


def figures(comparisons) -> dict[str, Figure]:
    """Return one figure for each comparison."""
    return {"robustness" if k == 0 else f"robustness_{played.other}":
            Figure(partial(draw, played), caption(played), basis(played), alternative(played))
            for k, played in enumerate(comparisons)}


def draw(played):
    """Draw rules and claims by world, and below them the share of worlds that keep each claim by alternative."""
    figure, axes = new(DOUBLE, 205, 3, 1, height_ratios=[1.25, 1.0, 2.3])
    order = sorted(range(len(played.rules)), key=lambda k: -sum(played.kept(name)[k] for name in CLAIMS))
    rules(axes[0, 0], played, order)
    signs(axes[1, 0], played, order)
    shares_by_choice(axes[2, 0], played)
    letter(axes.flat)
    return figure


def names() -> list[str]:
    """Labels of claims: outcome and sign."""
    return [f"{of_axis(name, width=60)} {'+' if sign > 0 else '−'}" for name, sign in CLAIMS.items()]


def rules(ax, played, order) -> None:
    """Draw the alternatives of each world; darker cells are further down the list of choices."""
    shade = np.array([[registry()[key].choices.index(played.rules[k][i]) / max(len(registry()[key].choices) - 1, 1)
                       for k in order] for i, key in enumerate(played.keys)]).reshape(len(played.keys), len(order))
    ax.imshow(shade, aspect="auto", cmap="Greys", vmin=0, vmax=1.35)
    labels = [f"{key.removeprefix('rules.')}: {', '.join(registry()[key].choices)}" for key in played.keys]
    ax.set_yticks(range(len(labels)), labels, fontsize=6)
    ax.set_xticks([])
    ax.set_title("Rules of each world (a column): white is the first alternative, darker ones are later in the list",
                 fontsize=6.5, fontweight="normal", loc="right")
    grid(ax, len(labels), len(order))


def signs(ax, played, order) -> None:
    """Draw one cell for each claim and world."""
    kept = np.array([played.kept(name)[order] for name in CLAIMS])
    ax.imshow(kept, aspect="auto", cmap=COLOURS, vmin=-1.5, vmax=1.5)
    for (row, column), value in np.ndenumerate(kept):
        ax.text(column, row, MARKS[int(value)], ha="center", va="center", fontsize=6)
    ax.set_yticks(range(len(CLAIMS)), names(), fontsize=6)
    ax.set_xticks([])
    ax.set_xlabel(f"{len(order)} worlds, those in which most claims keep their sign first", fontsize=7)
    grid(ax, len(CLAIMS), len(order))
    shown = ((COLOURS(2), "sign kept"), (COLOURS(1), "undecided"), (COLOURS(0), "× sign reversed"))
    ax.legend(handles=[Patch(facecolor=colour, edgecolor="0.5", linewidth=0.4, label=word) for colour, word in shown],
              loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=3, fontsize=6.5)


def grid(ax, rows, columns) -> None:
    """Draw thin lines between cells."""
    for row in range(1, rows):
        ax.axhline(row - 0.5, color="0.8", linewidth=0.4)
    for column in range(1, columns):
        ax.axvline(column - 0.5, color="0.8", linewidth=0.3)
    ax.tick_params(length=0)


def shares_by_choice(ax, played) -> None:
    """Draw the share of worlds with each choice in which each claim is kept (bar up) and reversed (bar down)."""
    choices = [(key, choice) for key in played.keys for choice in registry()[key].choices
               if choice in {world[played.keys.index(key)] for world in played.rules}]
    effects = {(r["outcome"], r["rule"], r["alternative"]): r for r in effect_rows(played)}
    for x, (key, choice) in enumerate(choices):
        here = np.array([world[played.keys.index(key)] == choice for world in played.rules])
        for y, name in enumerate(CLAIMS):
            kept = played.kept(name)[here]
            up, down = (kept == 1).mean(), (kept == -1).mean()
            ax.bar(x, 0.42 * up, 0.7, bottom=-y, color=COLOURS(2), edgecolor="black", linewidth=0.3)
            ax.bar(x, -0.42 * down, 0.7, bottom=-y, color=COLOURS(0), edgecolor="black", linewidth=0.3)
            effect = effects.get((name, key, choice))
            if effect and (effect["low"] > 0 or effect["high"] < 0):
                ax.plot(x, -y + 0.47, "^" if effect["effect"] > 0 else "v", color="black", markersize=3)
    for y in range(len(CLAIMS)):
        ax.axhline(-y, color=GREY, linewidth=0.4)
    first = [k for k, (key, _) in enumerate(choices) if not k or key != choices[k - 1][0]]
    for k in first[1:]:
        ax.axvline(k - 0.5, color=GREY, linewidth=0.6, linestyle=":")
    ax.set_xticks(range(len(choices)), [choice for _, choice in choices], rotation=55, ha="right", fontsize=6)
    for k, end in zip(first, [*first[1:], len(choices)]):
        ax.annotate(choices[k][0].removeprefix("rules."), ((k + end - 1) / 2, 1.0), (0, 3), ha="center", fontsize=6.5,
                    xycoords=("data", "axes fraction"), textcoords="offset points", fontweight="bold")
    ax.set_yticks([-y for y in range(len(CLAIMS))], names(), fontsize=6)
    ax.set_xlabel("Bar up: share of the worlds with this alternative that keep the sign;\n"
                  "bar down: share that reverse it (to the next line: all of them).\n"
                  "▲ ▼: the alternative itself surely raises or lowers the difference", fontsize=6.5)
    ax.set_xlim(-0.6, len(choices) - 0.4)
    ax.set_ylim(-len(CLAIMS) + 0.4, 0.6)


def caption(played) -> str:
    """Caption of the figure."""
    n = next(iter(played.runs.values())).shape[2]
    return (f"The figure compares {look(played.other)[0].lower()} with {look(played.reference)[0].lower()} in "
            f"{len(played.rules)} combinations of rules (worlds), with {n} replicates each and the same seeds. Panel a "
            "shows the rules of each world: white is the default, and darker cells stand further down the list of "
            "choices. Panel b shows each claim (an outcome and the sign of its difference at the defaults) in each "
            f"world: a light cell {WORDS[1]} its sign, a dark cell with a cross {WORDS[-1]} it, and a white cell is "
            "undecided (by the 95 % interval of the paired difference, with spreads moderated over worlds). Panel c "
            "shows results by choice of each rule: a bar up is the share of worlds in which the claim keeps its sign, "
            "and a bar down the share in which it is reversed; the full height of a row means all worlds. A triangle "
            "shows that the choice's main effect on the difference, against the rule's default, is significantly "
            "positive (up) or negative (down). In the array, main effects of rules with two choices are aliased with "
            "interactions of the price rule and another rule.")


def basis(played) -> str:
    """Sample and reference, for the foot of the figure."""
    n = next(iter(played.runs.values())).shape[2]
    return (f"n: {len(played.rules)} worlds of rules with {n} replicates each, paired by seed. {look(played.other)[0]} "
            "minus "
            f"{look(played.reference)[0]}; + and − give the sign at the defaults. Kept or reversed: by 95 % intervals.")


def alternative(played) -> str:
    """The alternative text, with the number of worlds that keep and reverse each claim."""
    lines = []
    for name, label in zip(CLAIMS, names()):
        kept = np.array(played.kept(name))
        lines.append(f"{label}: {(kept == 1).sum()} keep, {(kept == -1).sum()} reverse")
    return f"Cells and bars for {len(played.rules)} worlds of other rules. {'; '.join(lines)}.".replace("\n", " ")
