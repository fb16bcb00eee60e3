"""Takeover: the transition to one organisation, its cost, and whether the long run makes up for it."""

from sim.registry.errors import ConfigurationError
from sim.studies import Study, requirements
from sim.studies.takeover.study import KEYS, read, rows
from sim.studies.takeover.tables import present


def draw_figures(study):
    """Return the study's figures; Matplotlib is imported only here, since it is slow to load."""
    from sim.studies.takeover.figures import figures

    return figures(study)


def check(plan) -> None:
    """The plan holds both ends, and a whole week after the first group is approached."""
    control, _, takeover, defection = KEYS
    requirements.distinct(plan, *KEYS)
    for share in (0.0, 1.0):
        end = {control: share, takeover: 0.0, defection: 0.0}
        if not any(requirements.is_at(point, end) for point in plan.points):
            raise ConfigurationError(f"analysis=takeover: needs a point with "
                                     f"{', '.join(f'{key}={value}' for key, value in end.items())}")
    requirements.whole_week_after(plan, "organisation.takeover_from")


STUDY = Study(read, rows, present, draw_figures, nights=True, check=check)
