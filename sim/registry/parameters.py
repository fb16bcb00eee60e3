"""Parameters: one registry of values, units, ranges and sources, and their validation; no other module has defaults.

`sim/registry/parameters.yaml` holds every key once.  `validate` turns a nested mapping into frozen `Parameters` or
raises `ConfigurationError` with one line that names the key, the value, what is allowed and the nearest spelling.
"""

import difflib
import hashlib
import json
import math
import sys
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, lru_cache
from pathlib import Path

import yaml

from sim.registry import extensions
from sim.registry.errors import ConfigurationError
from sim.registry.outcomes import outcomes

REGISTRY = Path(__file__).with_name("parameters.yaml")
STATUSES = {  # what a parameter's value stands on
    "reported": "a document says so (fact id)", "derived": "computed from documents or data, computation given",
    "literature": "a published figure", "calibrated": "set so that the defaults meet the documents together",
    "assumed": "ours", "setting": "of a run or scenario; no claim about the world",
}
_KINDS = {"int": int, "ints": int, "float": float, "floats": float, "bool": bool, "text": str, "texts": str,
          "choice": str, "date": str, "records": dict}
_LISTS = ("ints", "floats", "texts", "records")


@dataclass(frozen=True)
class Entry:
    """One parameter; the head of the registry explains each field."""

    key: str
    default: object
    type: str
    status: str
    source: str
    symbol: str = ""
    unit: str = ""
    bounds: tuple = (None, None)
    range: tuple | None = None
    choices: tuple = ()
    outside: tuple = ()  # alternatives that other packages add to the choices
    nullable: bool = False
    note: str = ""
    help: str = ""
    renamed: tuple = ()  # names the key had before, the oldest first; they keep working

    @property
    def stream(self) -> str:
        """The name under which points of this parameter are drawn: its oldest, so that a new name moves no draw."""
        return self.renamed[0] if self.renamed else self.key

    @property
    def known(self) -> tuple:
        """All choices, including those of other packages."""
        return (*self.choices, *self.outside)

    def allowed(self) -> str:
        """The allowed values in words."""
        low, high = self.bounds
        kind = {"choice": f"one of {', '.join(self.known)}", "bool": "true or false", "int": "a whole number",
                "float": "a number", "date": "a date YYYY-MM-DD", "text": "a text", "texts": "a list of texts",
                "ints": "a list of whole numbers", "floats": "a list of numbers",
                "records": "a list of records"}[self.type]
        limits = {(True, True): "", (False, True): f" of at least {low}", (True, False): f" of at most {high}",
                  (False, False): f" from {low} to {high}"}[(low is None, high is None)]
        return kind + limits + (f" ({self.unit})" if self.unit else "") + (" or null" if self.nullable else "")


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
    """Alternatives that other packages add to a key `rules.*`."""
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
    """Turn {'a.b': 1} into {'a': {'b': 1}}."""
    tree = {}
    for key, value in flat.items():
        *groups, name = key.split(".")
        branch = tree
        for group in groups:
            branch = branch.setdefault(group, {})
        branch[name] = value
    return tree


def flatten(tree: dict) -> dict:
    """The inverse of `nest`; only mappings whose path is a group of the registry are descended into.

    Former keys take their present names; where both stand, the former counts if the present one is at its default.
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
    """Former keys and the present ones."""
    return {old: entry.key for entry in registry().values() for old in entry.renamed}


@cache
def present(key: str) -> str:
    """The present name of a key; a former one is named on stderr, once a process."""
    now = _former().get(key, key)
    if now != key:
        print(f"sim: the key `{key}` is now called `{now}`", file=sys.stderr)
    return now


@lru_cache(maxsize=1)
def _groups() -> frozenset[str]:
    parts = (key.split(".") for key in registry())
    return frozenset(".".join(p[:k]) for p in parts for k in range(1, len(p)))


def check_keys(keys) -> None:
    """Raise ConfigurationError for the first key that is neither a parameter nor a group of parameters."""
    known = [*registry(), *_groups()]
    for key in keys:
        if key not in registry() and key not in _groups():
            raise ConfigurationError(f"unknown key `{key}`{suggestion(key, known)}")


def suggestion(word: str, known) -> str:
    """The end of a message, ', did you mean `x`?' for the nearest name or a hint at --help."""
    near = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    if not near:  # a right name under a wrong group
        near = [k for k in known if k.rsplit(".", 1)[-1] == word.rsplit(".", 1)[-1]][:1]
    return f", did you mean `{near[0]}`?" if near else "; `python -m sim --help` lists the usual ones"


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
        return {k: v.as_dict() if isinstance(v, Parameters) else _plain(v) for k, v in vars(self).items()}

    def digest(self) -> str:
        """The SHA-256 of the values in hexadecimal digits."""
        return hashlib.sha256(json.dumps(self.as_dict(), sort_keys=True).encode()).hexdigest()


@lru_cache(maxsize=1)
def _branch_names() -> frozenset[str]:
    return frozenset(part for group in _groups() for part in group.split("."))


def _plain(value):
    return [_plain(v) for v in value] if isinstance(value, tuple) else value


def validate(tree: dict) -> Parameters:
    """Parameters from a complete nested mapping; raises ConfigurationError for anything invalid."""
    flat = flatten(tree)
    check_keys(flat)
    missing = [key for key in registry() if key not in flat]
    if missing:
        raise ConfigurationError(f"`{missing[0]}` is missing")
    values = {key: check_value(registry()[key], value) for key, value in flat.items()}
    check_together(values)
    return Parameters(nest({key: values[key] for key in registry()}))


def check_values(flat: dict, changes: dict) -> dict:
    """Values by key after valid `changes`; raises ConfigurationError."""
    changed = {**flat, **{key: _plain(check_value(registry()[key], value)) for key, value in changes.items()}}
    check_together(changed)
    return changed


def check_value(entry: Entry, value):
    """The value in its proper type, or ConfigurationError."""
    if value is None and entry.nullable:
        return None
    if entry.type in _LISTS:
        if not isinstance(value, (list, tuple)):
            raise _refuse(entry, value)
        return tuple(_check_one(entry, v, value) for v in value)
    return _check_one(entry, value, value)


def _check_one(entry, value, shown):
    kind = _KINDS[entry.type]
    if entry.type == "choice" and isinstance(value, int) and not isinstance(value, bool):
        value = str(value)  # choices that are numbers: 1 | 3
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise _refuse(entry, shown)
    if kind in (int, float):
        low, high = entry.bounds
        if not math.isfinite(value) or (low is not None and value < low) or (high is not None and value > high):
            raise _refuse(entry, shown)
    if entry.type == "choice" and value not in entry.known:
        raise _refuse(entry, shown, suggestion(value, entry.known) if isinstance(value, str) else "")
    if entry.type == "date":
        try:
            date.fromisoformat(value)
        except ValueError:
            raise _refuse(entry, shown) from None
    return value


def _refuse(entry, value, more="") -> ConfigurationError:
    if entry.bounds == (0, 1) and type(value) in (int, float) and 1 < value <= 100:
        more = f"; {value} % is {value / 100:.6g}"
    return ConfigurationError(f"{entry.key}={value}: must be {entry.allowed()}{more}")


def check_together(v: dict) -> None:
    """Check the rules between keys, and that everything named of other packages can be loaded."""
    for name in v["outcomes"]:
        if name not in extensions.found("outcomes"):
            known = ", ".join(extensions.found("outcomes")) or "none is installed"
            raise ConfigurationError(f"outcomes={list(v['outcomes'])}: `{name}` must be an outcome of an installed "
                                     f"package ({known})")
        outcomes()  # says what is wrong with it
    for extension in extensions.used(v):
        extensions.load(extension.kind, extension.name)
    try:  # reviews look ahead and behind by up to a year
        first = date.fromisoformat(v["start_date"])
        first - timedelta(v["warmup"] + 366), first + timedelta(v["nights"] + 366)
    except OverflowError:
        raise ConfigurationError(f"start_date={v['start_date']}: warm-up and nights must lie between the years 2 and "
                                 "9998") from None
    sectors = sum(v["border.sectors"])
    if v["gangs.count"] > sectors:
        raise ConfigurationError(f"gangs.count={v['gangs.count']}: at most one group per sector, and border.sectors="
                                 f"{list(v['border.sectors'])} gives {sectors}")
    for key in ("migrants.origin_shares", "gangs.origin_shares", "border.corridor_shares", "police.patrol_shares",
                "border.staging_weights", "border.death_causes"):
        if abs(sum(v[key]) - 1) > 1e-6:
            raise ConfigurationError(f"{key}={list(v[key])}: shares must sum to 1, these sum to {sum(v[key]):.6g}")
    for keys in (("migrants.origins", "migrants.origin_shares", "migrants.brand_appeal"),
                 ("border.corridors", "border.sectors", "border.sector_length", "border.difficulty", "border.residents",
                  "border.corridor_shares", "police.patrol_shares", "police.crackdown_patrols"),
                 ("border.staging_regions", "border.staging_weights"),
                 ("camps.by_region", "camps.nearness", "border.transport_cost")):
        lengths = [len(v[key]) for key in keys]
        if len(set(lengths)) > 1:
            others = [f"{key} has {n}" for key, n in zip(keys[1:], lengths[1:]) if n != lengths[0]]
            raise ConfigurationError(f"{keys[0]} has {lengths[0]} entries, {', '.join(others)}: they must be as long")
    if len(v["border.death_causes"]) != 4:
        raise ConfigurationError(f"border.death_causes={list(v['border.death_causes'])}: must be four shares "
                                 "(drowning, vehicles, exposure, other)")
    camps = sum(v["camps.by_region"])
    for row in v["camps.closures"]:
        name = str(row.get("camp"))
        known = name[:1] == "C" and name[1:].isdigit() and 1 <= int(name[1:]) <= camps
        if set(row) != {"camp", "date"} or not known:
            raise ConfigurationError(f"camps.closures has {row}: each needs `camp` (C01 to C{camps:02d}) and `date`")
        check_value(Entry("camps.closures.date", "", "date", "setting", ""), row["date"])
    for row in v["police.operations"]:
        if set(row) != {"date"}:
            raise ConfigurationError(f"police.operations has {row}: each needs `date` and nothing else")
        check_value(Entry("police.operations.date", "", "date", "setting", ""), row["date"])
    for row in v["migrants.shocks"]:
        if set(row) != {"date", "nights", "factor"}:
            raise ConfigurationError(f"migrants.shocks has {row}: each needs `date`, `nights` and `factor`")
        check_value(Entry("migrants.shocks.date", "", "date", "setting", ""), row["date"])
