"""Decomposition: exact Shapley values of the levers by which an organisation changes outcomes."""

from sim.registry.errors import ConfigurationError
from sim.studies import Study, requirements
from sim.studies.decomposition.study import KEY, read, rows
from sim.studies.decomposition.tables import present


def draw_figures(game):
    """Return the study's figures; Matplotlib is imported only here, since it is slow to load."""
    from sim.studies.decomposition.figures import figures

    return figures(game)


def check(plan) -> None:
    """The points are all combinations of levers, in one scenario."""
    requirements.alike(plan, "scenario", *(key for key in plan.swept if not key.startswith(KEY)))
    levers = [key for key in plan.swept if len(requirements.values(plan, key)) > 1]
    if not levers:
        raise ConfigurationError(f"analysis=decomposition: needs a sweep over a lever, {KEY}...=[false,true]")
    requirements.full_grid(plan, *levers)


STUDY = Study(read, rows, present, draw_figures, check=check)
