"""Figures of experiments with arms: paired differences by arm and scenario, and outcomes against spending."""

import textwrap

import numpy as np

from sim.figures.style import DOUBLE, GREY, letter, look, new
from sim.findings import Figure
from sim.findings.text import named
from sim.registry.outcomes import outcomes, primary
from sim.studies.policies.study import Compared, Place, measure, own_line

STORIES = {  # outcomes of the second figure, by experiment
    "camps": ("in_camps_mean", "in_flats_mean", "informal_mean", "rents", "injuries_groups", "trust_mean"),
    "pushbacks": ("unaided_after_pushback", "abductions_after_pushback", "trust_mean", "indebted_mean", "people_mean",
                  "procedures"),
    "protection": ("people_mean", "unaided_share", "trust_mean", "in_camps_mean", "injuries_authorities",
                   "injuries_groups"),
    "branding": ("price_mean", "clashes", "operation_nights", "found_and_moved", "injuries_groups", "deaths_clashes"),
}


def figures(compared: Compared) -> dict[str, Figure]:
    """Return figures of primary outcomes, of the experiment's own outcomes, and for `protection` against spending."""
    name, rows, sample = compared
    made = {name: Figure(lambda: draw(rows, primary()), caption(rows, primary(), sample))}
    if name in STORIES:
        made[f"{name}_story"] = Figure(lambda: draw(rows, STORIES[name]), caption(rows, STORIES[name], sample))
    if name == "protection":
        made["protection_money"] = Figure(lambda: draw_money(rows), caption_money(rows, sample))
    return made


def draw(rows, names):
    """Draw one panel for each outcome, one line for each arm, one mark for each scenario; grey: smallest effect."""
    scenarios, arms = axis(rows, "scenario"), axis(rows, "arm")[1:]
    lines = len(arms) * (len(scenarios) + 0.8)
    figure, axes = new(DOUBLE, 34 + 2 * (12 + 2.6 * lines), 2, 3)
    for k, (ax, name) in enumerate(zip(axes.flat, names)):
        panel(ax, rows, name, scenarios, arms, labelled=k % 3 == 0)
    letter(axes.flat)
    handles, labels = axes[0, 0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=len(labels))
    return figure


def axis(rows, key: str) -> list[str]:
    """The different scenarios or arms, in the order of the table."""
    return list(dict.fromkeys(row[key] for row in rows))


def panel(ax, rows, name, scenarios, arms, labelled: bool) -> None:
    """Draw changes of one outcome from the base arm."""
    shares = as_share(rows, name)
    find = {(row["scenario"], row["arm"]): row for row in rows if row["outcome"] == name}
    if smallest := outcomes()[name].smallest_effect:
        half = float(smallest.split(" ")[0])
        ax.axvspan(-half, half, color="0.88", linewidth=0)
    ax.axvline(0, color=GREY, linewidth=0.6)
    for k, scenario in enumerate(scenarios):
        label, colour, _, marker = look(scenario)
        y = [-(a + (k + 0.9) / (len(scenarios) + 0.8)) for a in range(len(arms))]
        here = [find[scenario, arm] for arm in arms]
        mean, low, high = (column(here, word, shares) for word in ("", "_low", "_high"))
        ax.hlines(y, low, high, color=colour, linewidth=1.4)
        ax.plot(mean, y, marker, color=colour, markersize=3.6, label=label)
    for a in range(1, len(arms)):
        ax.axhline(-a, color="0.9", linewidth=0.5, zorder=0)
    ax.set_yticks([-(a + 0.55) for a in range(len(arms))], [plain(arm) for arm in arms] if labelled else [])
    ax.tick_params(axis="y", length=0)
    ax.set_ylim(-len(arms) - 0.1, 0.1)
    ax.locator_params(axis="x", nbins=5)
    unit = "%" if shares else named(name)[1]
    ax.set_xlabel(f"{wrapped(named(name)[0])}\n({unit})", fontsize=7)


def as_share(rows, name) -> bool:
    """Whether changes are shown in % of the base arm.

    They are if the smallest effect of interest is a share, or if none is fixed and all relative intervals are bounded.
    """
    effect = outcomes()[name].smallest_effect
    if effect:
        return "%" in effect
    ends = [row[f"difference_percent{end}"] for row in rows if row["outcome"] == name for end in ("_low", "_high")]
    return named(name)[1] != "share" and all(abs(float(v)) < 1e4 for v in ends if v != "" and not np.isnan(float(v)))


def column(rows, word: str, shares: bool) -> list[float]:
    """Changes of some rows, or an end of their intervals."""
    name = f"difference_percent{word}" if shares else f"difference{word}"
    return [float(row[name]) if row[name] != "" else np.nan for row in rows]


def plain(arm: str) -> str:
    """The name of an arm in words."""
    return arm.replace("_", " ")


def wrapped(label: str, width: int = 30) -> str:
    """The label of an axis, wrapped at a number of characters."""
    return "\n".join(textwrap.wrap(label, width))


def caption(rows, names, sample: str) -> str:
    """Caption of a figure of paired differences."""
    base = plain(axis(rows, "arm")[0])
    bands = (" Grey bands mark the smallest effects of interest, which were fixed before any run."
             if names == primary() else "")
    return (f"The marks show mean paired differences of each arm from the arm \"{base}\" within each scenario, over "
            f"{sample}. The lines show 95 % intervals, which are not adjusted for their number; intervals in % of the "
            f"scenario's own base arm are by Fieller's theorem.{bands}")


# outcomes against money --------------------------------------------------------------------------------------------
MONEY = ("outlay_per_arrival", "crossed_within_30", "deaths_per_10k", "abductions_per_10k", "bribes_per_gross",
         "joint_surplus", "people_mean", "unaided_share", "trust_mean")
LOOKS = {  # measure: name, colour of Okabe and Ito 2008, line, marker
    "patrols": ("Patrols", "#000000", "-", "o"), "operations": ("Operations", "#D55E00", "--", "s"),
    "camps": ("Camps on the route", "#0072B2", "-.", "^"), "support": ("Support and awareness", "#009E73", ":", "D"),
    "legal": ("Legal access", "#CC79A7", (0, (5, 1, 1, 1, 1, 1)), "v"),
}


def draw_money(rows):
    """Draw one panel for each outcome: change from the base arm over additional spending, one line for each measure."""
    scenario, arms = axis(rows, "scenario")[0], axis(rows, "arm")[1:]
    find = {Place(row["outcome"], row["scenario"], row["arm"]): row for row in rows}
    figure, axes = new(DOUBLE, 150, 3, 3, sharex=True)
    for ax, name in zip(axes.flat, MONEY):
        money_panel(ax, rows, find, scenario, arms, name)
    for ax in axes[-1]:
        ax.set_xlabel("More for the measure\n(M EUR in the recorded nights)", fontsize=7)
    letter(axes.flat)
    handles, labels = axes[0, 0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=len(labels))
    return figure


def money_panel(ax, rows, find, scenario, arms, name) -> None:
    """Draw the lines of one outcome; each starts at the base arm with spending and change of 0."""
    shares = as_share(rows, name)
    if smallest := outcomes()[name].smallest_effect:
        half = float(smallest.split(" ")[0])
        ax.axhspan(-half, half, color="0.9", linewidth=0)
    ax.axhline(0, color=GREY, linewidth=0.6)
    for kind, (label, colour, line, marker) in LOOKS.items():
        here = [arm for arm in arms if measure(arm) == kind]
        if not here:
            continue
        x = [0.0, *(own_line(find, scenario, arm)[0] / 1e6 for arm in here)]
        mean, low, high = ([0.0, *column([find[Place(name, scenario, arm)] for arm in here], word, shares)]
                           for word in ("", "_low", "_high"))
        ax.fill_between(x, low, high, color=colour, alpha=0.13, linewidth=0)
        ax.plot(x, mean, linestyle=line, marker=marker, color=colour, markersize=3.2, linewidth=1.1, label=label)
    ax.locator_params(axis="both", nbins=5)
    unit = "%" if shares else named(name)[1]
    ax.set_ylabel(f"{wrapped(named(name)[0], 24)}\n(change, {unit})", fontsize=6.5)


def caption_money(rows, sample: str) -> str:
    """Caption of the figure of outcomes against spending."""
    scenario = axis(rows, "scenario")[0]
    return ("The lines show mean paired differences from the base arm over additional spending on each measure, in the "
            f"scenario {look(scenario)[0].lower()}, over {sample}; the bands show their 95 % intervals, which are not "
            "adjusted. Spending is the measure's own item of the accounts at the registry's unit costs, which are "
            "assumed. Horizontal bands mark the smallest effects of interest. At half (double) the unit cost, a "
            "measure reaches the same change with half (double) the spending.")
