"""Parameters: one registry of values, units, ranges and sources, and its validation; no other module has defaults.

`sim/registry/parameters.yaml` holds every key once.  `validate` turns a nested mapping into frozen `Parameters` or
raises `ConfigurationError` with one line that names the key, the value, what is allowed and the nearest spelling.
"""

import hashlib
import json
import sys
from functools import cache, lru_cache
from pathlib import Path

import yaml

from sim.registry import extensions
from sim.registry.consistency import check_together
from sim.registry.entry import Entry, check_value, suggestion
from sim.registry.errors import ConfigurationError

REGISTRY = Path(__file__).with_name("parameters.yaml")
REMOVED = Path(__file__).with_name("removed.yaml")
STATUSES = {  # evidence for the value of a parameter
    "reported": "a document says so (fact id)", "derived": "computed from documents or data, computation given",
    "literature": "a published figure", "calibrated": "set so that the defaults meet the documents together",
    "assumed": "chosen by the authors, without a source", "setting": "of a run or scenario; no claim about the world",
}


@lru_cache(maxsize=1)
def registry() -> dict[str, Entry]:
    """Every parameter by key, in the order of the file."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    rows = yaml.load(REGISTRY.read_text(encoding="utf-8"), Loader=loader)
    for row in rows:
        for name in ("bounds", "range", "choices", "renamed"):
            if name in row:
                row[name] = tuple(row[name])
    check_outside_rules({row["key"]: row for row in rows})
    return {row["key"]: Entry(**row, outside=outside_rules(row["key"])) for row in rows}


def outside_rules(key: str) -> tuple[str, ...]:
    """Alternatives that other packages add to a key `rules.*`; empty for other keys."""
    group, _, rule = key.rpartition(".")
    return extensions.alternatives(rule) if group == "rules" else ()


def check_outside_rules(rows: dict) -> None:
    """Raise ConfigurationError unless every rule of another package names one of our rules and a new alternative."""
    rules = [key.removeprefix("rules.") for key in rows if key.startswith("rules.")]
    for name, extension in extensions.found("rules").items():
        rule, _, alternative = name.partition(".")
        package = f"package {extension.package}: rule `{name}`"
        if rule not in rules or not alternative.isidentifier():
            raise ConfigurationError(f"{package}: must be named RULE.NAME with RULE one of {', '.join(rules)}"
                                     f"{suggestion(rule, rules) if rule not in rules else ''}")
        if alternative in rows[f"rules.{rule}"]["choices"]:
            raise ConfigurationError(f"{package}: the model has a rule of that name; give it another")


def defaults() -> dict:
    """The defaults of the registry as a nested mapping."""
    return nest({key: entry.default for key, entry in registry().items()})


def nest(flat: dict) -> dict:
    """A nested mapping from values by dotted key: {'a.b': 1} becomes {'a': {'b': 1}}."""
    tree = {}
    for key, value in flat.items():
        *groups, name = key.split(".")
        branch = tree
        for group in groups:
            branch = branch.setdefault(group, {})
        branch[name] = value
    return tree


def flatten(tree: dict) -> dict:
    """Values by dotted key from a nested mapping, the inverse of `nest`.

    A mapping whose path is no group of the registry stays a value.  Former keys take their present names; if both are
    given, the former one counts only if the present one has its default.
    """
    flat = dict(_leaves(tree, ""))
    for key in [key for key in flat if key in _former()]:
        value, now = flat.pop(key), present(key)
        if now not in flat or flat[now] == registry()[now].default:
            flat[now] = value
    return flat


def _leaves(tree: dict, prefix: str):
    groups = _groups()
    for name, value in tree.items():
        key = f"{prefix}{name}"
        if isinstance(value, dict) and key in groups:
            yield from _leaves(value, f"{key}.")
        else:
            yield key, value


@lru_cache(maxsize=1)
def _former() -> dict[str, str]:
    """Present keys by former key."""
    return {old: entry.key for entry in registry().values() for old in entry.renamed}


@cache
def present(key: str) -> str:
    """The present name of a key; the first use of a former name in a process prints a line on stderr."""
    now = _former().get(key, key)
    if now != key:
        print(f"sim: the key `{key}` is now called `{now}`", file=sys.stderr)
    return now


@lru_cache(maxsize=1)
def _groups() -> frozenset[str]:
    parts = (key.split(".") for key in registry())
    return frozenset(".".join(p[:k]) for p in parts for k in range(1, len(p)))


@lru_cache(maxsize=1)
def removed() -> dict[str, str]:
    """Keys that were taken out, and what became of each."""
    return yaml.safe_load(REMOVED.read_text(encoding="utf-8"))


def check_keys(keys) -> None:
    """Raise ConfigurationError for the first key that is neither a parameter nor a group of parameters.

    The message about a key that was taken out names what became of it.
    """
    known = [*registry(), *_groups()]
    for key in keys:
        if key in removed():
            raise ConfigurationError(f"the key `{key}` was taken out: {removed()[key]}")
        if key not in registry() and key not in _groups():
            raise ConfigurationError(f"unknown key `{key}`{suggestion(key, known)}")


class Parameters:
    """Frozen, nested, validated parameters: `p.migrants.arrivals`."""

    def __init__(self, tree: dict):
        for name, value in tree.items():
            branch = f"{name}" in _branch_names() and isinstance(value, dict)
            object.__setattr__(self, name, Parameters(value) if branch else value)

    def __setattr__(self, name, value):
        raise AttributeError(f"parameters are fixed once validated (tried to set {name})")

    def __reduce__(self):
        return Parameters, (self.as_dict(),)

    def __eq__(self, other):
        return isinstance(other, Parameters) and self.as_dict() == other.as_dict()

    def __hash__(self):
        return hash(self.digest())

    def as_dict(self) -> dict:
        """The parameters as nested mappings and lists."""
        return {name: value.as_dict() if isinstance(value, Parameters) else _plain(value)
                for name, value in vars(self).items()}

    def digest(self) -> str:
        """The SHA-256 of the values in hexadecimal digits."""
        return hashlib.sha256(json.dumps(self.as_dict(), sort_keys=True).encode()).hexdigest()


@lru_cache(maxsize=1)
def _branch_names() -> frozenset[str]:
    return frozenset(part for group in _groups() for part in group.split("."))


def _plain(value):
    return [_plain(v) for v in value] if isinstance(value, tuple) else value


def validate(tree: dict) -> Parameters:
    """Validated parameters from a complete nested mapping; raises ConfigurationError for anything invalid."""
    flat = flatten(tree)
    check_keys(flat)
    missing = [key for key in registry() if key not in flat]
    if missing:
        raise ConfigurationError(f"`{missing[0]}` is missing")
    values = {key: check_value(registry()[key], value) for key, value in flat.items()}
    check_together(values)
    return Parameters(nest({key: values[key] for key in registry()}))


def check_values(flat: dict, changes: dict) -> dict:
    """Values by key after `changes`; raises ConfigurationError if the result is not valid."""
    changed = {**flat, **{key: _plain(check_value(registry()[key], value)) for key, value in changes.items()}}
    check_together(changed)
    return changed
