"""What arms of a policy change, with control and without: the experiments camps, pushbacks, protection and branding."""

from sim.studies import Study, requirements
from sim.studies.policies.study import KEYS, read, rows
from sim.studies.policies.tables import present


def drawn(compared):
    """The study's figures; Matplotlib is loaded only for them."""
    from sim.studies.policies.figures import figures

    return figures(compared)


def check(plan) -> None:
    """Every scenario has every arm."""
    requirements.full_grid(plan, *KEYS)


STUDY = Study(read, rows, present, drawn, check=check)
