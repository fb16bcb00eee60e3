"""Through which lever an organisation changes outcomes: exact Shapley values."""

from sim.registry.errors import ConfigurationError
from sim.studies import Study, requirements
from sim.studies.decomposition.study import KEY, read, rows
from sim.studies.decomposition.tables import present


def drawn(game):
    """The study's figures; Matplotlib is loaded only for them."""
    from sim.studies.decomposition.figures import figures

    return figures(game)


def check(plan) -> None:
    """The points are all combinations of levers, in one scenario."""
    requirements.alike(plan, "scenario", *(key for key in plan.swept if not key.startswith(KEY)))
    levers = [key for key in plan.swept if len(requirements.values(plan, key)) > 1]
    if not levers:
        raise ConfigurationError(f"analysis=decomposition: needs a sweep over a lever, {KEY}...=[false,true]")
    requirements.full_grid(plan, *levers)


STUDY = Study(read, rows, present, drawn, check=check)
