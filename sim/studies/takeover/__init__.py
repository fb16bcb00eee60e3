"""Takeover: the transition to one organisation, its cost, and whether the long run makes up for it."""

from sim.studies import Study
from sim.studies.takeover.study import read, rows
from sim.studies.takeover.tables import present


def draw_figures(study):
    """Return the study's figures; Matplotlib is imported only here, since it is slow to load."""
    from sim.studies.takeover.figures import figures

    return figures(study)


STUDY = Study(read, rows, present, draw_figures, nights=True)
