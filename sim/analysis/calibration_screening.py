"""placeholder"""

from sim.analysis.sensitivity_design import Study
from sim.draws import replicate_seed
from sim.parameters import Parameters, flatten

NIGHTS = True  # the sweep keeps them
SEEDS = 12  # runs at the defaults, which tell chance


def stages(settings: dict, parameters: dict[str, Parameters]):
    """Rows to run: Morris's trajectories, and the defaults under seeds of their own."""
    study = study_like(settings, {name: flatten(p.as_dict()) for name, p in parameters.items()})
    yield [*study.rows(study.morris), defaults(study)]


def study_like(settings: dict, bases: dict[str, dict]) -> Study:
    return Study(settings, bases)


def defaults(study: Study) -> dict:
    """The row of the runs at the defaults."""
    return {"scenario": next(iter(study.bases)), "seed": replicate_seed(study.seed, 3), "replicates": SEEDS}


def analyse(folder):
    return ""
