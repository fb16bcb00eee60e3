"""Crackdown: effects of an imposed police operation of some months, and the recovery after it."""

from sim.studies import Study
from sim.studies.crackdown.study import read, rows
from sim.studies.crackdown.tables import present


def draw_figures(study):
    """Return the study's figures; Matplotlib is imported only here, since it is slow to load."""
    from sim.studies.crackdown.figures import figures

    return figures(study)


STUDY = Study(read, rows, present, draw_figures, nights=True)
