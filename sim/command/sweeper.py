"""Hydra's side of sweeps: a sweeper that plans points, hands batches of them to any launcher, and closes the table.

Hydra's own sweeper makes a job and a folder for each point.  Here a job is a part of a plan (`sim.runs.work`): what is
finished is skipped, what a launcher loses is launched once more, and all jobs write to one store.
"""

import os
import sys
from math import ceil
from pathlib import Path

from hydra.core.plugins import Plugins
from hydra.errors import HydraException
from hydra.plugins.sweeper import Sweeper
from omegaconf import OmegaConf, open_dict

from sim.command.complain import complain
from sim.command.job import end_with, searchpath_first
from sim.registry.configuration import compose_all
from sim.registry.errors import ConfigurationError
from sim.registry.overrides import escaped, parse, quoted

MOST_JOBS = 500  # that a sweep is cut into unless `points_per_job` says otherwise


class PointsSweeper(Sweeper):
    """`python -m sim -m KEY=A,B ...` or `+design=FILE`."""

    def setup(self, *, hydra_context, task_function, config):
        self.context, self.task, self.config = hydra_context, task_function, config

    def sweep(self, arguments):
        """Plan, launch what is open, write the table; the exit code goes to `sim.command.job`.

        What it needs is imported when a sweep begins: Hydra loads this module whenever a configuration is composed.
        """
        try:
            end_with(self.carry_out())
        except ConfigurationError as error:
            end_with(complain(error))
        except HydraException as error:
            end_with(complain(str(error).split("\n")[0]))

    def carry_out(self) -> int:
        from sim.command.finish import finish_sweep
        from sim.runs import drive

        return drive.carry_out(self.plans(), self.places, self.launch, finish_sweep)

    def plans(self):
        """Plans of the sweep, one a round of its study; is sent the folder after each."""
        from sim.runs.parameter_draws import warning
        from sim.runs.plan import make_plan
        from sim.studies import check_needs, needs, rounds

        overrides = parse(searchpath_first(self.config.hydra))
        plain = [o.input_line for o in overrides if not o.is_sweep_override() and o.key_or_group != "design"]
        designs = rounds(*compose_all(plain))
        plan = make_plan(overrides, needs, next(designs))
        check_needs(plan)
        if text := warning(plan.settings["parameter_draws"]["source"]):
            print(f"sim: {text}", file=sys.stderr, flush=True)
        while True:
            folder = yield plan
            try:
                rows = designs.send(folder)
            except StopIteration:
                return
            if rows is None:
                return
            plan = make_plan(overrides, needs, rows)

    def places(self, plan) -> list[Path]:
        """Where the sweep lives, once it is known that it can be written there."""
        from sim.command.preflight import check_place

        folder = self.folder(plan)
        check_place(folder)
        return [folder]

    def folder(self, plan) -> Path:
        """Where the sweep lives: the same points always in the same place, unless `hydra.sweep.dir` is given."""
        given = [o for o in self.config.hydra.overrides.hydra if o.startswith("hydra.sweep.dir=")]
        folder = Path(self.config.hydra.sweep.dir)
        return (folder if given else folder.with_name(f"{folder.name}_{plan.name}")).absolute()

    def launch(self, plan, plan_file, open_points, name) -> None:
        """One launch of Hydra's: a job per part of the plan that holds open points."""
        batch = self.batch_size(plan, len(open_points))
        parts = sorted({i // batch for i in open_points})
        workers = plan.points[0].base["workers"]
        with open_dict(self.config):
            self.config.hydra.sweep.dir = escaped(str(plan_file.parent))
        jobs = [[f"hydra.sweep.dir={quoted(str(plan_file.parent))}", f"+part.plan={plan_file.name}",
                 f"+part.first={k * batch}", f"+part.last={min((k + 1) * batch, len(plan.points))}",
                 f"+part.launch='{name}'", f"+part.workers={workers or 'null'}", f"+part.driver={os.getpid()}"]
                for k in parts]
        launcher = Plugins.instance().instantiate_launcher(hydra_context=self.context, task_function=self.task,
                                                           config=self.config)
        results = launcher.launch(jobs, initial_job_idx=0)
        for result in results:
            result.return_value  # noqa: B018 -- raises what the job raised

    def batch_size(self, plan, open_points) -> int:
        """Points a job: all of them where jobs run one after the other in this process."""
        if plan.settings["points_per_job"]:
            return plan.settings["points_per_job"]
        serial = OmegaConf.select(self.config, "hydra.runtime.choices")["hydra/launcher"] == "basic"
        return len(plan.points) if serial else max(1, ceil(open_points / MOST_JOBS))
