"""Policies: effects of policy arms with and without control (experiments camps, pushbacks, protection, branding)."""

from sim.studies import Study, requirements
from sim.studies.policies.study import KEYS, read, rows
from sim.studies.policies.tables import present


def draw_figures(compared):
    """Return the study's figures; Matplotlib is imported only here, since it is slow to load."""
    from sim.studies.policies.figures import figures

    return figures(compared)


def check(plan) -> None:
    """Every scenario has every arm."""
    requirements.full_grid(plan, *KEYS)


STUDY = Study(read, rows, present, draw_figures, check=check)
