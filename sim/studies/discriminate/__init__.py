"""Identifiability: can public series separate control from branding?"""

from sim.studies import Study
from sim.studies.discriminate.study import read, rows
from sim.studies.discriminate.tables import present


def draw_figures(told):
    """Return the study's figure; Matplotlib is imported only here, since it is slow to load."""
    from sim.studies.discriminate.figures import figures

    return figures(told)


STUDY = Study(read, rows, present, draw_figures, nights=True)
