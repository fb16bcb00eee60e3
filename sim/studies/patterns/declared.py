"""Declarations of `sim/registry/patterns.yaml`: arms to run, patterns with their intervals, conflicts."""

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
    """A configuration: a scenario and the keys that differ from it."""

    scenario: str
    set: dict

    def with_terms(self, terms: dict) -> "Arm":
        """Return the same configuration with these terms set."""
        return Arm(self.scenario, {**self.set, **terms})


@dataclass(frozen=True)
class Pattern:
    """One stylised fact and its test; patterns.yaml documents each field."""

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
    disagrees: str = ""

    @property
    def low(self) -> float:
        """Lower bound [`unit`]; −∞ if it is open."""
        return -math.inf if self.interval[0] is None else float(self.interval[0])

    @property
    def high(self) -> float:
        """Upper bound [`unit`]; ∞ if it is open."""
        return math.inf if self.interval[1] is None else float(self.interval[1])

    def tested_in(self, off: bool) -> list[Arm]:
        """Return the arms, with the terms that would impose the pattern switched off if `off`."""
        return [arms()[name].with_terms(self.switched_off if off else {}) for name in self.arms]

    def holds(self, value: float) -> bool:
        """Whether a value lies in the interval, which is closed for a reported level and open for a sign or a shape."""
        if self.kind == "level":
            return self.low <= value <= self.high
        return (self.low < value or math.isinf(self.low)) and (value < self.high or math.isinf(self.high))

    def excludes(self, low: float, high: float) -> bool:
        """Whether no value from `low` to `high` lies in the interval."""
        if self.kind == "level":
            return high < self.low or low > self.high
        return high <= self.low > -math.inf or low >= self.high < math.inf


class Conflict(NamedTuple):
    """Two patterns that are hard or impossible to reconcile."""

    pair: tuple[str, str]
    kind: str  # `definition`: both cannot hold; `evidence`: the sources suggest that both do not hold
    reason: str


@cache
def registered() -> dict:
    """The content of patterns.yaml."""
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
    """Every configuration that a test needs, by name: an arm's name, with the pattern's id if terms are switched
    off."""
    by_digest = {}
    for pattern in patterns():
        for off in (False, True):
            for name, arm in zip(pattern.arms, pattern.tested_in(off)):
                by_digest.setdefault(digest(arm), (f"{name}_{pattern.id}_off" if arm != arms()[name] else name, arm))
    return dict(by_digest.values())


# configurations ----------------------------------------------------------------------------------------------------
@cache
def scenario_values(scenario: str) -> dict:
    """All keys and values of a scenario."""
    return flatten(configure(scenario).as_dict())


def values(arm: Arm) -> dict:
    """All keys and values of an arm; ConfigurationError for a key or value that is not allowed."""
    check_keys(arm.set)
    return check_values(scenario_values(arm.scenario), arm.set)


def digest(arm: Arm) -> str:
    """The digest of a configuration without length, scale, seeds and settings of the observation."""
    return digest_of_values(values(arm))


def digest_of_values(flat: dict) -> str:
    """The digest of a configuration given as all its keys and values."""
    return digest_of({key: value for key, value in flat.items() if matters(key)})


def matters(key: str) -> bool:
    """Whether a key is part of the digest of a configuration."""
    return key not in IGNORED and not key.startswith("observation.")
