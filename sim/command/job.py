"""What Hydra calls: one study, or one job of a sweep."""

import os
import time
from pathlib import Path

EXIT = {"code": 0}  # of this process


def end_with(code: int) -> None:
    """Remember the highest exit code."""
    EXIT["code"] = max(EXIT["code"], code)


def job(_config) -> None:
    """One job: a study with all its scenarios and replicates, or a part of a sweep."""
    from hydra.core.hydra_config import HydraConfig

    from sim.command.complain import complain
    from sim.command.finish import finish_comparison
    from sim.registry.configuration import compose_all
    from sim.registry.parameters import ConfigurationError
    from sim.runs.study import carry_out

    hydra_config = HydraConfig.get()
    if "part" in _config:
        return part_of_sweep(_config.part, Path(hydra_config.sweep.dir), hydra_config.runtime.choices["hydra/launcher"])
    try:
        settings, parameters = compose_all(searchpath_first(hydra_config))
        end_with(carry_out(hydra_config.runtime.output_dir, settings, parameters, time.time(), finish_comparison))
    except ConfigurationError as error:  # said here, because Hydra would print a traceback
        end_with(complain(error))
    return None


def searchpath_first(hydra_config) -> list[str]:
    """The overrides of a study, with the one of Hydra's own that says where else scenarios lie."""
    from sim.registry.configuration import SEARCHPATH

    places = [word for word in hydra_config.overrides.hydra if word.startswith(SEARCHPATH)]
    return [*places, *hydra_config.overrides.task]


def part_of_sweep(part, folder: Path, launcher: str) -> None:
    """Points `first` to `last` of a plan (`sim.sweeps`)."""
    from sim.runs.work import work

    work(folder, part.plan, part.first, part.last, part.launch, part.workers or allotted(launcher))


def allotted(launcher: str) -> int:
    """Processes a job may use: all cores when jobs run one after the other, else what the cluster gave it, or one."""
    from sim.runs.run import cores

    if launcher == "basic":
        return cores()
    return int(os.environ.get("SLURM_CPUS_PER_TASK", 1))
