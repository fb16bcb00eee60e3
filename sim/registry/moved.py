"""Old names of modules: for one version, `import sim.outcomes` gives `sim.registry.outcomes`, with a warning.

A module of another package that imports an old name gets the very module that the new name gives.  `python -m sim.VERB`
runs `python -m sim VERB`.
"""

import sys
import warnings
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec

NOW_IN = {
    "sim.registry": "errors extensions parameters configuration outcomes claims series ranges",
    "sim.world": "calendar control draws ledger loops ownership",
    "sim.runs": "results progress run schema",
    "sim.statistics": "summary",
    "sim.command": "preflight help job collect compile conformance predict",
}
MOVED = {f"sim.{name}": f"{room}.{name}" for room, names in NOW_IN.items() for name in names.split()} | {
    "sim.laws": "sim.world.invariants", "sim.purses": "sim.world.accounts", "sim.study": "sim.runs.drive",
    "sim.world.readings": "sim.world.derived", "sim.saving": "sim.checkpoint",
    "sim.lease": "sim.runs.lock", "sim.sweeps": "sim.runs", "sim.calibration.free": "sim.runs.parameter_draws",
    "sim.calibration": "sim.studies.calibration", "sim.patterns": "sim.studies.patterns",
    "sim.patterns.runs": "sim.studies.patterns.simulated", "sim.patterns.tables": "sim.studies.patterns.rows",
    "sim.history": "sim.studies.history.arrivals", "sim.prediction": "sim.studies.prediction.scenario",
}
RUN = ("documentation", "emergence", "report.__main__", "verify.__main__", "view.__main__")  # commands only
CODE = """\
import sys
if __name__ == "__main__":
    from sim.__main__ import main
    print("sim: `python -m sim.{verb}` is now `python -m sim {verb}`", file=sys.stderr)
    sys.exit(main(["{verb}", *sys.argv[1:]]))
"""


def new_name(name: str) -> str | None:
    """Where a module of that name is now; None if it has not moved."""
    old, rest = name, ""
    while old not in MOVED and old:
        old, _, last = old.rpartition(".")
        rest = f".{last}{rest}"
    return MOVED[old] + rest if old else None


class Moved(MetaPathFinder):
    """Finds modules by their old names; it comes first, lest a module be loaded twice under two names."""

    def find_spec(self, name, path=None, target=None):
        if not name.startswith("sim."):
            return None
        new = new_name(name)
        if new is None and name[len("sim."):] not in RUN:
            return None
        return ModuleSpec(name, Alias(new), origin=__file__)


class Alias(Loader):
    """Gives the module that another name stands for."""

    def __init__(self, new: str | None):
        self.new = new

    def create_module(self, spec):
        if self.new is None:
            raise ModuleNotFoundError(f"No module named {spec.name!r}", name=spec.name)
        warnings.warn(f"{spec.name} is now {self.new}", DeprecationWarning, stacklevel=2)
        module = import_module(self.new)
        self.spec = module.__spec__
        return module

    def exec_module(self, module):
        module.__spec__ = self.spec  # the import machinery has put the old name's there

    def get_code(self, name):
        """For `python -m`."""
        return compile(CODE.format(verb=name.split(".")[1]), __file__, "exec")


def install() -> None:
    """Let old names be found."""
    if not any(isinstance(finder, Moved) for finder in sys.meta_path):
        sys.meta_path.insert(0, Moved())
