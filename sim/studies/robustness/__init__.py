"""Do the signs of the main comparison survive other rules?"""

from sim.studies import Study
from sim.studies.robustness.study import read, rows
from sim.studies.robustness.tables import present


def drawn(found):
    """The study's figures; Matplotlib is loaded only for them."""
    from sim.studies.robustness.figures import figures

    return figures(found)


STUDY = Study(read, rows, present, drawn)
