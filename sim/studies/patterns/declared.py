"""What is declared in `sim/registry/patterns.yaml`: arms to run, patterns with their intervals, conflicts."""

import math
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import NamedTuple

import yaml

from sim.identity import digest_of
from sim.registry.configuration import configure
from sim.registry.parameters import check_keys, check_values, flatten

FILE = Path(__file__).parents[2] / "registry" / "patterns.yaml"
KINDS = ("level", "sign", "shape")
STATUSES = ("reported", "contested", "denied", "literature")
IGNORED = ("seed", "replicates", "nights", "warmup", "start_date", "scale", "workers", "checks", "outcomes")


class Arm(NamedTuple):
    """A configuration: a scenario and what differs from it."""

    scenario: str
    set: dict

    def with_terms(self, terms: dict) -> "Arm":
        """The same with terms switched as given."""
        return Arm(self.scenario, {**self.set, **terms})


@dataclass(frozen=True)
class Pattern:
    """One stylised fact and how it is tested; the file says what each field is."""

    id: str
    label: str
    source: str
    status: str
    kind: str
    measure: str
    arms: tuple[str, ...]
    unit: str
    interval: tuple[float | None, float | None]
    basis: str
    compare: str = "level"
    by: float = math.nan
    window: tuple[int, int] | None = None
    switched_off: dict = field(default_factory=dict)
    in_sample: str = ""

    @property
    def low(self) -> float:
        """Lower bound [`unit`]; −∞ where it is open."""
        return -math.inf if self.interval[0] is None else float(self.interval[0])

    @property
    def high(self) -> float:
        """Upper bound [`unit`]; ∞ where it is open."""
        return math.inf if self.interval[1] is None else float(self.interval[1])

    def tested_in(self, off: bool) -> list[Arm]:
        """Its arms with the terms that would impose it switched off, or as they stand."""
        return [arms()[name].with_terms(self.switched_off if off else {}) for name in self.arms]

    def holds(self, value: float) -> bool:
        """Whether a value lies in the interval; a bound counts as inside where a figure was reported, not where a
        direction or a shape was."""
        if self.kind == "level":
            return self.low <= value <= self.high
        return (self.low < value or math.isinf(self.low)) and (value < self.high or math.isinf(self.high))

    def excludes(self, low: float, high: float) -> bool:
        """Whether no value from `low` to `high` lies in the interval."""
        if self.kind == "level":
            return high < self.low or low > self.high
        return high <= self.low > -math.inf or low >= self.high < math.inf


class Conflict(NamedTuple):
    """Two patterns that strain or exclude each other."""

    pair: tuple[str, str]
    kind: str  # definition: they cannot both hold; evidence: as far as the sources go
    reason: str


@cache
def registered() -> dict:
    """The file as it stands."""
    return yaml.safe_load(FILE.read_text(encoding="utf-8"))


@cache
def arms() -> dict[str, Arm]:
    """Declared configurations by name."""
    return {name: Arm(row["scenario"], row.get("set", {})) for name, row in registered()["arms"].items()}


@cache
def patterns() -> tuple[Pattern, ...]:
    """Every pattern, in the order of the file."""
    rows = registered()["patterns"]
    return tuple(Pattern(**{key: tuple(value) if isinstance(value, list) else value for key, value in row.items()})
                 for row in rows)


@cache
def conflicts() -> tuple[Conflict, ...]:
    """Every declared conflict."""
    return tuple(Conflict(tuple(row["pair"]), row["kind"], row["reason"]) for row in registered()["conflicts"])


def wanted() -> dict[str, Arm]:
    """Every configuration that a test needs, each once, by a name: an arm's, with what is switched off behind it."""
    found = {}
    for pattern in patterns():
        for off in (False, True):
            for name, arm in zip(pattern.arms, pattern.tested_in(off)):
                found.setdefault(digest(arm), (f"{name}_{pattern.id}_off" if arm != arms()[name] else name, arm))
    return dict(found.values())


# what a configuration is -------------------------------------------------------------------------------------------
@cache
def scenario_values(scenario: str) -> dict:
    """Every key of a scenario: value."""
    return flatten(configure(scenario).as_dict())


def values(arm: Arm) -> dict:
    """Every key of an arm: value.  ConfigurationError for a key or value that is not allowed."""
    check_keys(arm.set)
    return check_values(scenario_values(arm.scenario), arm.set)


def digest(arm: Arm) -> str:
    """What tells configurations apart: everything but length, scale, seeds and how they are observed."""
    return digest_of_values(values(arm))


def digest_of_values(flat: dict) -> str:
    """The same from every key: value."""
    return digest_of({key: value for key, value in flat.items() if matters(key)})


def matters(key: str) -> bool:
    """Whether a key is part of what a configuration is."""
    return key not in IGNORED and not key.startswith("observation.")
