"""Concentration: outcomes as functions of the number of owners."""

from sim.studies import Study, requirements
from sim.studies.concentration.study import KEYS, REFERENCE, read, rows
from sim.studies.concentration.tables import present


def draw_figures(runs):
    """Return the study's figures; Matplotlib is imported only here, since it is slow to load."""
    from sim.studies.concentration.figures import figures

    return figures(runs)


def check(plan) -> None:
    """The points are a full grid that holds the default number of groups, of equal size."""
    requirements.alike(plan, "scenario")
    requirements.full_grid(plan, *KEYS)
    requirements.holds(plan, "gangs.count", REFERENCE)
    requirements.holds(plan, "gangs.large_share", 0.0)


STUDY = Study(read, rows, present, draw_figures, check=check)
