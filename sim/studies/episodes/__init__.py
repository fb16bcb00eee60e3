"""Episodes: what 2015 to September 2023 says of how arrivals answer and of how long a presence of police is felt."""

from sim.studies import Study
from sim.studies.episodes.study import read, rows
from sim.studies.episodes.tables import present


def draw_figures(source):
    """Return the study's figure; Matplotlib is imported only here, since it is slow to load."""
    from sim.studies.episodes.figures import figures

    return figures(source)


STUDY = Study(read, rows, present, draw_figures)
