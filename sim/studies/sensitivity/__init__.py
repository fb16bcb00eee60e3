"""Sensitivity: which parameters the outcomes depend on, by Morris screening and Sobol' indices."""

from sim.studies import Study
from sim.studies.sensitivity.study import read, rounds, rows
from sim.studies.sensitivity.tables import present


def draw_figures(analysed):
    """Return the study's figures; Matplotlib is imported only here, since it is slow to load."""
    from sim.studies.sensitivity.figures import figures

    return figures(analysed)


STUDY = Study(read, rows, present, draw_figures, rounds=rounds)
