"""Screening before a calibration: which parameters move what is compared with the documents."""

from sim.studies import Study
from sim.studies.calibration_screening.study import read, rounds, rows
from sim.studies.calibration_screening.tables import present


def drawn(screened):
    """The study's figures; Matplotlib is loaded only for them."""
    from sim.studies.calibration_screening.figures import figures

    return figures(screened)


STUDY = Study(read, rows, present, drawn, nights=True, rounds=rounds)
