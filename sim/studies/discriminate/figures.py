"""Figure of the experiment `discriminate`: how well classifiers separate kinds of worlds, and by which series."""

import numpy as np
from matplotlib.lines import Line2D

from sim.figures.style import DOUBLE, GREY, letter, look, new
from sim.findings import Figure
from sim.statistics.classify import CLASSIFIERS, curve
from sim.studies.discriminate.study import CONTRASTS, note

KIND = CLASSIFIERS[1]  # drawn in panels a and c
LINES = {  # (variant, seen): label, colour of Okabe and Ito 2008, line style, marker
    ("drawn", "public"): ("Public series, drawn", "#0072B2", "-", "o"),
    ("drawn", "everything"): ("Everything, drawn", "#D55E00", "--", "s"),
    ("defaults", "public"): ("Public series, defaults", "#009E73", "-.", "^"),
    ("defaults", "everything"): ("Everything, defaults", "#000000", ":", "D"),
}
SHOWN = 12  # series in panel c


def figures(results) -> dict[str, Figure]:
    """Return the single figure by name."""
    return {"discriminate": Figure(lambda: draw(results), caption(results), basis(results),
                                   alternative(results))}


def draw(results):
    """Draw a: ROC of the first contrast; b: AUC of every contrast; c: importance of public series."""
    figure, axes = new(DOUBLE, 82, 1, 3, gridspec_kw={"width_ratios": [1, 1.15, 0.95]})
    characteristic(axes[0, 0], results)
    contrasts(axes[0, 1], results)
    series(axes[0, 2], results)
    letter(axes.flat)
    shown = [look_of for key, look_of in LINES.items() if any(k[:2] == key for k in results)]
    handles = [Line2D([], [], color=colour, linestyle=line, marker=marker, markersize=3.5, label=label)
               for label, colour, line, marker in shown]
    handles += [Line2D([], [], color="0.3", linestyle="", marker="o", markersize=3.5, markerfacecolor=face, label=word)
                for face, word in (("0.3", "Full: random forest"), ("white", "Open: logistic regression"))]
    figure.legend(handles=handles, loc="outside lower center", ncols=3)
    return figure


def of(results, variant, seen, contrast, kind):
    """The result of one classifier, or None if it was not run."""
    return results.get((variant, seen, *contrast[:2], kind))


def first_contrast(results):
    """The first contrast that was run."""
    return next(c for c in CONTRASTS if any(key[2:4] == c[:2] for key in results))


def characteristic(ax, results) -> None:
    """Draw receiver operating characteristics with bands."""
    at = np.linspace(0, 1, 101)
    ax.plot([0, 1], [0, 1], color=GREY, linewidth=0.6)
    for (variant, seen), (_, colour, line, _) in LINES.items():
        if (t := of(results, variant, seen, first_contrast(results), KIND)) is None:
            continue
        mean, low, high = curve(t, at)
        if seen == "public":
            ax.fill_between(at, low, high, color=colour, alpha=0.18, linewidth=0)
        ax.plot(at, mean, line, color=colour)
    first, second, _ = first_contrast(results)
    ax.set_xlabel(f"{short(second)}: share of worlds\ntaken for the other")
    ax.set_ylabel(f"{short(first)}:\nshare of worlds found")
    ax.set_aspect("equal")
    ax.set_xticks([0, 0.5, 1]), ax.set_yticks([0, 0.5, 1])
    ax.set_xlim(-0.04, 1.04), ax.set_ylim(-0.04, 1.04)  # a curve at 0 or 1 stays clear of the frame


def contrasts(ax, results) -> None:
    """Draw AUC with intervals: one block for each contrast, one row for each variant, view and classifier."""
    y, ticks = 0.0, []
    for contrast in [c for c in CONTRASTS if any(key[2:4] == c[:2] for key in results)]:
        top = y
        for (variant, seen), (_, colour, _, marker) in LINES.items():
            for kind in CLASSIFIERS:
                if (t := of(results, variant, seen, contrast, kind)) is None:
                    continue
                filled = colour if kind == KIND else "white"
                ax.plot([t.low, t.high], [y, y], color=colour, linewidth=1)
                ax.plot(t.auc, y, marker, color=colour, markerfacecolor=filled, markersize=3.5, markeredgewidth=0.8)
                y -= 1
        ticks.append(((top + y + 1) / 2, f"{short(contrast[0])}\nor {short(contrast[1])}"))
        y -= 1.2
    ax.axvline(0.5, color=GREY, linewidth=0.6)
    ax.axvspan(0, 0.5, color="0.93", linewidth=0, zorder=0)
    ax.set_yticks([place for place, _ in ticks], [label for _, label in ticks])
    ax.tick_params(axis="y", length=0)
    ax.set_xlim(min(0.3, ax.get_xlim()[0]), 1.02)
    ax.set_xlabel("AUC (0.5: chance;\ngrey: worse than chance)")


def short(scenario: str) -> str:
    """A scenario's name without brackets."""
    return look(scenario)[0].partition(" (")[0].partition(",")[0]


def series(ax, results) -> None:
    """Draw the fall of the AUC when a public series is permuted, under drawn parameters if they were run."""
    variant = "drawn" if any(key[0] == "drawn" for key in results) else "defaults"
    t = of(results, variant, "public", first_contrast(results), KIND)
    ranked = sorted(t.importance.items(), key=lambda item: -item[1][0])[:SHOWN]
    for k, (_, (fall, low, high)) in enumerate(reversed(ranked)):
        ax.barh(k, fall, color="#0072B2" if low > 0 else "0.75", height=0.7)
        ax.plot([low, high], [k, k], color="black", linewidth=0.8)
    ax.axvline(0, color=GREY, linewidth=0.6)
    ax.set_yticks(range(len(ranked)), [name.replace("_", " ").capitalize() for name, _ in reversed(ranked)], fontsize=6)
    ax.tick_params(axis="y", length=0)
    ax.set_xlabel("Fall of the AUC\nwhen permuted")


def caption(results) -> str:
    """Caption of the figure."""
    first, second, question = first_contrast(results)
    groups = {variant: len(t.first) for (variant, *_), t in results.items()}
    return ("The figure shows how well classifiers separate worlds with control from worlds without it. Panel a shows "
            f"receiver operating characteristics of a random forest for {look(first)[0].lower()} against "
            f"{look(second)[0].lower()} ({question}), with 95 % bands over groups of worlds for public series. Panel b "
            "shows the AUC with 95 % intervals for every contrast: filled marks are random forests, open marks "
            "logistic regressions. Panel c shows how far the forest's AUC in panel a falls when a public series is "
            f"permuted, for the {SHOWN} largest falls; a bar is blue where the interval excludes 0. {note(groups)}")


def basis(results) -> str:
    """Sample and intervals, for the foot of the figure."""
    groups = {variant: len(t.first) for (variant, *_), t in results.items()}
    sizes = ", ".join(f"{n} worlds ({variant})" for variant, n in groups.items())
    return (f"n: {sizes} of the first kind in a contrast. Bands and lines: 95 % intervals over groups of worlds. An "
            "AUC below "
            "0.5 means that the rule learned on other groups misleads. c: blue where the interval excludes 0.")


def alternative(results) -> str:
    """The alternative text, with the AUC of the forest for public series by contrast."""
    lines = [f"{short(c[0])} or {short(c[1])}, {LINES[variant, seen][0].lower()}: {t.auc:.2f}"
             for c in CONTRASTS for variant, seen in LINES if (t := of(results, variant, seen, c, KIND)) is not None]
    return f"ROC curves, AUC with intervals, and bars of importance. AUC of the random forest: {'; '.join(lines)}."
