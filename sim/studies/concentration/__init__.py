"""Concentration: outcomes as functions of the number of owners."""

from sim.studies import Study
from sim.studies.concentration.study import read, rows
from sim.studies.concentration.tables import present


def draw_figures(runs):
    """Return the study's figures; Matplotlib is imported only here, since it is slow to load."""
    from sim.studies.concentration.figures import figures

    return figures(runs)


STUDY = Study(read, rows, present, draw_figures)
