"""Crackdown: paths of police measures from days to a year, what they do, where people go, and what comes back."""

from sim.studies import Study, requirements
from sim.studies.crackdown.paths import ANSWER, NONE, check_paths
from sim.studies.crackdown.rows import rows
from sim.studies.crackdown.study import read
from sim.studies.crackdown.tables import present


def draw_figures(study):
    """Return the study's figures; Matplotlib is imported only here, since it is slow to load."""
    from sim.studies.crackdown.figures import figures

    return figures(study)


def check(plan) -> None:
    """Every world has every path with every answer of arrivals, and the record a whole week after the start."""
    requirements.full_grid(plan, "scenario", ANSWER, "arm")
    requirements.holds(plan, "arm", NONE)
    check_paths(plan)


STUDY = Study(read, rows, present, draw_figures, nights=True, check=check)
