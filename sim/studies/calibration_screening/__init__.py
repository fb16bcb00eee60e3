"""Screening before a calibration: the parameters to which the summaries of a calibration are sensitive."""

from sim.studies import Study
from sim.studies.calibration_screening.study import read, rounds, rows
from sim.studies.calibration_screening.tables import present


def draw_figures(screened):
    """Return the study's figures; Matplotlib is imported only here, since it is slow to load."""
    from sim.studies.calibration_screening.figures import figures

    return figures(screened)


STUDY = Study(read, rows, present, draw_figures, nights=True, rounds=rounds)
