"""The figure of the experiment `protection`: outcomes against spending."""

from sim.figures.style import DOUBLE, GREY, letter, look, new
from sim.registry.outcomes import outcomes
from sim.studies.policies.study import Place, measure, own_line
from sim.studies.policies.words import MEASURES, as_share, axis, change_of, column, summary_of

MONEY = ("outlay_per_arrival", "crossed_within_30", "deaths_per_10k", "abductions_per_10k", "bribes_per_gross",
         "joint_surplus", "people_mean", "unaided_share", "trust_mean")


def draw(rows):
    """Draw one panel for each outcome: change from the base arm over additional spending, one line for each measure."""
    scenario, arms = axis(rows, "scenario")[0], axis(rows, "arm")[1:]
    find = {Place(row["outcome"], row["scenario"], row["arm"]): row for row in rows}
    figure, axes = new(DOUBLE, 150, 3, 3, sharex=True)
    for ax, name in zip(axes.flat, MONEY):
        panel(ax, rows, find, scenario, arms, name)
    for ax in axes[-1]:
        ax.set_xlabel("Extra spending on the measure\n(M EUR in the recorded nights)", fontsize=7)
    letter(axes.flat)
    handles, labels = axes[0, 0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=len(labels))
    return figure


def panel(ax, rows, find, scenario, arms, name) -> None:
    """Draw the lines of one outcome; each starts at the base arm with spending and change of 0."""
    shares = as_share(rows, name)
    if smallest := outcomes()[name].smallest_effect:
        half = float(smallest.split(" ")[0])
        ax.axhspan(-half, half, color="0.9", linewidth=0)
    ax.axhline(0, color=GREY, linewidth=0.6)
    for kind, (label, colour, line, marker) in MEASURES.items():
        here = [arm for arm in arms if measure(arm) == kind]
        if not here:
            continue
        x = [0.0, *(own_line(find, scenario, arm)[0] / 1e6 for arm in here)]
        mean, low, high = ([0.0, *column([find[Place(name, scenario, arm)] for arm in here], word, shares)]
                           for word in ("", "_low", "_high"))
        ax.vlines(x, low, high, color=colour, linewidth=0.8)
        ax.plot(x, mean, linestyle=line, marker=marker, color=colour, markersize=3.2, linewidth=1.1, label=label)
    ax.locator_params(axis="both", nbins=5)
    ax.set_ylabel(change_of(name, shares, 26), fontsize=6.5)


def caption(rows, sample: str) -> str:
    """Caption of the figure of outcomes against spending."""
    scenario = axis(rows, "scenario")[0]
    return ("The lines show mean paired differences from the base arm over additional spending on each measure, in the "
            f"scenario {look(scenario)[0].lower()}, over {sample}; vertical lines are 95 % intervals, which are not "
            "adjusted. Spending is the measure's own item of the accounts at the registry's unit costs, which are "
            "assumed. Horizontal bands mark the smallest effects of interest. At half (double) the unit cost, a "
            "measure reaches the same change with half (double) the spending.")


def basis(rows, sample: str) -> str:
    """Sample, reference and intervals, for the foot of the figure."""
    return (f"n: {sample}, paired by seed. Scenario: {look(axis(rows, 'scenario')[0])[0]}. Reference (0 at the left): "
            "no extra spending. Vertical lines: 95 % intervals. Grey: smaller than the smallest effect of interest.")


def alternative(rows) -> str:
    """The alternative text of the figure of outcomes against spending."""
    arms = axis(rows, "arm")[1:]
    measures = ", ".join(MEASURES[kind][0].lower() for kind in MEASURES if any(measure(arm) == kind for arm in arms))
    return (f"Nine panels of lines with intervals: the change of an outcome over extra spending, for {measures}. "
            f"{summary_of('protection', rows, MONEY)}")
