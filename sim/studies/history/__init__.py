"""History: simulated against documented monthly series from January 2021 to September 2023."""

from sim.studies import Study
from sim.studies.history.study import read, rounds, rows
from sim.studies.history.tables import present


def draw_figures(history):
    """Return the study's figure; Matplotlib is imported only here, since it is slow to load."""
    from sim.studies.history.figures import figures

    return figures(history.months)


STUDY = Study(read, rows, present, draw_figures, nights=True, rounds=rounds)
