"""Calibration: which parameters are free, what they are compared with, and two ways to their posterior.

`sim.runs.parameter_draws` reads `sim/registry/calibration.yaml` (priors, reasons, targets) and gives draws of the prior
and the posterior; `summaries` computes the numbers that are compared; `approximate` is approximate Bayesian
computation, `neural` a neural posterior estimate (extra `calibration`); `gates` judges whether either may be believed.
"""

from sim.registry.errors import ConfigurationError
from sim.studies import Study, requirements
from sim.studies.calibration.study import read, rows
from sim.studies.calibration.summaries import summaries
from sim.studies.calibration.tables import present


def drawn(calibrated):
    """The study's figures; Matplotlib is loaded only for them."""
    from sim.studies.calibration.figures import figures

    return figures(calibrated)


def check(plan) -> None:
    """One scenario is drawn from the prior, and its record holds the months of all summaries."""
    requirements.alike(plan, "scenario")
    source = plan.settings["parameter_draws"]["source"]
    if source != "prior":
        raise ConfigurationError(f"parameter_draws.source={source}: a calibration draws from the prior")
    requirements.months(plan, [month for one in summaries() for month in one.months])


STUDY = Study(read, rows, present, drawn, nights=True, parameter_draws=True, check=check)
