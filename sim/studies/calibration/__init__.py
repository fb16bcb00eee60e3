"""Calibration: free parameters, the summaries with which they are compared, and their posterior by two methods.

`sim.runs.parameter_draws` reads `sim/registry/calibration.yaml` (priors, reasons, targets) and gives draws of the prior
and the posterior; `summaries` computes the summaries; `approximate` is approximate Bayesian computation, `neural`
neural posterior estimation (extra `calibration`); `gates` has diagnostics of the reliability of both.
"""

from sim.registry.errors import ConfigurationError
from sim.studies import Study, requirements
from sim.studies.calibration.study import read, rows
from sim.studies.calibration.summaries import summaries
from sim.studies.calibration.tables import present


def draw_figures(calibrated):
    """Return the study's figures; Matplotlib is imported only here, since it is slow to load."""
    from sim.studies.calibration.figures import figures

    return figures(calibrated)


def check(plan) -> None:
    """One scenario is drawn from the prior, and its record holds the months of all summaries."""
    requirements.alike(plan, "scenario")
    source = plan.settings["parameter_draws"]["source"]
    if source != "prior":
        raise ConfigurationError(f"parameter_draws.source={source}: a calibration draws from the prior")
    requirements.months(plan, [month for one in summaries() for month in one.months])


STUDY = Study(read, rows, present, draw_figures, nights=True, parameter_draws=True, check=check)
