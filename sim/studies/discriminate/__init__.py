"""Identifiability: can public series separate control from branding?"""

from sim.registry.errors import ConfigurationError
from sim.studies import Study, requirements
from sim.studies.discriminate.study import CONTRASTS, LEAST, read, rows
from sim.studies.discriminate.tables import present


def draw_figures(results):
    """Return the study's figure; Matplotlib is imported only here, since it is slow to load."""
    from sim.studies.discriminate.figures import figures

    return figures(results)


def check(plan) -> None:
    """scikit-learn is installed, and some contrast has enough worlds."""
    requirements.package(plan, "sklearn", "scikit-learn")
    drawn = next((key for key in plan.swept if key != "seed"), None)
    worlds = {}  # scenarios by variant and seed
    for point in plan.points:
        for replicate in range(point.replicates):
            world = drawn in point.values, requirements.value(point, "seed"), replicate
            worlds.setdefault(world, set()).add(point.scenario)
    most = max(sum(world[0] == variant and set(contrast[:2]) <= names for world, names in worlds.items())
               for contrast in CONTRASTS for variant in (False, True))
    if most < LEAST:
        raise ConfigurationError(f"analysis=discriminate: needs both scenarios of a contrast in at least {LEAST} "
                                 f"worlds (there are {most}); give a design of more points, or more replicates")


STUDY = Study(read, rows, present, draw_figures, nights=True, check=check)
