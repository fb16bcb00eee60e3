"""Figures of the experiment `sensitivity`: elementary effects, and first-order and total indices, by standing."""

from functools import partial

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.figures.style import DOUBLE, letter, new
from sim.findings import Figure
from sim.registry.outcomes import outcomes, primary
from sim.registry.ranges import STANDINGS, standing
from sim.studies.sensitivity import notes

# standing: colour (Okabe and Ito 2008), marker, hatch; lightness differs too
LOOKS = {"reported": ("#0072B2", "s", ""), "derived": ("#56B4E9", "v", ".."), "literature": ("#009E73", "^", "\\\\\\"),
         "calibrated": ("#CC79A7", "D", "xxx"), "assumed": ("#E69F00", "o", "///"), "contested": ("#B2182B", "X", "++")}
NAMED = 4  # parameters named in each panel of the screening
CAPTIONS = {  # by figure; {contrast} and {size} are filled in
    "screening": (
        "The points show elementary effects of every parameter on the six primary outcomes ({contrast}): μ*, the mean "
        "absolute change over the parameter's whole range, against σ, the standard deviation over trajectories, which "
        "shows interactions, curvature and chance. Points to the right of the dotted line exceed the largest effect "
        "that chance alone would give. {size}"),
    "indices": (
        "The bars show Sobol' indices of the parameters kept after screening ({contrast}): the share of the variance "
        "of the expected outcome due to a parameter alone (full bars) and with its interactions (light bars), with "
        "95 % bootstrap intervals, which may reach below 0. Other parameters are at their defaults, and variance by "
        "chance is removed. {size}"),
    "groups": (
        "The bars show Sobol' indices of all parameters in groups by status ({contrast}): the share of the variance of "
        "the expected outcome due to a group alone (full bars) and with its interactions with other groups (light "
        "bars), with 95 % bootstrap intervals, which may reach below 0. A parameter is contested if its source cites a "
        "contested or denied fact. {size}"),
}


def figures(analysed) -> dict[str, Figure]:
    """Return figures of elementary effects, and of the indices of each pair of scenarios and of the first scenario's
    levels that the sample is large enough to tell."""
    results, sobol, indices = analysed.results, analysed.sobol, analysed.shares
    contrasts, size = list(dict.fromkeys(q.contrast for q in results.quantities)), size_of(results, sobol)
    pairs = [c for c in contrasts if " minus " in c]
    drawn = {}
    for k, contrast in enumerate(pairs):
        tail = f"_{k + 1}" if k else ""
        drawn[f"sensitivity_morris{tail}"] = Figure(
            partial(draw_morris, results, contrast), CAPTIONS["screening"].format(contrast=contrast, size=size),
            notes.basis(contrast, size), notes.of_screening(results, contrast))
        drawn |= of_indices(f"sensitivity_differences{tail}", "indices", contrast, indices, sobol.keys, size,
                            partial(draw_shares, results, sobol, indices, contrast))
    drawn |= of_indices("sensitivity_levels", "indices", contrasts[0], indices, sobol.keys, size,
                        partial(draw_shares, results, sobol, indices, contrasts[0]))
    if analysed.groups:
        names = list(dict.fromkeys(results.designs.status.groups))
        drawn |= of_indices("sensitivity_status", "groups", pairs[0], analysed.groups, names, size,
                            partial(draw_status, results, analysed.groups, pairs[0]))
    return drawn


def of_indices(name, kind, contrast, indices, names, size, draw) -> dict[str, Figure]:
    """The figure of the indices of one contrast by name; none if their intervals are too wide to tell anything."""
    here = [shares for q, shares in indices.items() if q.contrast == contrast and shares is not None]
    if not notes.telling(here):
        return {}
    return {name: Figure(draw, CAPTIONS[kind].format(contrast=contrast, size=size), notes.basis(contrast, size),
                         notes.of_indices(here, names))}


def size_of(results, sobol) -> str:
    """A sentence for the captions on the number of points and the invalid ones."""
    designs, base = results.designs, next(iter(results.designs.bases.values()))
    samples = [s for s in (designs.morris, sobol, designs.status) if s]
    for sample in samples:
        results.values(sample, results.quantities[0])  # counts the invalid points
    counts = ", ".join(f"{s.name} {len(s.cube)} points ({len(results.refused[s.name])} refused)" for s in samples)
    reasons = sorted({reason for refused in results.refused.values() for _, reason in refused})
    more = f"; refused, for example: {reasons[0]}" if reasons else ""
    return (f"The samples are {counts}{more}; each point has {designs.replicates} seeds (one in the screening), the "
            f"same in all scenarios, and {base['nights']} nights after {base['warmup']} of warm-up at scale "
            f"{base['scale']:g}.")


def legend(figure, names, marks: bool) -> None:
    """Add the legend of colours, markers and hatches."""
    names = [name for name in STANDINGS if name in names]
    if marks:
        handles = [Line2D([], [], linestyle="", marker=LOOKS[n][1], color=LOOKS[n][0], markersize=4, label=n)
                   for n in names]
        handles.append(Line2D([], [], linestyle=":", color="0.35", linewidth=0.9, label="most that chance gives"))
    else:
        handles = [Patch(facecolor=LOOKS[n][0], hatch=LOOKS[n][2], edgecolor="black", linewidth=0.5, label=n)
                   for n in names]
        handles += [Patch(facecolor="0.3", edgecolor="black", linewidth=0.5, label="first-order"),
                    Patch(facecolor="0.85", edgecolor="black", linewidth=0.5, label="total")]
    figure.legend(handles=handles, loc="outside lower center", ncols=len(handles))


def factor(values) -> float:
    """The unit of an axis: 1e6 if values reach a million, else 1."""
    return 1e6 if np.nanmax(np.abs(values), initial=0.0) >= 1e6 else 1.0


# screening ---------------------------------------------------------------------------------------------------------
def draw_morris(results, contrast: str):
    """Draw μ* against σ, one panel for each primary outcome; dotted: the largest value by chance alone."""
    figure, axes = new(DOUBLE, 128, 2, 3)
    entries = [results.designs.by_key[key] for key in results.designs.morris.keys]
    here = {q.outcome: s for q, s in results.screened.items() if q.contrast == contrast}
    for ax, name in zip(axes.flat, primary()):
        if here[name] is None:
            ax.text(0.5, 0.5, "too few complete\ntrajectories", ha="center", transform=ax.transAxes, fontsize=7)
        else:
            scatter(ax, here[name], entries, name)
        ax.set_title(outcomes()[name].label, fontsize=7, fontweight="normal")
    for ax in axes[-1]:
        ax.set_xlabel("μ* (over the whole range)")
    for ax in axes[:, 0]:
        ax.set_ylabel("σ (same unit)")
    letter(axes.flat)
    legend(figure, {standing(e) for e in entries}, marks=True)
    return figure


def scatter(ax, screening, entries, name: str) -> None:
    """Draw one panel of the screening; the parameters with the largest μ* are named."""
    unit_is = factor(screening.mu_star)
    x, y = screening.mu_star / unit_is, screening.sigma / unit_is
    for status in STANDINGS:
        here = [k for k, e in enumerate(entries) if standing(e) == status]
        colour, marker, _ = LOOKS[status]
        ax.plot(x[here], y[here], marker, color=colour, markersize=3.2, markeredgewidth=0.3, markeredgecolor="white")
    if np.isfinite(screening.floor):
        ax.axvline(screening.floor / unit_is, color="0.35", linestyle=":", linewidth=0.9)
    high = max(x.max(), screening.floor / unit_is if np.isfinite(screening.floor) else 0.0) or 1.0
    ax.set_xlim(-0.02 * high, 1.08 * high)
    ax.set_ylim(0, 1.3 * y.max() or 1.0)
    top = sorted((k for k in np.argsort(-x)[:NAMED] if x[k] > 0), key=lambda k: y[k])
    last = -1.0
    for k in top:  # names are stacked if points lie close together
        place = max(y[k], last + 0.085 * ax.get_ylim()[1])
        right = x[k] < 0.5 * high
        ax.annotate(entries[k].key, (x[k], y[k]), (x[k] + (0.02 if right else -0.02) * high, place), fontsize=6,
                    ha="left" if right else "right", va="center",
                    arrowprops={"arrowstyle": "-", "linewidth": 0.4, "color": "0.5", "shrinkA": 0, "shrinkB": 2})
        last = place
    unit = outcomes()[name].unit
    ax.text(0.99, 0.02, f"M {unit}" if unit_is > 1 else unit, transform=ax.transAxes, ha="right", fontsize=6,
            color="0.35")


# indices -----------------------------------------------------------------------------------------------------------
def draw_shares(results, sobol, indices: dict, contrast: str):
    """Draw first-order and total indices of the kept parameters, one panel for each outcome."""
    here = {q.outcome: s for q, s in indices.items() if q.contrast == contrast}
    statuses = [standing(results.designs.by_key[key]) for key in sobol.keys]
    return bars(here, sobol.keys, statuses)


def draw_status(results, groups: dict, contrast: str):
    """Draw first-order and total indices of all parameters in groups, one panel for each outcome."""
    here = {q.outcome: shares for q, shares in groups.items() if q.contrast == contrast}
    names = list(dict.fromkeys(results.designs.status.groups))
    order = sorted(range(len(names)), key=lambda k: STANDINGS.index(names[k]))
    parts = ("first", "first_half", "total", "total_half")
    picked = {outcome: shares and shares._replace(**{part: getattr(shares, part)[order] for part in parts})
              for outcome, shares in here.items()}
    names = [names[k] for k in order]
    return bars(picked, names, names)


def bars(here: dict, names: list[str], statuses: list[str]):
    """Draw horizontal bars with intervals, one row for each name: first-order index above, total index below."""
    figure, axes = new(DOUBLE, 44 + 13 * len(names), 2, 3, sharey=True)
    for ax, outcome in zip(axes.flat, primary()):
        shares = here[outcome]
        if shares is None:
            ax.text(0.5, 0.5, "nothing but\nchance varies", ha="center", transform=ax.transAxes, fontsize=7)
        else:
            panel(ax, shares, statuses)
        chance = "" if shares is None else f"{100 * shares.variance.share_of_chance:.0f} % of a run's variance"
        label = outcomes()[outcome].label + (f"\nchance: {chance}" if chance else "")
        ax.set_title(label, fontsize=6.5, fontweight="normal")
        ax.axvline(0, color="black", linewidth=0.6)
    for ax in axes[:, 0]:
        ax.set_yticks(range(len(names)), names, fontsize=6)
    axes[0, 0].set_ylim(len(names) - 0.4, -0.6)
    for ax in axes[-1]:
        ax.set_xlabel("Share of variance")
    letter(axes.flat)
    legend(figure, set(statuses), marks=False)
    return figure


def panel(ax, shares, statuses) -> None:
    """Draw the bars of one outcome; full bars are first-order, light bars total."""
    low, high = -0.1, 1.0
    for k, status in enumerate(statuses):
        colour, _, hatch = LOOKS[status]
        for place, value, half, alpha in ((k - 0.2, shares.first[k], shares.first_half[k], 1.0),
                                          (k + 0.2, shares.total[k], shares.total_half[k], 0.35)):
            ax.barh(place, value, 0.36, color=colour, alpha=alpha, linewidth=0)
            ax.barh(place, value, 0.36, facecolor="none", edgecolor="black", hatch=hatch, linewidth=0.4)
            ax.errorbar(value, place, xerr=half, color="black", linewidth=0.6, capsize=1.2, capthick=0.5)
            low, high = min(low, value - half), max(high, value + half)
    ax.set_xlim(max(low, -1.0) - 0.03, min(high, 2.0) + 0.03)
