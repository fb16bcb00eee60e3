"""Screening before a calibration: which parameters move what is compared with the documents."""

from sim.registry.errors import ConfigurationError
from sim.studies import Study, requirements
from sim.studies.calibration_screening.study import read, rounds, rows, within
from sim.studies.calibration_screening.tables import present


def drawn(screened):
    """The study's figures; Matplotlib is loaded only for them."""
    from sim.studies.calibration_screening.figures import figures

    return figures(screened)


def check(plan) -> None:
    """The record holds all months of at least one summary."""
    first = plan.points[0]
    if not within(requirements.months_of(first)):
        raise ConfigurationError(f"nights={requirements.value(first, 'nights')}: with start_date="
                                 f"{requirements.value(first, 'start_date')} no summary has all its months in the "
                                 "record")


STUDY = Study(read, rows, present, drawn, nights=True, rounds=rounds, check=check)
