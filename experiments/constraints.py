"""constraints.txt: an exact version of every library that the project and its extras need, from this environment.

    python -m experiments.constraints       writes the file again; run it where '.[test-all]' is installed and tested

The extra `calibration` is left out: PyTorch's builds differ between machines.
"""

import re
import sys
import tomllib
from importlib import metadata
from itertools import chain

from packaging.requirements import Requirement

from experiments import ROOT
from sim.registry.files import write_text

FILE, LEFT_OUT = ROOT / "constraints.txt", ("calibration",)
HEAD = """# Exact versions of all libraries with which the tests passed, on Python 3.11. No address: any index serves.
#
#     pip install -c constraints.txt -e .              or -e '.[test-all]', and so on
#
# Written by `python -m experiments.constraints`; the extra `calibration` is left out.
"""


def normal(name: str) -> str:
    """A name of a distribution as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def declared() -> list[Requirement]:
    """What pyproject.toml asks for: the project itself, its extras and what builds it."""
    content = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    project = content["project"]
    extras = [words for extra, words in project["optional-dependencies"].items() if extra not in LEFT_OUT]
    texts = chain(project["dependencies"], content["build-system"]["requires"], *extras)
    return [each for each in map(Requirement, texts) if normal(each.name) != project["name"]]


def versions() -> dict[str, str]:
    """Versions by name of everything that is needed here, directly or by another library; raises if one is missing."""
    found, done, left = {}, set(), declared()
    while left:
        wanted = left.pop()
        if (key := (normal(wanted.name), frozenset(wanted.extras))) in done:
            continue
        done.add(key)
        distribution = metadata.distribution(wanted.name)
        found[key[0]] = distribution.version
        for need in map(Requirement, distribution.requires or []):
            if need.marker is None or any(need.marker.evaluate({"extra": extra}) for extra in ("", *wanted.extras)):
                left.append(need)
    return dict(sorted(found.items()))


def main() -> int:
    """Write the file; returns the exit code."""
    try:
        lines = [f"{name}=={version}\n" for name, version in versions().items()]
    except metadata.PackageNotFoundError as error:
        print(f"constraints: {error.name} is not installed: pip install -e '.[test-all]'", file=sys.stderr)
        return 1
    write_text(FILE, HEAD + "".join(lines))
    return 0


if __name__ == "__main__":
    sys.exit(main())
