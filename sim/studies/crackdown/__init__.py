"""What an imposed operation of some months does, and when it is over."""

from sim.studies import Study
from sim.studies.crackdown.study import read, rows
from sim.studies.crackdown.tables import present


def drawn(study):
    """The study's figures; Matplotlib is loaded only for them."""
    from sim.studies.crackdown.figures import figures

    return figures(study)


STUDY = Study(read, rows, present, drawn, nights=True)
