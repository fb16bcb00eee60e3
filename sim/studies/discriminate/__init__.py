"""Can public series tell control from branding?"""

from sim.studies import Study
from sim.studies.discriminate.study import read, rows
from sim.studies.discriminate.tables import present


def drawn(told):
    """The study's figure; Matplotlib is loaded only for it."""
    from sim.studies.discriminate.figures import figures

    return figures(told)


STUDY = Study(read, rows, present, drawn, nights=True)
