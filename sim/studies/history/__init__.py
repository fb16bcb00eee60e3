"""Monthly series from January 2021 to September 2023, simulated against documented."""

from sim.studies import Study
from sim.studies.history.study import read, rows
from sim.studies.history.tables import present


def drawn(history):
    """The study's figure; Matplotlib is loaded only for it."""
    from sim.studies.history.figures import figures

    return figures(history.months)


STUDY = Study(read, rows, present, drawn)
