"""Figure 4: where the money goes."""

import numpy as np

from sim.figures.style import DOUBLE, look, new
from sim.statistics.intervals import interval

NAME = "money"
PAID = (("flow_fee", "Fees", "#0072B2", ""), ("flow_retry", "Retry fees", "#56B4E9", "\\\\\\"),
        ("flow_transport", "Transport", "#009E73", "..."), ("flow_rent", "Rent", "#F0E442", ""),
        ("flow_ransom", "Ransoms", "#D55E00", "///"), ("flow_unaided", "Unaided attempts", "#CC79A7", "xx"))
SPENT = (("flow_operating", "Operating costs and arms", "#56B4E9", ""), ("flow_wages", "Wages", "#0072B2", ""),
         ("flow_bribes", "Bribes", "#D55E00", "///"),
         ("flow_other", "Decoys, holding, administration", "#009E73", "..."),
         ("flow_skim", "To organisations", "#E69F00", "\\\\\\"), ("flow_draw", "Drawn by groups' owners", "0.78", ""),
         ("saved", "Kept in treasuries", "#CC79A7", "xx"))


FLOWS = {"flow_operating": ("flow_operating", "flow_arms"), "flow_bribes": ("flow_toll", "flow_payroll"),
         "flow_other": ("flow_decoys", "flow_holding", "flow_administration")}
HIDDEN = 0.005  # a part below this share of the longest bar cannot be seen and is not drawn


def possible(tables) -> bool:
    """Whether the tables allow the figure."""
    return True


def yearly(tables, name, scenario) -> np.ndarray:
    """Million EUR a year of one flow or sum of flows, by replicate."""
    if name == "saved":
        income = sum(yearly(tables, column, scenario) for column, *_ in PAID[:5])
        return income - sum(yearly(tables, column, scenario) for column, *_ in SPENT[:-1])
    columns = [c for c in FLOWS.get(name, (name,)) if c in tables.columns]
    none = np.zeros(len(tables.run("arrivals", scenario)))
    return sum((tables.nights(column, scenario).sum(axis=1) for column in columns), none) / tables.years / 1e6


def draw(tables):
    """Two panels: what people paid, and where the groups' income went; a bar a scenario, with its sum at its end."""
    figure, axes = new(DOUBLE, 50 + 11 * len(tables.scenarios), 1, 2, sharey=True)
    longest = max(paid_in_all(tables, s).mean() for s in tables.scenarios)
    for ax, parts, title in ((axes[0, 0], PAID, "a  What people paid"), (axes[0, 1], SPENT, "b  Where it went")):
        for y, scenario in enumerate(reversed(tables.scenarios)):
            bar(ax, tables, y, scenario, parts, HIDDEN * longest)
        ax.set_xlabel("Million EUR a year")
        ax.set_xlim(right=1.3 * ax.get_xlim()[1])  # room for the sums
        ax.set_title(title, loc="left", pad=50)
        ax.axvline(0, color="black", linewidth=0.6)
        by_label = dict(zip(*reversed(ax.get_legend_handles_labels())))
        ax.legend(by_label.values(), by_label.keys(), loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=2,
                  handlelength=1.6, columnspacing=1.0)
    axes[0, 0].set_yticks(range(len(tables.scenarios)),
                          [look(s)[0].replace(" (", "\n(") for s in reversed(tables.scenarios)])
    return figure


def paid_in_all(tables, scenario) -> np.ndarray:
    """All that people paid [million EUR a year], by replicate."""
    return sum(yearly(tables, column, scenario) for column, *_ in PAID)


def bar(ax, tables, y, scenario, parts, least) -> None:
    """One stacked bar and its sum with a 95 % interval; negative parts (treasuries run down) go to the left."""
    right = left = 0.0
    whole = np.zeros(1)
    for column, label, colour, hatch in parts:
        values = yearly(tables, column, scenario)
        value, whole = values.mean(), whole + values
        if abs(value) < least:
            continue
        start = right if value >= 0 else left
        ax.barh(y, value, left=start, color=colour, hatch=hatch, edgecolor="white", linewidth=0.3, height=0.68,
                label=label)
        right, left = (right + value, left) if value >= 0 else (right, left + value)
    n, mean, low, high = interval(whole)
    if n > 1:
        ax.plot([low, high], [y, y], color="black", linewidth=1.2, solid_capstyle="butt")
    text = f"{mean:.1f}" + (f" ± {high - mean:.1f}" if n > 1 else "")
    ax.annotate(text, (max(right, high if n > 1 else right), y), (3, 0), textcoords="offset points", va="center",
                fontsize=6.5)


def basis(tables) -> str:
    """Sample and intervals, for the foot of the figure."""
    ends = "black lines and ±: 95 % intervals of the sum" if tables.replicates > 1 else "one replicate, so no interval"
    return (f"n: {tables.sample()}. Bars: means, with their sum at the end; {ends}. Parts below "
            f"{100 * HIDDEN:g} % of the longest bar are left out.")


def alternative(tables) -> str:
    """The alternative text, with what people paid in all by scenario."""
    each = ", ".join(f"{look(s)[0]} {paid_in_all(tables, s).mean():.1f}" for s in tables.scenarios)
    return ("Stacked bars, one for each scenario, of what people paid by kind and of how the groups used it. Paid in "
            f"all, in million EUR a year: {each}.")


def caption(tables) -> str:
    """The caption, in full sentences."""
    return (f"The bars show money flows in million EUR a year, as means over {tables.sample()}. Panel a shows the "
            "payments of people on the move by kind, and panel b shows how groups used their income. The amount kept "
            "in treasuries is the remainder; a bar to the left of zero shows that treasuries shrank.")
