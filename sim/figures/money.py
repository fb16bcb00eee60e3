"""Figure 4: where the money goes."""

from sim.figures.style import DOUBLE, look, new

NAME = "money"
PAID = (("flow_fee", "Fees", "#0072B2", ""), ("flow_retry", "Retry fees", "#56B4E9", "\\\\\\"),
        ("flow_transport", "Transport", "#009E73", "..."), ("flow_rent", "Rent", "#F0E442", ""),
        ("flow_ransom", "Ransoms", "#D55E00", "///"), ("flow_unaided", "Unaided attempts", "0.7", ""))
SPENT = (("flow_operating", "Operating costs", "#56B4E9", ""), ("flow_wages", "Wages", "#0072B2", ""),
         ("flow_bribes", "Bribes", "#D55E00", "///"), ("flow_arms", "Arms", "#000000", ""),
         ("flow_other", "Decoys, holding, administration", "#009E73", "..."),
         ("flow_skim", "To organisations", "#E69F00", "\\\\\\"), ("flow_draw", "Drawn by groups' owners", "0.78", ""),
         ("saved", "Kept in treasuries", "#CC79A7", "xx"))


def yearly(tables, name, scenario) -> float:
    """Million EUR a year of one flow or sum of flows."""
    parts = {"flow_bribes": ("flow_toll", "flow_payroll"),
             "flow_other": ("flow_decoys", "flow_holding", "flow_administration")}
    if name == "saved":
        income = sum(yearly(tables, column, scenario) for column, *_ in PAID[:5])
        return income - sum(yearly(tables, column, scenario) for column, *_ in SPENT[:-1])
    columns = [c for c in parts.get(name, (name,)) if c in tables.columns]
    return sum(tables.yearly(column, scenario) for column in columns) / 1e6


def draw(tables):
    """Two panels: what people paid, and where the groups' income went; a bar a scenario."""
    figure, axes = new(DOUBLE, 52 + 11 * len(tables.scenarios), 1, 2, sharey=True)
    for ax, parts, title in ((axes[0, 0], PAID, "a  What people paid"), (axes[0, 1], SPENT, "b  Where it went")):
        for y, scenario in enumerate(reversed(tables.scenarios)):
            bar(ax, tables, y, scenario, parts)
        ax.set_xlabel("Million EUR a year")
        ax.set_title(title, loc="left", pad=56)
        ax.axvline(0, color="black", linewidth=0.6)
        ax.legend(loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=2, handlelength=1.6, columnspacing=1.0)
    axes[0, 0].set_yticks(range(len(tables.scenarios)), [look(s)[0] for s in reversed(tables.scenarios)])
    return figure


def bar(ax, tables, y, scenario, parts) -> None:
    """One stacked bar; negative parts (treasuries run down) go to the left."""
    right = left = 0.0
    for column, label, colour, hatch in parts:
        value = yearly(tables, column, scenario)
        start = right if value >= 0 else left
        ax.barh(y, value, left=start, color=colour, hatch=hatch, edgecolor="white", linewidth=0.3, height=0.68,
                label=label if y == 0 else None)
        right, left = (right + value, left) if value >= 0 else (right, left + value)


def caption(tables) -> str:
    """The caption, in full sentences."""
    return (f"The bars show money flows in million EUR a year, as means over {tables.sample()}. Panel a shows the "
            "payments of people on the move by kind, and panel b shows how groups used their income. The amount kept "
            "in treasuries is the remainder; a bar to the left of zero shows that treasuries shrank.")
