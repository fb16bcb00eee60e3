"""What the number of owners does."""

from sim.studies import Study, requirements
from sim.studies.concentration.study import KEYS, REFERENCE, read, rows
from sim.studies.concentration.tables import present


def drawn(runs):
    """The study's figures; Matplotlib is loaded only for them."""
    from sim.studies.concentration.figures import figures

    return figures(runs)


def check(plan) -> None:
    """The points are a full grid that holds the default number of groups, of equal size."""
    requirements.alike(plan, "scenario")
    requirements.full_grid(plan, *KEYS)
    requirements.holds(plan, "gangs.count", REFERENCE)
    requirements.holds(plan, "gangs.large_share", 0.0)


STUDY = Study(read, rows, present, drawn, check=check)
