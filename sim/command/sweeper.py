"""Hydra's side of sweeps: a sweeper that plans points, hands batches of them to any launcher, and closes the table.

Hydra's own sweeper makes a job and a folder for each point.  Here a job is a part of a plan (`sim.sweeps`): what is
finished is skipped, what a launcher loses is launched once more, and all jobs write to one store.
"""

import secrets
import sys
import time
from math import ceil
from pathlib import Path

from hydra.core.plugins import Plugins
from hydra.plugins.sweeper import Sweeper
from omegaconf import OmegaConf, open_dict

MOST_JOBS = 500  # that a sweep is cut into unless `points_per_job` says otherwise
TRIES = 3  # launches for points that a launcher lost


class PointsSweeper(Sweeper):
    """`python -m sim -m KEY=A,B ...` or `+design=FILE`."""

    def setup(self, *, hydra_context, task_function, config):
        self.context, self.task, self.config = hydra_context, task_function, config

    def sweep(self, arguments):
        """Plan, launch what is open, write the table; the exit code goes to `sim.command.job`."""
        from hydra.errors import HydraException

        from sim.command.complain import complain
        from sim.command.job import end_with
        from sim.registry.parameters import ConfigurationError

        try:
            end_with(self.carry_out())
        except ConfigurationError as error:
            end_with(complain(error))
        except HydraException as error:
            end_with(complain(str(error).split("\n")[0]))
        except OSError as error:
            end_with(complain(f"results cannot be written to {self.config.hydra.sweep.dir}: {error.strerror}; "
                              "finished runs are kept there"))

    def carry_out(self) -> int:
        from sim.command.job import searchpath_first
        from sim.command.preflight import check_place, parse
        from sim.registry.configuration import compose_all
        from sim.runs.parameter_draws import warning
        from sim.runs.plan import make_plan
        from sim.studies import needs, rounds

        began = time.time()
        overrides = parse(searchpath_first(self.config.hydra))
        plain = [o.input_line for o in overrides if not o.is_sweep_override() and o.key_or_group != "design"]
        ahead = rounds(*compose_all(plain))
        rows, folder, plans = next(ahead), None, []
        while True:
            plans.append(make_plan(overrides, needs, rows))
            if folder is None and (said := warning(plans[0].settings["parameter_draws"]["source"])):
                print(f"sim: {said}", file=sys.stderr, flush=True)
            folder = folder or self.folder(plans[0])
            check_place(folder)
            journals, launch = self.play(plans[-1], folder)
            if journals is not None and (more := by_power(plans[-1], journals)):
                overrides = [o for o in overrides if o.key_or_group != "replicates"] + parse([f"replicates={more}"])
                plans[-1] = make_plan(overrides, needs, rows)
                journals, launch = self.play(plans[-1], folder)
            if journals is None:
                return 130
            failed = missing(plans[-1], journals)
            try:
                rows = None if failed else ahead.send(folder)
            except StopIteration:
                rows = None
            if rows is None:
                return close(plans, failed, folder, journals, launch, began)

    def play(self, plan, folder):
        """Run what is open of one plan; the journals and the launch's name, or None after Ctrl-C."""
        from sim.runs.compile import prepare
        from sim.runs.plan import write_plan
        from sim.runs.study import show
        from sim.runs.watch import Watch

        folder.mkdir(parents=True, exist_ok=True)
        plan_file = write_plan(plan, folder)
        prepare()
        launch = secrets.token_hex(4)
        print(f"sim: {len(plan.points)} points, {plan.runs} runs: {show(folder)}", file=sys.stderr, flush=True)
        with Watch(folder, plan.points, launch, plan.nights) as watch:
            try:
                self.launch_open(plan, plan_file, watch, launch)
            except KeyboardInterrupt:
                print(f"\nsim: stopped; {watch.status()}; the same command goes on", file=sys.stderr, flush=True)
                return None, launch
        return watch.journals, launch

    def folder(self, plan) -> Path:
        """Where the sweep lives: the same points always in the same place, unless `hydra.sweep.dir` is given."""
        given = [o for o in self.config.hydra.overrides.hydra if o.startswith("hydra.sweep.dir=")]
        folder = Path(self.config.hydra.sweep.dir)
        return (folder if given else folder.with_name(f"{folder.name}_{plan.name}")).absolute()

    def launch_open(self, plan, plan_file, watch, launch) -> None:
        """Launch the parts that hold open points; once more what a launcher lost."""
        for attempt in range(TRIES):
            open_points = watch.open_points(plan.points)
            if not open_points:
                return
            try:
                self.launch(plan, plan_file, open_points, launch)
            except (KeyboardInterrupt, OSError):
                raise
            except Exception as error:  # whatever a launcher raises when a worker is gone
                said = f"{type(error).__name__}: {next(iter(str(error).splitlines()), '')}"
                more = "; what is open is launched again" if attempt < TRIES - 1 else ""
                print(f"sim: the launcher lost jobs ({said}){more}", file=sys.stderr, flush=True)

    def launch(self, plan, plan_file, open_points, launch) -> None:
        """One launch of Hydra's: a job per part of the plan."""
        batch = self.batch_size(plan, len(open_points))
        parts = sorted({i // batch for i in open_points})
        workers = plan.points[0].base["workers"]
        with open_dict(self.config):
            self.config.hydra.sweep.dir = str(plan_file.parent)
        jobs = [[f"hydra.sweep.dir='{plan_file.parent}'", f"+part.plan={plan_file.name}",
                 f"+part.first={k * batch}", f"+part.last={min((k + 1) * batch, len(plan.points))}",
                 f"+part.launch='{launch}'", f"+part.workers={workers or 'null'}"] for k in parts]
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


def by_power(plan, journals) -> int | None:
    """Replicates that the pilot's spread asks for, at most `most_replicates`; None where the pilot is enough."""
    from sim.runs.power import most_needed
    from sim.statistics.summary import pilot_text

    most, pilot = plan.settings["most_replicates"], max(point.replicates for point in plan.points)
    if not most or most <= pilot or missing(plan, journals):
        return None
    wanted, which = most_needed(plan.points, plan.settings["reference"], journals.runs)
    if wanted <= pilot:
        return None
    print(pilot_text(pilot, wanted, which, most), file=sys.stderr, flush=True)
    return int(min(wanted, most))


def missing(plan, journals) -> list:
    """Points that are not finished."""
    return [p for p in plan.points if any((p.identity, k) not in journals.runs for k in range(p.replicates))]


def close(plans, failed, folder, journals, launch, began) -> int:
    """Table of all stages, manifest, analysis, failed points of the last stage; returns the exit code."""
    from sim.command.finish import finish_sweep
    from sim.runs.results import command_line, point_latest, together, write_manifest, write_package
    from sim.runs.study import show
    from sim.runs.table import collect, console, write_table
    from sim.studies import needs

    plan, runs = plans[-1], sum(plan.runs for plan in plans)
    data, swept, remarks = collect([folder], plans={f"plan-{plan.name}.json" for plan in plans})
    for remark in remarks:
        print(f"sim: {remark}", file=sys.stderr)
    complete = data.num_rows == runs
    if data.num_rows:
        write_table(data, folder / "runs.parquet")
        if not needs(plan.settings["analysis"]).own_points:
            print(console(data, swept))
    write_manifest(folder, plan.settings["study"], {p.base["seed"] for p in plan.points}, complete, time.time() - began,
                   command_line(), plan.name, together(p.extensions for p in plans),
                   analysis=plan.settings["analysis"])
    point_latest(folder, plan.settings["study"])
    if complete and plan.nights:
        from sim.runs.nights import write_nights

        write_nights(folder, plan.points, plan.swept)
    if data.num_rows:
        write_package(folder, plan.settings["study"])
    if complete and plan.settings["analysis"]:
        finish_sweep(folder, plan.settings["analysis"])
    print(f"\nresults: {show(folder)}/runs.parquet, {data.num_rows} of {runs} runs")
    for point in failed:
        failure = journals.failures.get((launch, point.identity))
        why = f"replicate {failure['replicate']}: {failure['error']}" if failure else "not finished"
        values = ", ".join(f"{key}={value}" for key, value in point.values.items())
        print(f"sim: error: {point.scenario} {values}: {why}\n     alone: {plan.command(point)}", file=sys.stderr)
    if failed:
        print(f"sim: {len(failed)} points are not finished; the same command runs just them", file=sys.stderr)
    return 1 if failed else 0
