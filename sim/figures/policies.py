"""Figures of experiments with arms: paired differences by arm and scenario, and outcomes against money spent."""

import numpy as np

from sim.analysis.grid import named
from sim.figures.style import DOUBLE, GREY, letter, look, new
from sim.outcomes import outcomes, primary

STORIES = {  # outcomes of the second figure, by study
    "camps": ("in_camps_mean", "in_flats_mean", "informal_mean", "rents", "injuries_groups", "trust_mean"),
    "pushbacks": ("unaided_after_pushback", "abductions_after_pushback", "trust_mean", "indebted_mean", "people_mean",
                  "procedures"),
    "protection": ("people_mean", "unaided_share", "trust_mean", "in_camps_mean", "injuries_authorities",
                   "injuries_groups"),
    "branding": ("price_mean", "clashes", "operation_nights", "found_and_moved", "injuries_groups", "deaths_clashes"),
}


def figures(study: str, rows: list[dict], said: str) -> dict:
    """What to draw and its captions, by file name."""
    drawn = {study: (lambda: draw(rows, primary()), caption(rows, primary(), said))}
    if study in STORIES:
        names = STORIES[study]
        drawn[f"{study}_story"] = (lambda: draw(rows, names), caption(rows, names, said))
    return drawn


def draw(rows, names):
    """One panel an outcome, a line an arm, a mark a scenario; grey where changes are too small to matter."""
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
    """Scenarios or arms, in the order of the table."""
    return list(dict.fromkeys(row[key] for row in rows))


def panel(ax, rows, name, scenarios, arms, labelled: bool) -> None:
    """Changes of one outcome from the base arm."""
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
    """Whether changes are shown in % of the base arm: where what matters is a share, and where nothing is fixed and all
    base arms are surely not 0."""
    effect = outcomes()[name].smallest_effect
    if effect:
        return "%" in effect
    ends = [row[f"difference_percent{end}"] for row in rows if row["outcome"] == name for end in ("_low", "_high")]
    return named(name)[1] != "share" and all(abs(float(v)) < 1e4 for v in ends if v != "" and not np.isnan(float(v)))


def column(rows, word: str, shares: bool) -> list[float]:
    """Changes, or an end of their intervals, of some rows."""
    name = f"difference_percent{word}" if shares else f"difference{word}"
    return [float(row[name]) if row[name] != "" else np.nan for row in rows]


def plain(arm: str) -> str:
    """The name of an arm as people read it."""
    return arm.replace("_", " ")


def wrapped(label: str) -> str:
    """A label of an axis in lines."""
    import textwrap

    return "\n".join(textwrap.wrap(label, 30))


def caption(rows, names, said: str) -> str:
    """What is drawn."""
    base = plain(axis(rows, "arm")[0])
    bands = " Grey bands: smallest effects of interest, fixed before any run." if names == primary() else ""
    return (f"Paired differences from the arm \"{base}\" within each scenario, by arm; {said}. Marks: means; lines: 95 "
            "% intervals, those in % by Fieller's theorem (of the scenario's own base arm). Intervals are one by one, "
            f"without adjustment.{bands}")
