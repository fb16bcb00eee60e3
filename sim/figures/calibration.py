"""Figures of the experiment `calibration`: marginal posteriors, recovery, and what the prior gives."""

import numpy as np
from scipy.stats import gaussian_kde

from sim.calibration import gates
from sim.calibration.free import free
from sim.calibration.summaries import observed, summaries
from sim.figures.style import DOUBLE, GREY, new
from sim.parameters import registry

LOOKS = {"abc": ("ABC-SMC", "#0072B2", "--", "s"), "npe": ("NPE", "#D55E00", "-", "o")}
COLUMNS = 4


def panels(height: float, **options):
    """Axes for all free parameters, four a row; empty ones are taken away."""
    rows = -(-len(free()) // COLUMNS)
    figure, axes = new(DOUBLE, height * rows, rows, COLUMNS, **options)
    for ax in axes.flat[len(free()):]:
        ax.remove()
    return figure, axes.flat[: len(free())]


def name_of(key: str) -> str:
    """A key in two lines."""
    group, _, name = key.partition(".")
    return f"{group}.\n{name}"


def marginals(posteriors):
    """Density of each parameter over the prior's quantiles: prior, and each method."""
    figure, axes = panels(40)
    grid = np.linspace(0.002, 0.998, 200)
    for k, (ax, one) in enumerate(zip(axes, free())):
        ax.axhline(1, color=GREY, linewidth=0.8, label="Prior")
        for name, sample in posteriors.items():
            label, colour, line, _ = LOOKS[name]
            ax.plot(grid, reflected(sample.units[:, k], sample.weights)(grid), line, color=colour, label=label)
        ax.axvline(float(one.unit(registry()[one.key].default)), color="black", linewidth=0.8, linestyle=":",
                   label="Default")
        ax.set_title(name_of(one.key), fontsize=7, fontweight="normal", loc="left")
        ax.set_xlim(0, 1)
        ax.set_ylim(bottom=0)
        ax.set_xticks([0, 0.5, 1], [f"{float(one.value(q)):.2g}" for q in (0, 0.5, 1)])
        ax.set_xlabel(registry()[one.key].unit, fontsize=6.5, labelpad=1)
        if k % COLUMNS == 0:
            ax.set_ylabel("Density (prior = 1)")
    figure.legend(*axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=4)
    return figure


def reflected(values, weights):
    """A kernel density on [0, 1] that loses nothing over the edges."""
    mirrored, tripled = np.concatenate([values, -values, 2 - values]), np.tile(weights, 3)
    spread = max(float(np.sqrt(weights @ (values - weights @ values) ** 2)), 0.02)
    width = 1.06 * spread * len(values) ** -0.2 / np.sqrt(np.cov(mirrored, aweights=tripled))
    kernel = gaussian_kde(mirrored, bw_method=float(width), weights=tripled)
    return lambda grid: 3 * kernel(grid)


def recovery(recovered):
    """Posterior mean against truth, runs a method has not seen."""
    figure, axes = panels(42, sharex=True, sharey=True)
    for k, (ax, one) in enumerate(zip(axes, free())):
        said = []
        for name, known in recovered.items():
            label, colour, _, marker = LOOKS[name]
            ax.plot(known.truth[:, k], known.mean[:, k], marker, color=colour, markersize=1.6, alpha=0.5,
                    markeredgewidth=0, label=label)
            said.append(f"{label} {known.correlation()[k]:.2f}")
        ax.plot([0, 1], [0, 1], color=GREY, linewidth=0.7)
        ax.set_title(name_of(one.key), fontsize=7, fontweight="normal", loc="left")
        ax.annotate("r: " + "\n    ".join(said), (0.03, 0.97), xycoords="axes fraction", fontsize=6, va="top")
        ax.set_xlim(0, 1)
        ax.set_ylim(0, 1)
        if k % COLUMNS == 0:
            ax.set_ylabel("Posterior mean")
        if k >= len(free()) - COLUMNS:
            ax.set_xlabel("Truth (quantile)")
    figure.legend(*axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=2, markerscale=2)
    return figure


def predictive(bank):
    """What was reported among what the prior gives, by summary, in units of the prior's spread."""
    figure, axes = new(DOUBLE, 110)
    ax, goal = axes[0, 0], observed()
    middle, unit = np.median(bank.found, axis=0), np.maximum(bank.found.std(axis=0), 1e-9)
    edge = (1 - gates.INSIDE) / 2
    for k, one in enumerate(summaries()):
        low, high, a, b = (np.quantile(bank.found[:, k], (edge, 1 - edge, 0.25, 0.75)) - middle[k]) / unit[k]
        ax.plot([low, high], [k, k], color=GREY, linewidth=0.8)
        ax.plot([a, b], [k, k], color=GREY, linewidth=3.2, solid_capstyle="butt")
        ends = [(float(one.compared(v)) - middle[k]) / unit[k] for v in (one.low, one.high)]
        ax.plot(ends, [k - 0.22] * 2, color="#D55E00", linewidth=1)
        ax.plot((goal[k] - middle[k]) / unit[k], k - 0.22, "o", color="#D55E00", markersize=3.2)
    ax.set_yticks(range(len(goal)), [one.label for one in summaries()], fontsize=6.5)
    ax.invert_yaxis()
    ax.set_xlabel("Distance from the prior's median (standard deviations of simulated summaries)")
    ax.axvline(0, color=GREY, linewidth=0.5)
    return figure


def caption_marginals(posteriors) -> str:
    said = " and ".join(LOOKS[name][0] for name in posteriors)
    return (f"Marginal posteriors of the free parameters by {said}, over quantiles of the prior (horizontal axis: the "
            "parameter's own values at quantiles 0, ½ and 1), smoothed. A curve at 1 says nothing was learnt.")


def caption_recovery(recovered) -> str:
    n = len(next(iter(recovered.values())).truth)
    return (f"Posterior means of {n} simulated runs against the parameters they were run with (quantiles of the "
            f"prior), by methods that had not seen the run ({gates.FOLDS} folds). r below {gates.RECOVERED}: not "
            "identified.")


def caption_predictive(bank) -> str:
    return (f"Summaries of {len(bank.units)} runs with parameters drawn from the prior, with error of measurement: "
            "99 % (thin) and half (thick) of runs; dots: what was reported, with its interval.")
