"""Frontier: outcomes over the degree of control and the number of patrols."""

from sim.studies import Study, requirements
from sim.studies.frontier.study import CONTROL, KEYS, read, rows
from sim.studies.frontier.tables import present


def draw_figures(grid):
    """Return the study's figures; Matplotlib is imported only here, since it is slow to load."""
    from sim.studies.frontier.figures import figures

    return figures(grid)


def check(plan) -> None:
    """The points are a full grid that holds control 0."""
    requirements.full_grid(plan, *KEYS)
    requirements.holds(plan, CONTROL, 0.0)


STUDY = Study(read, rows, present, draw_figures, check=check)
