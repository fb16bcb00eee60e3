"""What the number of owners does."""

from sim.studies import Study
from sim.studies.concentration.study import read, rows
from sim.studies.concentration.tables import present


def drawn(runs):
    """The study's figures; Matplotlib is loaded only for them."""
    from sim.studies.concentration.figures import figures

    return figures(runs)


STUDY = Study(read, rows, present, drawn)
