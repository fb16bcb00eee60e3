"""Policies: effects of policy arms with and without control (experiments camps, pushbacks, protection, branding)."""

from sim.studies import Study
from sim.studies.policies.study import read, rows
from sim.studies.policies.tables import present


def draw_figures(compared):
    """Return the study's figures; Matplotlib is imported only here, since it is slow to load."""
    from sim.studies.policies.figures import figures

    return figures(compared)


STUDY = Study(read, rows, present, draw_figures)
