"""A comparison of scenarios under drawn parameters: how much comes from chance and how much from the parameters."""

from sim.studies import Study
from sim.studies.uncertainty.study import read, rows
from sim.studies.uncertainty.tables import present


def drawn(draws):
    """The study's figures; Matplotlib is loaded only for them."""
    from sim.studies.uncertainty.figures import figures

    return figures(draws)


STUDY = Study(read, rows, present, drawn)
