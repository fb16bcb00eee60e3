"""Frontier: outcomes over the degree of control and the number of patrols."""

from sim.studies import Study
from sim.studies.frontier.study import read, rows
from sim.studies.frontier.tables import present


def draw_figures(grid):
    """Return the study's figures; Matplotlib is imported only here, since it is slow to load."""
    from sim.studies.frontier.figures import figures

    return figures(grid)


STUDY = Study(read, rows, present, draw_figures)
