"""The identity of a run: a hash of everything that decides its result, except the replicate.

The hash covers the closure of the imports of `sim/market.py`, that is, every module of this package that can affect a
night.  It does not cover figures, statistics, reports and the command line.
"""

import ast
import hashlib
import json
from functools import cache
from pathlib import Path

from sim.registry.extensions import Extension, found, used
from sim.registry.parameters import flatten

PACKAGE = Path(__file__).parent
ENTRY = "sim.market"  # the module from which imports are followed
NOT_IN_IDENTITY = ("workers", "checks", "replicates")  # settings that cannot change a run's result


def identity(parameters) -> str:
    """The identity of runs with validated parameters: a hash of the parameters and of the code."""
    flat = flatten(parameters.as_dict())
    return identity_of(digest_of(flat), used(flat))


def identity_of(digest: str, extensions: tuple[Extension, ...] = ()) -> str:
    """The identity from the `digest_of` the parameters and the extensions that they name."""
    return hashlib.sha256(f"{model_digest(extensions)} {digest}".encode()).hexdigest()


def digest_of(flat: dict) -> str:
    """Hash of the values of a configuration by key, without settings that cannot change a result."""
    values = {key: value for key, value in flat.items() if key not in NOT_IN_IDENTITY}
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()


@cache
def model_digest(extensions: tuple[Extension, ...] = ()) -> str:
    """Hash of the code that decides results, 16 hexadecimal digits.

    extensions: rules and outcomes of other packages that the runs use; the hash covers all files of their packages.
    """
    return code_digest(PACKAGE, extensions)


def code_digest(package: Path, extensions=()) -> str:
    """`model_digest` for a copy of this package in any folder."""
    digest = hashlib.sha256()
    for path in model_files(package):
        digest.update(path.relative_to(package).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    for extension in extensions:
        digest.update(json.dumps(extension.describe()).encode())
    return digest.hexdigest()[:16]


def made_by(extensions: tuple[Extension, ...]) -> dict:
    """A record of the code that makes a file, which `same_model` reads: hash of the model and names of extensions."""
    return {"model": model_digest(extensions), "extensions": [[e.kind, e.name] for e in extensions]}


def same_model(head: dict) -> bool:
    """Whether `head`, a record from `made_by`, describes the installed code, including that of other packages."""
    names = head.get("extensions", ())
    known = all(name in found(kind) for kind, name in names)
    return known and head["model"] == model_digest(tuple(found(kind)[name] for kind, name in names))


def model_files(package: Path = PACKAGE) -> list[Path]:
    """Files of the modules that `sim.market` imports, directly or indirectly, sorted by path."""
    reached, pending = set(), [ENTRY]
    while pending:
        path = file_of(pending.pop(), package)
        if path is not None and path not in reached:
            reached.add(path)
            pending += imported(path.read_text(encoding="utf-8"))
    return sorted(reached)


def file_of(module: str, package: Path) -> Path | None:
    """The file of a module of this package; None for anything else, such as a function of a module."""
    place = package.joinpath(*module.split(".")[1:])
    if module == "sim" or module.split(".")[0] != "sim":
        return None
    return next((path for path in (place.with_suffix(".py"), place / "__init__.py") if path.exists()), None)


@cache
def imported(code: str) -> list[str]:
    """Names of all modules that code imports, also within functions, and of the packages that contain them."""
    names = []
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "sim":
            names += [node.module, *(f"{node.module}.{name.name}" for name in node.names)]
        elif isinstance(node, ast.Import):
            names += [name.name for name in node.names]
    packages = [".".join(name.split(".")[:end]) for name in names for end in range(2, name.count(".") + 1)]
    return [*names, *packages]
