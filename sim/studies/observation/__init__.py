"""What would be reported of runs, and which conflicting figures of the documents can hold together."""

from sim.studies import Study
from sim.studies.observation.study import read, rows
from sim.studies.observation.tables import present


def draw_figures(runs):
    """Return the study's figure; Matplotlib is imported only here, since it is slow to load."""
    from sim.studies.observation.figures import figures

    return figures(runs)


STUDY = Study(read, rows, present, draw_figures)
