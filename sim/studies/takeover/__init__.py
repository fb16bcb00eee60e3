"""While groups are brought under one organisation: the path, its cost, and whether that is won back."""

from sim.studies import Study
from sim.studies.takeover.study import read, rows
from sim.studies.takeover.tables import present


def drawn(study):
    """The study's figures; Matplotlib is loaded only for them."""
    from sim.studies.takeover.figures import figures

    return figures(study)


STUDY = Study(read, rows, present, drawn, nights=True)
