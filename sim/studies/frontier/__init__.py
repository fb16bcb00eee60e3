"""Control by patrols: what both change together."""

from sim.studies import Study
from sim.studies.frontier.study import read, rows
from sim.studies.frontier.tables import present


def drawn(grid):
    """The study's figures; Matplotlib is loaded only for them."""
    from sim.studies.frontier.figures import figures

    return figures(grid)


STUDY = Study(read, rows, present, drawn)
