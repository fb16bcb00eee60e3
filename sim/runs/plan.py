"""The plan of a sweep or a comparison: every point with its identity, validated before anything is written.

Points are the product of the values swept on the command line (`police.patrols=20,40`), the values in the experiment
file (`sweep:`), the rows of a design, draws of the calibrated parameters (`parameter_draws.source=posterior`) and the
scenarios of the experiment.  A design is a table with one column per key (`+design=points.parquet`); an experiment file
may also give a list of rows, or the keys to draw over their ranges and the number of points.  A row may have a name,
its `arm`.  Hydra composes once per scenario only: 10⁵ points, which differ by plain assignments, take a minute.
"""

import hashlib
import json
import math
from itertools import product
from pathlib import Path
from typing import NamedTuple

from sim.identity import digest_of, identity, identity_of, made_by
from sim.registry.config_files import names, searched
from sim.registry.configuration import check_name, compose, compose_all
from sim.registry.extensions import Extension, used
from sim.registry.files import write_text
from sim.registry.overrides import naming
from sim.registry.parameters import ConfigurationError, Parameters, check_values, flatten, nest, present, validate
from sim.runs.design import ARM, check_swept, read_design, rows_of, scenarios_of
from sim.runs.parameter_draws import draws_of
from sim.runs.results import together

GROUPS = ("scenario", "experiment")
MOST_POINTS = 1_000_000  # of a sweep: its plan is one file, which every process reads


class Needs(NamedTuple):
    """Requirements of the study that analyses a sweep."""

    nights: bool = False  # the sweep must keep nights
    parameter_draws: bool = False  # the study handles `parameter_draws` itself
    own_points: bool = False  # the study chooses the points


class Point(NamedTuple):
    """One parameter point in one scenario, with all its replicates."""

    study: str
    scenario: str
    values: dict  # swept values by key, and the name of the arm
    base: dict  # values of the scenario by key, without the swept ones
    identity: str  # hash of the resolved configuration, the seed and the model's code

    @property
    def parameters(self) -> Parameters:
        """The validated parameters of the point."""
        return validate(nest({**self.base, **self.changes}))

    @property
    def changes(self) -> dict:
        """Swept values by key, without the name of the arm."""
        return {key: value for key, value in self.values.items() if key != ARM}

    @property
    def replicates(self) -> int:
        """The number of replicates of the point."""
        return self.values.get("replicates", self.base["replicates"])


class Plan(NamedTuple):
    """All points in order; `settings` come from `configuration.compose_all`."""

    points: list[Point]
    settings: dict
    words: list[str]  # overrides that apply to all points
    name: str  # hash of the points without their replicates, and in a comparison also of the code
    tables: tuple[str, ...] = ()  # tables that are kept of every run besides its outcomes: nights, groups
    asked: dict | None = None  # of a comparison: replicates of the pilot and the largest number of replicates

    @property
    def swept(self) -> list[str]:
        """Swept keys, which are columns of the table of runs, in order."""
        return list(dict.fromkeys(key for point in self.points for key in point.values))

    @property
    def extensions(self) -> tuple[Extension, ...]:
        """Rules and outcomes of other packages that the points use."""
        return together(used({**point.base, **point.changes}) for point in self.points)

    @property
    def runs(self) -> list[tuple[Point, int]]:
        """All runs in order, each as a point and a replicate."""
        return [(point, k) for point in self.points for k in range(point.replicates)]

    @property
    def nights(self) -> bool:
        """Whether nights are kept."""
        return "nights" in self.tables

    @property
    def is_comparison(self) -> bool:
        """Nothing is swept: scenarios are compared, and all their tables kept."""
        return self.asked is not None

    def with_replicates(self, count: int) -> "Plan":
        """The plan with another number of replicates, except for points whose number is swept."""
        bases = {id(point.base): {**point.base, "replicates": count} for point in self.points}
        return self._replace(points=[point._replace(base=bases[id(point.base)]) for point in self.points])

    def command(self, point: Point) -> str:
        """The command that runs one point alone."""
        apart = ("scenario=", "scenarios=", "design=", "points_per_job=")
        fixed = [word for word in self.words if not word.startswith(apart)]
        values = [f"{key}={json.dumps(value).replace(' ', '')}" for key, value in point.changes.items()]
        alone = [f"scenarios=[{point.scenario}]", "reference=null", "sweep=null", "design=null", "analysis=null",
                 "parameter_draws.source=null"]
        return " ".join(["python -m sim", *fixed, *alone, *values])


def make_plan(overrides, needs, rows: list[dict] | None = None) -> Plan:
    """The plan of a command line; raises ConfigurationError for invalid overrides, designs and points.

    overrides: as parsed by Hydra; needs: maps the name of a study, or None, to its `Needs`; rows: design of the study.
    """
    from hydra.core.override_parser.types import QuotedString, Transformer

    grid, groups, plain = {}, {}, []
    folders = searched(override.input_line for override in overrides)
    for override in overrides:
        key = override.key_or_group
        if not override.is_sweep_override():
            plain.append(override.input_line)
        elif not override.is_discrete_sweep():
            raise ConfigurationError(f"{override.input_line}: give values (a,b,c) or range(...), not an interval")
        elif key in GROUPS:
            groups[override.get_key_element()] = names_in(override, folders)
        else:
            values = override.sweep_iterator(transformer=Transformer.identity)
            grid[key] = [v.text if isinstance(v, QuotedString) else v for v in values]
    points, settings, digests = [], {}, hashlib.sha256()
    if rows is not None and (grid or groups):
        raise ConfigurationError(f"{[*grid, *groups][0]}: this experiment draws its own points; give one value")
    design = compose(plain)["design"] if any(word.startswith("design=") for word in plain) else None
    if isinstance(design, str) and (named := scenarios_of(read_design(Path(design)))):
        for name in named:
            with naming(f"design={design}"):
                check_name("scenario", name, folders)
        plain += [f"scenarios=[{','.join(named)}]", "reference=null"]
    for chosen in product(*groups.values()):
        lines = [f"{key}={name}" for key, name in zip(groups, chosen)]
        if "scenario" in groups:
            lines += ["scenarios=[]", "reference=null"]
        settings, parameters = compose_all([*plain, *lines])
        required = needs(settings["analysis"])
        points += spread(settings, parameters, {**(settings["sweep"] or {}), **grid}, digests, rows, required)
    if settings["parameter_draws"]["source"] and not required.parameter_draws:  # separate chance from parameters
        settings = {**settings, "analysis": "uncertainty" if len(settings["scenarios"]) > 1 else None}
    return Plan(points, settings, plain, digests.hexdigest()[:8],
                ("nights",) if needs(settings["analysis"]).nights else ())


def names_in(override, folders=()) -> list[str]:
    """Names that an override gives for a group: one, several, or all that match `glob(...)`."""
    from hydra.core.override_parser.types import Glob

    group = override.key_or_group
    if isinstance(override.value(), Glob):
        chosen = override.value().filter(list(names(group, folders)))
        if not chosen:
            raise ConfigurationError(f"{override.input_line}: matches no {group} (known: "
                                     f"{', '.join(names(group, folders))})")
        return chosen
    return list(override.sweep_string_iterator()) if override.is_sweep_override() else [
        override.get_value_element_as_str()]


def plan_comparison(settings: dict, parameters: dict[str, Parameters]) -> Plan:
    """The plan of a comparison: one point per scenario, without swept values; nights and groups are kept."""
    points = [Point(settings["study"], name, {}, flatten(p.as_dict()), identity(p)) for name, p in parameters.items()]
    name = hashlib.sha256("".join(point.identity for point in points).encode()).hexdigest()
    asked = {"replicates": parameters[settings["reference"]].replicates,
             "most_replicates": settings["most_replicates"]}
    return Plan(points, settings, [], name, ("nights", "groups"), asked)


def plan_like(plan_file: Path, rows: list[dict]) -> Plan:
    """A plan of further points for a sweep: its first scenario with the values of `rows`."""
    head, points = read_plan(plan_file)
    first, further, digests = points[0], [], hashlib.sha256()
    for row in rows:
        flat = check_values(first.base, row)
        digest = digest_of(flat)
        digests.update(f"{first.scenario} {digest}\n".encode())
        further.append(Point(first.study, first.scenario, row, first.base, identity_of(digest, used(flat))))
    settings = {"study": first.study, "reference": first.scenario, "analysis": head["analysis"]}
    return Plan(further, settings, [], digests.hexdigest()[:8], tuple(head["tables"]))


def spread(settings: dict, parameters: dict[str, Parameters], grid: dict, digests, rows, needs: Needs) -> list[Point]:
    """All points: combinations of design rows, swept values and scenarios, each of which is added to the hash."""
    grid = {present(key): values for key, values in grid.items()}
    for key, values in grid.items():
        check_swept(key)
        if not isinstance(values, list) or not values:
            raise ConfigurationError(f"sweep.{key}={values}: give a list of values")
    draws, is_own = settings["parameter_draws"], rows is not None  # is_own: the study made the rows
    if is_own and (grid or settings["design"] or (draws["source"] and not needs.parameter_draws)):
        raise ConfigurationError("this experiment draws its own points; leave sweep, design and parameter_draws empty")
    seed = next(iter(parameters.values())).seed
    rows, file = rows_of(settings["design"], seed) if rows is None else (rows, "")
    if draws["source"] and not is_own:
        rows = [{**row, **draw} for row, draw in product(rows, draws_of(draws["source"], draws["count"]))]
    points, bases = [], {name: flatten(p.as_dict()) for name, p in parameters.items()}
    count = len(rows) * math.prod(map(len, grid.values())) * len(bases)
    if count > MOST_POINTS:
        raise ConfigurationError(f"{', '.join(grid) or 'design'}: {count} points; a sweep has {MOST_POINTS} at most")
    for number, row in enumerate(rows):
        scenarios = [row.pop("scenario")] if "scenario" in row else bases
        if unknown := [name for name in scenarios if name not in bases]:
            raise ConfigurationError(f"{file}, row {number + 1}: scenario={unknown[0]}: must be one of the scenarios "
                                     f"compared ({', '.join(bases)})")
        for combination in product(*grid.values()):
            values = {**row, **dict(zip(grid, combination))}
            for scenario in scenarios:
                point = Point(settings["study"], scenario, values, bases[scenario], "")
                try:
                    flat = check_values(point.base, point.changes)
                except ConfigurationError as error:
                    where = f"{file}, row {number + 1}: " if file else ""
                    raise ConfigurationError(f"{where}{error}") from None
                digest = digest_of(flat)
                digests.update(f"{scenario} {digest}\n".encode())
                points.append(point._replace(identity=identity_of(digest, used(flat))))
    return points


# on disk -----------------------------------------------------------------------------------------------------------
def write_plan(plan: Plan, folder: Path) -> Path:
    """Write the plan as a file for workers, and return its path."""
    bases = list({id(point.base): point.base for point in plan.points}.values())
    number = {id(base): k for k, base in enumerate(bases)}
    points = [[p.scenario, number[id(p.base)], p.values, p.identity] for p in plan.points]
    path = folder / f"plan-{plan.name}.json"
    content = {"study": plan.settings["study"], "reference": plan.settings["reference"],
               **made_by(plan.extensions), "analysis": plan.settings["analysis"], "tables": plan.tables,
               "settings": plan.settings, "swept": plan.swept, "bases": bases, "points": points}
    write_text(path, json.dumps(content, indent=0) + "\n")
    return path


def read_plan(path: Path) -> tuple[dict, list[Point]]:
    """The head of a written plan and its points."""
    content = json.loads(path.read_text(encoding="utf-8"))
    bases = content["bases"]
    return content, [Point(content["study"], scenario, values, bases[base], identity)
                     for scenario, base, values, identity in content["points"]]


def plan_of(folder: Path) -> tuple[dict, list[Point]]:
    """Head and points of the plan that the manifest of a finished sweep names."""
    manifest = json.loads((Path(folder) / "manifest.json").read_text(encoding="utf-8"))
    return read_plan(Path(folder) / f"plan-{manifest['configuration_hash']}.json")
