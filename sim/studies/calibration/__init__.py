"""Calibration: free parameters, the summaries with which they are compared, and their posterior by two methods.

`sim.runs.parameter_draws` reads `sim/registry/calibration.yaml` (priors, reasons, targets) and gives draws of the prior
and the posterior; `summaries` computes the summaries; `approximate` is approximate Bayesian computation, `neural`
neural posterior estimation (extra `calibration`); `gates` has diagnostics of the reliability of both.
"""

from sim.studies import Study
from sim.studies.calibration.study import read, rows
from sim.studies.calibration.tables import present


def draw_figures(calibrated):
    """Return the study's figures; Matplotlib is imported only here, since it is slow to load."""
    from sim.studies.calibration.figures import figures

    return figures(calibrated)


STUDY = Study(read, rows, present, draw_figures, nights=True, parameter_draws=True)
