"""Uncertainty: the variance of a comparison of scenarios by chance and by uncertain parameters."""

from sim.studies import Study
from sim.studies.uncertainty.study import read, rows
from sim.studies.uncertainty.tables import present


def draw_figures(draws):
    """Return the study's figures; Matplotlib is imported only here, since it is slow to load."""
    from sim.studies.uncertainty.figures import figures

    return figures(draws)


STUDY = Study(read, rows, present, draw_figures)
