"""Robustness: signs of the main comparison under alternative rules."""

from sim.studies import Study
from sim.studies.robustness.study import read, rows
from sim.studies.robustness.tables import present


def draw_figures(found):
    """Return the study's figures; Matplotlib is imported only here, since it is slow to load."""
    from sim.studies.robustness.figures import figures

    return figures(found)


STUDY = Study(read, rows, present, draw_figures)
