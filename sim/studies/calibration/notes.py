"""What stands at the foot of the figures of a calibration, and their alternative texts: (basis, alternative) of "
  "each."""

from sim.runs.parameter_draws import free
from sim.studies.calibration import gates


def marginals(posteriors) -> tuple[str, str]:
    """Foot and alternative text of the marginal posteriors."""
    sizes = ", ".join(f"{name.upper()} {len(sample.units)}" for name, sample in posteriors.items())
    keys = ", ".join(parameter.key for parameter in free())
    return (f"n: draws of the posterior: {sizes}. Reference: the prior (density 1). Axes give the parameter's values "
            "at quantiles 0, ½ and 1 of the prior, so that equal steps are equal prior probability.",
            f"Density curves of the posterior of {len(free())} parameters over the quantiles of their priors: {keys}.")


def recovery(recovered) -> tuple[str, str]:
    """Foot and alternative text of the recovery of known parameters."""
    each = "; ".join(f"{name.upper()}: {', '.join(f'{p.key} {r:.2f}' for p, r in zip(free(), known.correlation()))}"
                     for name, known in recovered.items())
    return (f"n: {runs(recovered)} held-out runs. Grey line: perfect recovery. A parameter with r below "
            f"{gates.RECOVERED} is not identified: its posterior repeats the prior.",
            f"Scatter plots of posterior means against true values. Correlations, {each}.")


def ranks(recovered) -> tuple[str, str]:
    """Foot and alternative text of the ranks."""
    return (f"n: {runs(recovered)} held-out runs. Grey: where 99 % of the counts of a bin lie if ranks are uniform; a "
            "curve outside it shows a posterior that is too narrow or too wide.",
            f"Histograms of the ranks of true values in their posteriors, one panel for each of {len(free())} "
            "parameters.")


def predictive(bank, played) -> tuple[str, str]:
    """Foot and alternative text of the predictive distributions."""
    after = 0 if played is None else len(played.units)
    return (f"n: {len(bank.units)} runs of the prior, with error of measurement; {after} of the posterior, without it, "
            "so that their spread is smaller by that error. Both panels have one horizontal scale.",
            f"Rows of intervals, one for each of {bank.found.shape[1]} summaries: runs of the prior and of the "
            "posterior against reported values.")


def runs(recovered) -> int:
    """The number of held-out runs."""
    return len(next(iter(recovered.values())).truth)
