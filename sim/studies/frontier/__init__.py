"""Control by patrols: what both change together."""

from sim.studies import Study, requirements
from sim.studies.frontier.study import CONTROL, KEYS, read, rows
from sim.studies.frontier.tables import present


def drawn(grid):
    """The study's figures; Matplotlib is loaded only for them."""
    from sim.studies.frontier.figures import figures

    return figures(grid)


def check(plan) -> None:
    """The points are a full grid that holds control 0."""
    requirements.full_grid(plan, *KEYS)
    requirements.holds(plan, CONTROL, 0.0)


STUDY = Study(read, rows, present, drawn, check=check)
