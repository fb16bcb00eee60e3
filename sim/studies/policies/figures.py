"""Figures of experiments with arms: paired differences by arm and scenario, and outcomes against spending."""

from sim.figures.style import DOUBLE, GREY, letter, look, new
from sim.findings import Figure
from sim.registry.outcomes import outcomes, primary
from sim.studies.policies import money
from sim.studies.policies.study import Compared
from sim.studies.policies.words import GROUPS, as_share, axis, change_of, column, in_words, summary_of

OWN = {  # outcomes of the second figure, by experiment
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
    made = {name: changes(name, rows, primary(), sample)}
    if name in OWN:
        made[f"{name}_own"] = changes(name, rows, OWN[name], sample)
    if name == "protection":
        made["protection_money"] = Figure(lambda: money.draw(rows), money.caption(rows, sample),
                                          money.basis(rows, sample), money.alternative(rows))
    return made


def changes(experiment, rows, names, sample: str) -> Figure:
    """The figure of changes of some outcomes."""
    return Figure(lambda: draw(experiment, rows, names), caption(experiment, rows, names, sample),
                  basis(experiment, rows, names, sample), alternative(experiment, rows, names))


def draw(experiment, rows, names):
    """Draw one panel for each outcome, one line for each arm, one mark for each scenario; grey: smallest effect."""
    scenarios, arms = axis(rows, "scenario"), distinct_arms(rows, names)
    lines = len(arms) * (len(scenarios) + 0.8)
    figure, axes = new(DOUBLE, 34 + 2 * (12 + 2.6 * lines), 2, 3)
    for k, (ax, name) in enumerate(zip(axes.flat, names)):
        panel(ax, rows, name, scenarios, list(arms))
        ax.set_yticks(ax.get_yticks(), [label_of(experiment, rows, names, same) for same in arms.values()]
                      if k % 3 == 0 else [], fontsize=6.5)
    for ax in axes[:, 0]:
        ax.set_ylabel(GROUPS.get(experiment, "Arm"), fontsize=7)
    letter(axes.flat)
    if len(scenarios) > 1:
        handles, labels = axes[0, 0].get_legend_handles_labels()
        figure.legend(handles, labels, loc="outside lower center", ncols=len(labels))
    return figure


def distinct_arms(rows, names) -> dict[str, list[str]]:
    """Arms other than the base, each with the arms that have exactly the same changes of all outcomes drawn."""
    found = {}
    for arm in axis(rows, "arm")[1:]:
        values = changes_of(rows, names, arm)
        twin = next((first for first in found if changes_of(rows, names, first) == values), arm)
        found.setdefault(twin, []).append(arm)
    return found


def changes_of(rows, names, arm) -> list[str]:
    """Changes of some outcomes in one arm, as written in the table."""
    return [str(row["difference"]) for row in rows if row["arm"] == arm and row["outcome"] in names]


def label_of(experiment, rows, names, same: list[str]) -> str:
    """The label of a line: its arms, and whether nothing changes in them."""
    nothing = all(float(value or "nan") == 0 for value in changes_of(rows, names, same[0]))
    joined = "\nor ".join(in_words(experiment, arm, rows) for arm in same)
    return joined + ("\n(changes nothing)" if nothing else "\n(the same)" if len(same) > 1 else "")


def panel(ax, rows, name, scenarios, arms) -> None:
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
    ax.set_yticks([-(a + 0.55) for a in range(len(arms))])
    ax.tick_params(axis="y", length=0)
    ax.set_ylim(-len(arms) - 0.1, 0.1)
    ax.locator_params(axis="x", nbins=4)
    ax.set_xlabel(change_of(name, shares, 30), fontsize=7)


def caption(experiment, rows, names, sample: str) -> str:
    """Caption of a figure of paired differences."""
    base = in_words(experiment, axis(rows, "arm")[0], rows)
    bands = (" Grey bands mark the smallest effects of interest, which were fixed before any run."
             if names == primary() else "")
    return (f"The marks show mean paired differences of each arm from the arm \"{base}\" within each scenario, over "
            f"{sample}. The lines show 95 % intervals, which are not adjusted for their number; intervals in % of the "
            f"scenario's own base arm are by Fieller's theorem, and a mark has no line where that is unbounded. Arms "
            f"with exactly the same results share a row.{bands}")


def basis(experiment, rows, names, sample: str) -> str:
    """Sample, reference and intervals, for the foot of the figure."""
    grey = " Grey: smaller than the smallest effect of interest." if names == primary() else ""
    return (f"n: {sample}, paired by seed. Reference: {GROUPS.get(experiment, 'arm').lower()} = "
            f"{in_words(experiment, axis(rows, 'arm')[0], rows)}, in the same scenario. Lines: 95 % intervals; a mark "
            f"without a line has no bounded interval.{grey}")


def alternative(experiment, rows, names) -> str:
    """The alternative text, with the largest change of each outcome."""
    return ("Panels of points with intervals, one row for each arm and one mark for each scenario. "
            f"{summary_of(experiment, rows, names)}")
