"""What other installed packages add: rules, outcomes, studies, scenarios and experiments, found by entry points.

    border_market_sim.rules      price.my_rule = "my_package.price:my_rule"     chosen by rules.price=my_rule
    border_market_sim.outcomes   my_outcome = "my_package.outcome:MY_OUTCOME"   asked for by outcomes=[my_outcome]
    border_market_sim.studies    my_study = "my_package.study:STUDY"             named in an experiment: analysis
    border_market_sim.configs    any_name = "my_package.configs"                a package with scenario/, experiment/

Nothing of another package is imported before a configuration names it.  The manifest records what a configuration names
with the version of its package.  The code of rules and outcomes is part of the identity of a run; that of a study,
which only reads finished runs, is not.
"""

import hashlib
from functools import cache
from importlib import metadata, util
from pathlib import Path
from typing import NamedTuple

from sim.registry.errors import ConfigurationError

PREFIX = "border_market_sim."


class Extension(NamedTuple):
    """One entry point of another package."""

    kind: str  # "rules", "outcomes", "studies" or "configs"
    name: str
    target: str  # module:attribute
    package: str
    version: str

    def describe(self) -> dict:
        """The entry of the manifest: the fields and a hash of the code of the package."""
        return {**self._asdict(), "code": code_digest(self.target)}


@cache
def found(kind: str) -> dict[str, Extension]:
    """Every extension of a kind by name; raises ConfigurationError if two packages use the same name."""
    extensions = {}
    for entry in sorted(metadata.entry_points(group=PREFIX + kind), key=lambda e: (e.name, e.value)):
        package, version = (entry.dist.name, entry.dist.version) if entry.dist else ("?", "?")
        extension = Extension(kind, entry.name, entry.value, package, version)
        other = extensions.setdefault(entry.name, extension)
        if other.target != extension.target:
            raise ConfigurationError(f"{kind}: `{entry.name}` comes from two packages, {other.package} and {package}: "
                                     "uninstall one")
    return extensions


@cache
def load(kind: str, name: str):
    """The object that an extension names; raises ConfigurationError if its package cannot be imported."""
    extension = found(kind)[name]
    try:
        return metadata.EntryPoint(name, extension.target, PREFIX + kind).load()
    except Exception as error:
        raise ConfigurationError(f"{kind}: `{name}` of package {extension.package} cannot be loaded: "
                                 f"{type(error).__name__}: {error}") from error


def alternatives(rule: str) -> tuple[str, ...]:
    """Names that other packages give to alternatives of a rule."""
    return tuple(name.partition(".")[2] for name in found("rules") if name.partition(".")[0] == rule)


def used(values: dict) -> tuple[Extension, ...]:
    """The rules and outcomes of other packages that a configuration (values by key) names."""
    rules, more = found("rules"), found("outcomes")
    names = [f"{key[6:]}.{values[key]}" for key in values if key.startswith("rules.")] if rules else []
    return (*(rules[name] for name in names if name in rules),
            *(more[name] for name in values.get("outcomes", ()) if name in more))


def study_of(name: str | None) -> tuple[Extension, ...]:
    """The extension that provides a study, alone in a tuple; empty for a study of this project or None."""
    studies = found("studies")
    return (studies[name],) if name in studies else ()


@cache
def code_digest(target: str) -> str:
    """Hash of all files of the package that holds the target of an entry point, including its helpers and data."""
    top = target.partition(":")[0].partition(".")[0]
    spec = util.find_spec(top)
    if spec is None:
        return "missing"
    roots = [Path(place) for place in spec.submodule_search_locations or ()]
    files = [(path.relative_to(root).as_posix(), path) for root in roots for path in root.rglob("*")
             if path.is_file() and "__pycache__" not in path.parts] or [(top, Path(spec.origin))]
    digest = hashlib.sha256()
    for name, path in sorted(files):
        digest.update(name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


@cache
def config_folders() -> tuple[Path, ...]:
    """Folders of other packages with `scenario/` and `experiment/`; raises ConfigurationError if one is missing."""
    folders = []
    for extension in found("configs").values():
        try:
            spec = util.find_spec(extension.target)
        except ImportError:
            spec = None
        if spec is None:
            raise ConfigurationError(f"configs: `{extension.target}` of package {extension.package} cannot be found")
        folders += [Path(place) for place in spec.submodule_search_locations or ()]
    return tuple(folders)
