"""What would be reported of runs, and which conflicting figures of the documents can hold together."""

from sim.studies import Study
from sim.studies.observation.study import read, rows
from sim.studies.observation.tables import present


def drawn(runs):
    """The study's figure; Matplotlib is loaded only for it."""
    from sim.studies.observation.figures import figures

    return figures(runs)


STUDY = Study(read, rows, present, drawn)
