"""Crackdown: effects of an imposed police operation of some months, and the recovery after it."""

from sim.studies import Study, requirements
from sim.studies.crackdown.study import LENGTH, read, rows
from sim.studies.crackdown.tables import present


def draw_figures(study):
    """Return the study's figures; Matplotlib is imported only here, since it is slow to load."""
    from sim.studies.crackdown.figures import figures

    return figures(study)


def check(plan) -> None:
    """Every world has every length of the operation, and the record a whole week after its start."""
    requirements.full_grid(plan, "scenario", LENGTH)
    requirements.holds(plan, LENGTH, 0)
    requirements.whole_week_after(plan, "police.crackdown_from")


STUDY = Study(read, rows, present, draw_figures, nights=True, check=check)
