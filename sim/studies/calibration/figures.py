"""Figures of the experiment `calibration`: marginal posteriors, recovery, ranks, and predictive distributions."""

from functools import partial
from textwrap import wrap

import numpy as np
from scipy.stats import binom, gaussian_kde

from sim.figures.style import DOUBLE, GREY, new
from sim.findings import Figure
from sim.registry.parameters import registry
from sim.runs.parameter_draws import free
from sim.studies.calibration import gates, notes
from sim.studies.calibration.summaries import summaries

LOOKS = {"abc": ("ABC-SMC", "#0072B2", "--", "s"), "npe": ("NPE", "#D55E00", "-", "o")}
COLUMNS, BINS = 4, 10
TALLEST = 8.0  # end of the axis of a density, in densities of the prior


def figures(calibrated) -> dict[str, Figure]:
    """Return figures of posteriors, recovery and ranks of both methods, and of predictive distributions."""
    posteriors, recovered = calibrated.posteriors, calibrated.recovered
    return {"calibration": Figure(partial(marginals, posteriors), caption_marginals(posteriors),
                                   *notes.marginals(posteriors)),
            "calibration_recovery": Figure(partial(recovery, recovered), caption_recovery(recovered),
                                            *notes.recovery(recovered)),
            "calibration_ranks": Figure(partial(ranks, recovered), caption_ranks(recovered),
                                         *notes.ranks(recovered)),
            "calibration_predictive": Figure(partial(predictive, calibrated.bank, calibrated.played),
                                             caption_predictive(calibrated.bank, calibrated.played),
                                             *notes.predictive(calibrated.bank, calibrated.played))}


def panels(height: float, **options):
    """Return axes for all free parameters, four in each row; empty axes are removed."""
    rows = -(-len(free()) // COLUMNS)
    figure, axes = new(DOUBLE, height * rows, rows, COLUMNS, **options)
    for ax in axes.flat[len(free()):]:
        ax.remove()
    return figure, axes.flat[: len(free())]


def name_of(key: str) -> str:
    """The name of a parameter on two lines."""
    group, _, name = key.partition(".")
    return f"{group}.\n{name}"


def marginals(posteriors):
    """Draw the density of each parameter over the prior's quantiles, for the prior and each method."""
    figure, axes = panels(40)
    grid = np.linspace(0.002, 0.998, 200)
    for k, (ax, parameter) in enumerate(zip(axes, free())):
        ax.axhline(1, color=GREY, linewidth=0.8, label="Prior")
        for name, sample in posteriors.items():
            label, colour, line, _ = LOOKS[name]
            ax.plot(grid, reflected(sample.units[:, k], sample.weights)(grid), line, color=colour, label=label)
        default = float(parameter.unit(registry()[parameter.key].default))
        ax.axvline(default, color="black", linewidth=0.8, linestyle=":", label="Default")
        ax.set_title(name_of(parameter.key), fontsize=7, fontweight="normal", loc="left")
        ax.set_xlim(0, 1)
        cut(ax)
        ax.set_xticks([0, 0.5, 1], [f"{float(f'{float(parameter.value(q)):.2g}'):g}" for q in (0, 0.5, 1)])
        ax.set_xlabel(scale_of(parameter), fontsize=6.5, labelpad=1)
        if k % COLUMNS == 0:
            ax.set_ylabel("Density (prior = 1)")
    figure.legend(*axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=4)
    return figure


def cut(ax) -> None:
    """End a density's axis at `TALLEST`, and say so if a curve goes beyond it."""
    top = max(float(np.max(line.get_ydata())) for line in ax.get_lines() if line.get_label() != "Default")
    if top > TALLEST:
        ax.annotate(f"cut; peak {top:.0f}", (0.97, 0.97), xycoords="axes fraction", fontsize=6, ha="right", va="top")
    ax.set_ylim(0, min(1.08 * top, TALLEST))


def scale_of(parameter) -> str:
    """The unit of a parameter, and whether its axis is logarithmic: its value in the middle tells."""
    low, middle, high = (float(parameter.value(q)) for q in (0.0, 0.5, 1.0))
    words = [registry()[parameter.key].unit]
    if low > 0 and abs(middle - (low * high) ** 0.5) < 0.01 * middle < abs(middle - (low + high) / 2):
        words.append("log scale")
    return ", ".join(filter(None, words))


def reflected(values, weights):
    """Return a kernel density on [0, 1] with reflection at the edges."""
    mirrored, tripled = np.concatenate([values, -values, 2 - values]), np.tile(weights, 3)
    spread = max(float(np.sqrt(weights @ (values - weights @ values) ** 2)), 0.02)
    width = 1.06 * spread * len(values) ** -0.2 / np.sqrt(np.cov(mirrored, aweights=tripled))
    kernel = gaussian_kde(mirrored, bw_method=float(width), weights=tripled)
    return lambda grid: 3 * kernel(grid)


def recovery(recovered):
    """Draw posterior means against true values of held-out runs."""
    figure, axes = panels(42, sharex=True, sharey=True)
    for k, (ax, parameter) in enumerate(zip(axes, free())):
        correlations = []
        for name, known in recovered.items():
            label, colour, _, marker = LOOKS[name]
            ax.plot(known.truth[:, k], known.mean[:, k], marker, color=colour, markersize=1.6, alpha=0.5,
                    markeredgewidth=0, label=label)
            correlations.append(f"{label} {known.correlation()[k]:.2f}")
        ax.plot([0, 1], [0, 1], color=GREY, linewidth=0.7)
        ax.set_title(name_of(parameter.key), fontsize=7, fontweight="normal", loc="left")
        ax.annotate("r: " + "\n    ".join(correlations), (0.03, 0.97), xycoords="axes fraction", fontsize=6, va="top")
        ax.set_xlim(0, 1)
        ax.set_ylim(0, 1)
        if k % COLUMNS == 0:
            ax.set_ylabel("Posterior mean")
        if k >= len(free()) - COLUMNS:
            ax.set_xlabel("Truth (quantile)")
    figure.legend(*axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=2, markerscale=2)
    return figure


def ranks(recovered):
    """Draw histograms of ranks of true values in their posteriors, by parameter and method; grey: 99 % of uniform
    ranks."""
    figure, axes = panels(36, sharex=True, sharey=True)
    for k, (ax, parameter) in enumerate(zip(axes, free())):
        for name, known in recovered.items():
            label, colour, line, _ = LOOKS[name]
            counts, edges = np.histogram(known.rank[:, k], BINS, (0, 1))
            ax.stairs(counts, edges, color=colour, linestyle=line, linewidth=1.1, label=label)
            n = len(known.rank)
        low, high = binom.ppf([0.005, 0.995], n, 1 / BINS)
        ax.axhspan(low, high, color="0.88", zorder=0, label="Where 99 % of counts lie if calibrated")
        ax.set_title(name_of(parameter.key), fontsize=7, fontweight="normal", loc="left")
        ax.set_xlim(0, 1)
        if k % COLUMNS == 0:
            ax.set_ylabel("Runs")
        if k >= len(free()) - COLUMNS:
            ax.set_xlabel("Rank of the truth")
    top = max(np.histogram(rank, BINS, (0, 1))[0].max() for known in recovered.values() for rank in known.rank.T)
    axes[0].set_ylim(0, 1.05 * max(top, high))
    figure.legend(*axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=3)
    return figure


def predictive(bank, played):
    """Draw reported summaries with prior and posterior predictive ones, in prior standard deviations; months
    separately."""
    monthly = [summary.reduce == "share" for summary in summaries()]
    parts = [[k for k, is_month in enumerate(monthly) if is_month is want] for want in (False, True)]
    figure, axes = new(DOUBLE, 12 + 4.8 * max(map(len, parts)), 1, 2, sharex=True)
    for ax, part in zip(axes[0], parts):
        for y, k in enumerate(part):
            spans(ax, y, k, bank.found[:, k], None if played is None else played.latent[:, k])
        ax.set_yticks(range(len(part)), [short(summaries()[k].label) for k in part], fontsize=6)
        ax.set_ylim(len(part) - 0.4, -0.6)
        ax.axvline(0, color=GREY, linewidth=0.5)
        ax.set_xlabel("From the prior's median\n(standard deviations of simulated summaries)", fontsize=7)
    handles, labels = axes[0, 0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=4)
    return figure


def spans(ax, y: float, k: int, prior, posterior) -> None:
    """Draw one summary: central 99 % and 50 % of prior runs with error, posterior runs without, and the reported
    value."""
    summary, middle, unit = summaries()[k], float(np.median(prior)), max(float(prior.std()), 1e-9)
    edge = (1 - gates.INSIDE) / 2
    low, high, a, b = (np.quantile(prior, (edge, 1 - edge, 0.25, 0.75)) - middle) / unit
    labels = [None] * 4 if y else ["Prior: central 99 %", "Prior: central 50 %",
                                      "Posterior runs (without error of measurement)", "Reported"]
    ax.plot([low, high], [y, y], color=GREY, linewidth=0.8, label=labels[0])
    ax.plot([a, b], [y, y], color=GREY, linewidth=3, solid_capstyle="butt", label=labels[1])
    if posterior is not None:
        ax.plot((posterior - middle) / unit, np.full(len(posterior), y + 0.28), "|", color="#0072B2", markersize=3,
                markeredgewidth=0.5, label=labels[2])
    ends = [(float(summary.compared(v)) - middle) / unit for v in (summary.low, summary.high)]
    ax.plot(ends, [y - 0.25] * 2, color="#D55E00", linewidth=0.9)
    ax.plot((float(summary.compared(summary.target)) - middle) / unit, y - 0.25, "o", color="#D55E00", markersize=2.6,
            linestyle="", label=labels[3])


def short(label: str) -> str:
    """A label wrapped at 34 characters."""
    return "\n".join(wrap(label.replace("Detections, share of the year, ", ""), 34))


def caption_marginals(posteriors) -> str:
    """Caption of the marginal posteriors."""
    methods = " and ".join(LOOKS[name][0] for name in posteriors)
    return (f"The curves show smoothed marginal posteriors of the free parameters by {methods} over quantiles of the "
            "prior; the horizontal axis gives the parameter's own values at quantiles 0, ½ and 1. A curve at 1 equals "
            "the prior.")


def caption_recovery(recovered) -> str:
    """Caption of the recovery of known parameters."""
    n = len(next(iter(recovered.values())).truth)
    return (f"The points show posterior means of {n} simulated runs against their true parameters (quantiles of the "
            f"prior). Each run was held out from the fit ({gates.FOLDS} folds). A parameter with a correlation r below "
            f"{gates.RECOVERED} is not identified.")


def caption_ranks(recovered) -> str:
    """Caption of the ranks."""
    n = len(next(iter(recovered.values())).truth)
    return (f"Simulation-based calibration: the histograms show the ranks of the true parameters of {n} runs among "
            "draws of their posteriors; each run was held out from the fit. Ranks are uniform if the posterior is "
            "calibrated, ∪-shaped if it is too narrow, and ∩-shaped if it is too wide.")


def caption_predictive(bank, played) -> str:
    """Caption of the predictive distributions."""
    after = "" if played is None else f" Blue marks show {len(played.units)} runs of the posterior, without error."
    return (f"The grey lines show summaries of {len(bank.units)} runs with parameters drawn from the prior and with "
            f"error of measurement: the central 99 % (thin) and 50 % (thick) of runs.{after} Dots show reported values "
            "with their intervals. The right panel shows detections by month as shares of the year.")
