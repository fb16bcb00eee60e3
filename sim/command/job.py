"""The job that Hydra calls: one comparison of scenarios, or one part of a sweep."""

import os
from itertools import chain, count
from pathlib import Path

from sim.command.complain import complain
from sim.registry.config_files import SEARCHPATH
from sim.registry.configuration import compose_all
from sim.registry.parameters import ConfigurationError
from sim.runs.pool import end_with as end_with_process
from sim.runs.run import cores

EXIT = {"code": 0}  # exit code of the command that runs


def end_with(code: int) -> None:
    """Record an exit code; the process ends with the highest one."""
    EXIT["code"] = max(EXIT["code"], code)


def job(_config) -> None:
    """Run one job: a comparison with all its scenarios and replicates, or a part of a sweep."""
    from hydra.core.hydra_config import HydraConfig

    hydra_config = HydraConfig.get()
    if "part" in _config:
        return part_of_sweep(_config.part, Path(hydra_config.sweep.dir), hydra_config.runtime.choices["hydra/launcher"])
    folder = Path(hydra_config.runtime.output_dir)
    is_given = any(word.startswith("hydra.run.dir=") for word in hydra_config.overrides.hydra)
    try:
        end_with(compare([folder] if is_given else beside(folder), *compose_all(searchpath_first(hydra_config))))
    except ConfigurationError as error:  # reported here because Hydra would print a traceback
        end_with(complain(error))
    return None


def compare(folders, settings: dict, parameters: dict, finish=None) -> int:
    """Run a comparison of scenarios in the first of `folders` that holds no other runs; returns the exit code.

    finish: function as in `sim.runs.drive.carry_out`; None writes figures and the report.
    """
    from sim.command.finish import finish_comparison
    from sim.runs.drive import carry_out
    from sim.runs.plan import plan_comparison
    from sim.runs.work import work

    workers = next(iter(parameters.values())).workers or cores()

    def launch(plan, file, open_points, name):
        work(file.parent, file.name, 0, len(plan.points), name, workers)

    plans = (plan for plan in [plan_comparison(settings, parameters)])
    return carry_out(plans, lambda plan: folders, launch, finish or finish_comparison)


def beside(folder: Path):
    """Yield a folder named by date and time, and then others beside it for launches in the same second."""
    return chain([folder], (folder.with_name(f"{folder.name}_{k}") for k in count(2)))


def searchpath_first(hydra_config) -> list[str]:
    """The overrides of the job, preceded by Hydra's override of the search path for scenarios."""
    paths = [word for word in hydra_config.overrides.hydra if word.startswith(SEARCHPATH)]
    return [*paths, *hydra_config.overrides.task]


def part_of_sweep(part, folder: Path, launcher: str) -> None:
    """Run points `first` to `last` of a plan (`sim.runs.work`)."""
    from sim.runs.work import work

    if launcher != "basic":  # then this is not the driver's own process
        # joblib's processes are the driver's children, and may have lost it before they come to this line
        end_with_process(part.driver if launcher == "joblib" else os.getppid())
    work(folder, part.plan, part.first, part.last, part.launch, part.workers or allotted(launcher))


def allotted(launcher: str) -> int:
    """The number of processes of a job: all cores if jobs run one after the other, else those that the cluster gave."""
    if launcher == "basic":
        return cores()
    return int(os.environ.get("SLURM_CPUS_PER_TASK", 1))
