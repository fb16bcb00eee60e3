"""Decomposition: exact Shapley values of the levers by which an organisation changes outcomes."""

from sim.studies import Study
from sim.studies.decomposition.study import read, rows
from sim.studies.decomposition.tables import present


def draw_figures(game):
    """Return the study's figures; Matplotlib is imported only here, since it is slow to load."""
    from sim.studies.decomposition.figures import figures

    return figures(game)


STUDY = Study(read, rows, present, draw_figures)
