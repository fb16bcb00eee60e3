"""`+experiment=patterns`: runs of every configuration that the scorecard of patterns needs, and the scorecard.

The rows to run come from `sim/registry/patterns.yaml`; with `parameter_draws.count`, runs of the base arm with
all parameters drawn over their ranges are added, one replicate each, to show which patterns can hold together.
"""

from pathlib import Path

from sim.registry.parameters import ConfigurationError, flatten
from sim.registry.ranges import left_open, varied
from sim.runs.design import drawn_rows
from sim.studies.patterns.declared import arms, matters, scenario_values, wanted
from sim.studies.patterns.score import BASE, Scorecard, scorecard
from sim.studies.patterns.simulated import Runs

MORE = 3  # factor on the replicates of the base arm, from which most levels are taken


def rounds(settings: dict, parameters: dict):
    """Yield the rows of the sweep; ConfigurationError if a key on which patterns depend is changed."""
    for scenario, chosen in parameters.items():
        declared = scenario_values(scenario)
        for key, value in flatten(chosen.as_dict()).items():
            if matters(key) and value != declared[key]:
                raise ConfigurationError(f"{key}={value}: patterns are tested at the defaults (here {declared[key]}); "
                                         "only length, scale, seed and replicates can be given")
    base = flatten(parameters[arms()[BASE].scenario].as_dict())
    rows = [{"scenario": arm.scenario, "arm": name, **arm.set} for name, arm in wanted().items()]
    rows[list(wanted()).index(BASE)] |= {"replicates": MORE * base["replicates"]}
    yield rows + drawn(settings["parameter_draws"]["count"], base)


def drawn(count: int | None, base: dict) -> list[dict]:
    """Rows with all parameters that have a plausible range drawn, in the scenario of the base arm."""
    rows = drawn_rows([entry.key for entry in varied()], count, base["seed"]) if count else []
    return [{"scenario": arms()[BASE].scenario, "seed": row.pop("seed"), "replicates": 1, **left_open(base, row)}
            for row in rows]


def read(folder: Path) -> Scorecard:
    """Read the scorecard of a finished sweep."""
    return scorecard(Runs([folder]))
