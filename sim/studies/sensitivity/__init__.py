"""Sensitivity: which parameters the outcomes depend on, by Morris screening and Sobol' indices."""

from sim.studies import Study
from sim.studies.sensitivity.study import read, rounds, rows
from sim.studies.sensitivity.tables import present


def drawn(analysed):
    """The study's figures; Matplotlib is loaded only for them."""
    from sim.studies.sensitivity.figures import figures

    return figures(analysed)


STUDY = Study(read, rows, present, drawn, rounds=rounds)
