"""From runs to claims: paired comparison, replicates by power, exact shares of levers, and what experiments end with.

An analysis is a module here with `analyse(folder) -> str`: it reads `runs.parquet` of a finished sweep (and
`nights.parquet`, if it says `NIGHTS = True`), writes its tables (`<name>.csv`) and figures beside it and returns the
text for the terminal.  One that chooses its own points has `stages(settings, parameters)`, a generator of the rows to
run; it is sent the folder after each stage.
"""

from importlib import import_module
from pathlib import Path


def analyse(name: str, folder: Path) -> str:
    """Run one analysis on the folder of a finished sweep; returns what to print."""
    return import_module(f"sim.analysis.{name}").analyse(Path(folder))


def reads_nights(name: str | None) -> bool:
    """Whether an analysis reads nights, so that a sweep has to keep them."""
    return bool(name) and getattr(import_module(f"sim.analysis.{name}"), "NIGHTS", False)


def plays_draws(name: str | None) -> bool:
    """Whether an analysis says itself what becomes of `parameters=`; else chance and parameters are told apart."""
    return bool(name) and getattr(import_module(f"sim.analysis.{name}"), "DRAWS", False)


def chooses_points(name: str | None) -> bool:
    """Whether an analysis says itself what is to be run."""
    return bool(name) and hasattr(import_module(f"sim.analysis.{name}"), "stages")


def stages(settings: dict, parameters: dict):
    """Rows of a sweep's design, stage after stage; None, once, where they come from the command line."""
    if chooses_points(settings["analysis"]):
        yield from import_module(f"sim.analysis.{settings['analysis']}").stages(settings, parameters)
    else:
        yield None
