"""The identity of a run: a hash of everything that decides its result, except the replicate.

The code that counts is the closure of the imports of `sim/market.py`: every module of this package that playing a night
can reach.  Figures, statistics, reports and the command line do not count.
"""

import ast
import hashlib
import json
from functools import cache
from pathlib import Path

from sim.registry.extensions import Extension, found, used
from sim.registry.parameters import flatten

PACKAGE = Path(__file__).parent
ENTRY = "sim.market"  # the module whose imports are followed
NOT_IN_IDENTITY = ("workers", "checks", "replicates")  # settings that cannot change a run's result


def identity(parameters) -> str:
    """Hash of everything that decides a run's result, except the replicate: parameters and code."""
    flat = flatten(parameters.as_dict())
    return identity_of(digest_of(flat), used(flat))


def identity_of(digest: str, extensions: tuple[Extension, ...] = ()) -> str:
    """The same from `digest_of` the values and the extensions they name."""
    return hashlib.sha256(f"{model_digest(extensions)} {digest}".encode()).hexdigest()


def digest_of(flat: dict) -> str:
    """Hash of a configuration's values by key, but for those that cannot change a result."""
    values = {key: value for key, value in flat.items() if key not in NOT_IN_IDENTITY}
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()


@cache
def model_digest(extensions: tuple[Extension, ...] = ()) -> str:
    """Hash (16 hexadecimal digits) of the code that decides results.

    extensions: rules and outcomes of other packages that the runs use; all files of their packages count.
    """
    return code_digest(PACKAGE, extensions)


def code_digest(package: Path, extensions=()) -> str:
    """The same for the package in any folder."""
    digest = hashlib.sha256()
    for path in model_files(package):
        digest.update(path.relative_to(package).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    for extension in extensions:
        digest.update(json.dumps(extension.describe()).encode())
    return digest.hexdigest()[:16]


def made_by(extensions: tuple[Extension, ...]) -> dict:
    """What says by which code something was made, for `same_model`."""
    return {"model": model_digest(extensions), "extensions": [[e.kind, e.name] for e in extensions]}


def same_model(head: dict) -> bool:
    """Whether `made_by` gave this head for the code that is installed here, that of other packages included."""
    names = head.get("extensions", ())
    known = all(name in found(kind) for kind, name in names)
    return known and head["model"] == model_digest(tuple(found(kind)[name] for kind, name in names))


def model_files(package: Path = PACKAGE) -> list[Path]:
    """Files of the modules that `sim.market` imports, directly or through others, in the order of their paths."""
    reached, waiting = set(), [ENTRY]
    while waiting:
        path = file_of(waiting.pop(), package)
        if path is not None and path not in reached:
            reached.add(path)
            waiting += imported(path.read_text(encoding="utf-8"))
    return sorted(reached)


def file_of(module: str, package: Path) -> Path | None:
    """The file of a module of this package; None for anything else, a function of a module, say."""
    place = package.joinpath(*module.split(".")[1:])
    if module == "sim" or module.split(".")[0] != "sim":
        return None
    return next((path for path in (place.with_suffix(".py"), place / "__init__.py") if path.exists()), None)


@cache
def imported(code: str) -> list[str]:
    """Every module of this package that code may import, also within functions, and the packages they lie in."""
    names = []
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "sim":
            names += [node.module, *(f"{node.module}.{name.name}" for name in node.names)]
        elif isinstance(node, ast.Import):
            names += [name.name for name in node.names]
    packages = [".".join(name.split(".")[:end]) for name in names for end in range(2, name.count(".") + 1)]
    return [*names, *packages]
