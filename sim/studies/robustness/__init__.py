"""Robustness: signs of the main comparison under alternative rules."""

from sim.registry.errors import ConfigurationError
from sim.studies import Study, requirements
from sim.studies.robustness.study import PAIRS, read, rows
from sim.studies.robustness.tables import present


def draw_figures(found):
    """Return the study's figures; Matplotlib is imported only here, since it is slow to load."""
    from sim.studies.robustness.figures import figures

    return figures(found)


def check(plan) -> None:
    """A pair of scenarios is compared, with the same replicates in every world of rules."""
    requirements.alike(plan, "replicates")
    names = requirements.values(plan, "scenario")
    if not any(set(pair) <= set(names) for pair in PAIRS):
        raise ConfigurationError(f"scenarios={names}: the study of robustness needs "
                                 f"{' or '.join(f'[{first}, {second}]' for first, second in PAIRS)}")


STUDY = Study(read, rows, present, draw_figures, check=check)
