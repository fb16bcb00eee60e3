"""The outcomes of a run, read from `sim/registry/outcomes.yaml`: names, labels, units and meanings."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

from sim.registry import extensions
from sim.registry.errors import ConfigurationError

TAGS = ("experiment", "scenario", "replicate", "seed", "nights")  # columns that say which run a row belongs to


@dataclass(frozen=True)
class OutcomeEntry:
    """One outcome; `smallest_effect` is the smallest difference of interest: "5 %" of the reference, or absolute.

    `compute(nights, groups)` yields the number of an outcome of another package from the columns of nights.parquet and
    groups.parquet (NumPy arrays by name); the model's own outcomes are computed in `sim.record`.
    """

    name: str
    label: str
    unit: str
    meaning: str
    digits: int = 0
    primary: bool = False
    smallest_effect: str = ""
    compute: Callable | None = None

    def smallest(self, reference: float) -> float:
        """The smallest effect of interest in the outcome's own unit."""
        number, _, percent = self.smallest_effect.partition(" ")
        return float(number) / 100 * abs(reference) if percent else float(number)


@lru_cache(maxsize=1)
def outcomes() -> dict[str, OutcomeEntry]:
    """The model's outcomes by name, in the order of the file, then those of other installed packages."""
    text = Path(__file__).with_name("outcomes.yaml").read_text(encoding="utf-8")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    ours = {row["name"]: OutcomeEntry(**row) for row in yaml.load(text, Loader=loader)}
    return ours | {name: outside(name, ours) for name in extensions.found("outcomes")}


def outside(name: str, ours) -> OutcomeEntry:
    """An outcome of another package; raises ConfigurationError unless it is declared as completely as ours."""
    entry, package = extensions.load("outcomes", name), extensions.found("outcomes")[name].package
    package = f"package {package}: outcome `{name}`"
    if name in ours:
        raise ConfigurationError(f"{package}: the model has an outcome of that name; give it another")
    if not isinstance(entry, OutcomeEntry) or entry.name != name or not callable(entry.compute):
        raise ConfigurationError(f"{package}: must be a sim.registry.outcomes.OutcomeEntry of that name with `compute`")
    if not (entry.label and entry.unit and entry.meaning) or entry.primary:
        raise ConfigurationError(f"{package}: needs label, unit and meaning; primary outcomes are fixed in the model")
    return entry


def primary() -> list[str]:
    """The six primary outcomes."""
    return [name for name, entry in outcomes().items() if entry.primary]


PER_10K = {  # derived outcomes: label, unit, and the counts whose sum is divided by arrivals and multiplied by 10 000
    "injuries_per_10k": ("Injuries per 10 000 arrivals", "injuries / 10 000",
                         ("injuries_authorities", "injuries_groups", "injuries_clashes")),
    "pushbacks_per_10k": ("Pushbacks per 10 000 arrivals", "pushbacks / 10 000", ("pushbacks",)),
    "left_per_10k": ("People who gave up per 10 000 arrivals", "persons / 10 000", ("left",)),
}
