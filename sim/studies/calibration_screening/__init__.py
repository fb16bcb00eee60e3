"""Screening before a calibration: the parameters to which the summaries of a calibration are sensitive."""

from sim.registry.errors import ConfigurationError
from sim.studies import Study, requirements
from sim.studies.calibration_screening.study import read, rounds, rows, within
from sim.studies.calibration_screening.tables import present


def draw_figures(screened):
    """Return the study's figures; Matplotlib is imported only here, since it is slow to load."""
    from sim.studies.calibration_screening.figures import figures

    return figures(screened)


def check(plan) -> None:
    """The record holds all months of at least one summary."""
    first = plan.points[0]
    if not within(requirements.months_of(first)):
        raise ConfigurationError(f"nights={requirements.value(first, 'nights')}: with start_date="
                                 f"{requirements.value(first, 'start_date')} no summary has all its months in the "
                                 "record")


STUDY = Study(read, rows, present, draw_figures, nights=True, rounds=rounds, check=check)
