"""Through which lever an organisation changes outcomes: exact Shapley values."""

from sim.studies import Study
from sim.studies.decomposition.study import read, rows
from sim.studies.decomposition.tables import present


def drawn(game):
    """The study's figures; Matplotlib is loaded only for them."""
    from sim.studies.decomposition.figures import figures

    return figures(game)


STUDY = Study(read, rows, present, drawn)
