"""Ablation: what every mechanism and every lever moves, beside the noise of a change that means nothing."""

from sim.studies import Study, requirements
from sim.studies.ablation.study import KEYS, check_arms, read, rows
from sim.studies.ablation.tables import present


def draw_figures(source):
    """Return the study's figure; Matplotlib is imported only here, since it is slow to load."""
    from sim.studies.ablation.figures import figures

    return figures(source)


def check(plan) -> None:
    """Every scenario has a base and a change that means nothing, and all arms have the same replicates."""
    requirements.distinct(plan, *KEYS)
    check_arms([(point.scenario, point.values["arm"]) for point in plan.points])


STUDY = Study(read, rows, present, draw_figures, check=check)
