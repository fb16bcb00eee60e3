"""Figures of the experiment `calibration`: marginal posteriors, recovery, ranks, and what prior and posterior give."""

from functools import partial
from textwrap import wrap

import numpy as np
from scipy.stats import binom, gaussian_kde

from sim.figures.style import DOUBLE, GREY, new
from sim.findings import Figure
from sim.registry.parameters import registry
from sim.runs.parameter_draws import free
from sim.studies.calibration import gates
from sim.studies.calibration.summaries import summaries

LOOKS = {"abc": ("ABC-SMC", "#0072B2", "--", "s"), "npe": ("NPE", "#D55E00", "-", "o")}
COLUMNS, BINS = 4, 10


def figures(found) -> dict[str, Figure]:
    """Posteriors, recovery and ranks of both methods, and what prior and posterior give."""
    posteriors, recovered = found.posteriors, found.recovered
    return {"calibration": Figure(partial(marginals, posteriors), caption_marginals(posteriors)),
            "calibration_recovery": Figure(partial(recovery, recovered), caption_recovery(recovered)),
            "calibration_ranks": Figure(partial(ranks, recovered), caption_ranks(recovered)),
            "calibration_predictive": Figure(partial(predictive, found.bank, found.played),
                                             caption_predictive(found.bank, found.played))}


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
        ax.set_xticks([0, 0.5, 1], [f"{float(f'{float(one.value(q)):.2g}'):g}" for q in (0, 0.5, 1)])
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


def ranks(recovered):
    """Ranks of the truth in its posterior, a histogram a parameter and method; grey: 99 % of uniform ones."""
    figure, axes = panels(36, sharex=True, sharey=True)
    for k, (ax, one) in enumerate(zip(axes, free())):
        for name, known in recovered.items():
            label, colour, line, _ = LOOKS[name]
            counts, edges = np.histogram(known.rank[:, k], BINS, (0, 1))
            ax.stairs(counts, edges, color=colour, linestyle=line, linewidth=1.1, label=label)
            n = len(known.rank)
        low, high = binom.ppf([0.005, 0.995], n, 1 / BINS)
        ax.axhspan(low, high, color="0.88", zorder=0, label="99 % of uniform ranks")
        ax.set_title(name_of(one.key), fontsize=7, fontweight="normal", loc="left")
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
    """What was reported among what prior and posterior give, in units of the prior's spread; months apart."""
    monthly = [one.reduce == "share" for one in summaries()]
    parts = [[k for k, is_month in enumerate(monthly) if is_month is want] for want in (False, True)]
    figure, axes = new(DOUBLE, 12 + 4.3 * max(map(len, parts)), 1, 2)
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
    """One summary: 99 % and half of the prior's runs with error, all posterior runs without, and what was reported."""
    one, middle, unit = summaries()[k], float(np.median(prior)), max(float(prior.std()), 1e-9)
    edge = (1 - gates.INSIDE) / 2
    low, high, a, b = (np.quantile(prior, (edge, 1 - edge, 0.25, 0.75)) - middle) / unit
    said = [None] * 4 if y else ["Prior: 99 %", "Prior: half", "Posterior runs, without error", "Reported"]
    ax.plot([low, high], [y, y], color=GREY, linewidth=0.8, label=said[0])
    ax.plot([a, b], [y, y], color=GREY, linewidth=3, solid_capstyle="butt", label=said[1])
    if posterior is not None:
        ax.plot((posterior - middle) / unit, np.full(len(posterior), y + 0.28), "|", color="#0072B2", markersize=3,
                markeredgewidth=0.5, label=said[2])
    ends = [(float(one.compared(v)) - middle) / unit for v in (one.low, one.high)]
    ax.plot(ends, [y - 0.25] * 2, color="#D55E00", linewidth=0.9)
    ax.plot((float(one.compared(one.target)) - middle) / unit, y - 0.25, "o", color="#D55E00", markersize=2.6,
            linestyle="", label=said[3])


def short(label: str) -> str:
    """A label in at most two lines."""
    return "\n".join(wrap(label.replace("Detections, share of the year, ", ""), 34))


def caption_marginals(posteriors) -> str:
    said = " and ".join(LOOKS[name][0] for name in posteriors)
    return (f"Marginal posteriors of the free parameters by {said}, over quantiles of the prior (horizontal axis: the "
            "parameter's own values at quantiles 0, ½ and 1), smoothed. A curve at 1 says nothing was learnt.")


def caption_recovery(recovered) -> str:
    n = len(next(iter(recovered.values())).truth)
    return (f"Posterior means of {n} simulated runs against the parameters they were run with (quantiles of the "
            f"prior), by methods that had not seen the run ({gates.FOLDS} folds). r below {gates.RECOVERED}: not "
            "identified.")


def caption_ranks(recovered) -> str:
    n = len(next(iter(recovered.values())).truth)
    return (f"Simulation-based calibration: ranks of the truth of {n} runs among draws of their posteriors, by methods "
            "that had not seen the run. Level: calibrated; ∪: too sure; ∩: not sure enough.")


def caption_predictive(bank, played) -> str:
    after = "" if played is None else f" Blue: {len(played.units)} runs of the posterior, without error."
    return (f"Summaries of {len(bank.units)} runs with parameters drawn from the prior, with error of measurement: "
            f"99 % (thin) and half (thick) of runs.{after} Dots: what was reported, with its interval. Right: "
            "detections by month as shares of the year.")
