"""What an imposed operation of some months does, and when it is over."""

from sim.studies import Study, requirements
from sim.studies.crackdown.study import LENGTH, read, rows
from sim.studies.crackdown.tables import present


def drawn(study):
    """The study's figures; Matplotlib is loaded only for them."""
    from sim.studies.crackdown.figures import figures

    return figures(study)


def check(plan) -> None:
    """Every world has every length of the operation, and the record a whole week after its start."""
    requirements.full_grid(plan, "scenario", LENGTH)
    requirements.holds(plan, LENGTH, 0)
    requirements.whole_week_after(plan, "police.crackdown_from")


STUDY = Study(read, rows, present, drawn, nights=True, check=check)
