"""Studies: one folder for each question, and the definition of a study.

A study turns the folder of a finished sweep into rows (its CSV tables) and presents them as `sim.findings.Findings`.
An experiment names the study that analyses it (`analysis: crackdown`). Another package adds a study by an entry point
of the group `border_market_sim.studies` that leads to a `Study`.
"""

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

from sim.figures import write_figures
from sim.findings import Figure, Findings
from sim.registry import extensions
from sim.registry.errors import ConfigurationError
from sim.registry.files import read_rows, write_rows, write_text
from sim.registry.parameters import suggestion
from sim.runs.plan import Needs, Plan

Rows = dict[str, list[dict]]  # name of a CSV table: its rows


class Study(NamedTuple):
    """The analysis of an experiment: functions that read its runs, compute tables and present them."""

    read: Callable[[Path], Any]  # folder of a finished sweep -> the source of rows and figures
    rows: Callable[[Any], Rows]  # the study's tables; each is written to <name>.csv
    present: Callable[[Rows], Findings]  # computed only from the tables as read from the files (cells are texts)
    figures: Callable[[Any], dict[str, Figure]] = lambda source: {}
    nights: bool = False  # the study reads nights.parquet, so the sweep must keep nights
    parameter_draws: bool = False  # the study handles the setting `parameter_draws` itself
    rounds: Callable | None = None  # (settings, parameters) -> generator of designs; is sent the folder after each
    texts: Callable[[Any], dict[str, str]] = lambda source: {}  # further files {name: text} that the study writes
    check: Callable[[Plan], None] = lambda plan: None  # raises ConfigurationError where a plan lacks what it needs


def load(name: str) -> Study:
    """Return the study of this name, from this project or another package; ConfigurationError if there is none."""
    ours, theirs = own_names(), extensions.found("studies")
    if name in ours and name in theirs:
        raise ConfigurationError(f"package {theirs[name].package}: study `{name}`: the project has a study of that "
                                 "name; give it another")
    if name in ours:
        return getattr(import_module(f"sim.studies.{name}"), "STUDY", None)
    if name not in theirs:
        known = [*ours, *theirs]
        near = suggestion(name, known)
        near = near if "mean" in near else ""
        raise ConfigurationError(f"analysis={name}: no such study{near} (known: {', '.join(known)})")
    study = extensions.load("studies", name)
    if not isinstance(study, Study):
        raise ConfigurationError(f"package {theirs[name].package}: study `{name}`: must be a sim.studies.Study")
    return study


def own_names() -> list[str]:
    """Names of the studies of this project, which are the folders beside this file."""
    return sorted(place.parent.name for place in Path(__file__).parent.glob("*/__init__.py"))


def needs(name: str | None) -> Needs:
    """Return what a sweep must provide for the study that analyses it."""
    if not name:
        return Needs()
    study = load(name)
    return Needs(study.nights, study.parameter_draws, study.rounds is not None)


def check_needs(plan: Plan) -> None:
    """Raise ConfigurationError, one line, where the study that a plan ends with could not be made from its runs."""
    if plan.settings["analysis"]:
        load(plan.settings["analysis"]).check(plan)


def rounds(settings: dict, parameters: dict):
    """Yield the designs of a sweep one after the other; a single None if the points come from the command line."""
    if needs(settings["analysis"]).own_points:
        yield from load(settings["analysis"]).rounds(settings, parameters)
    else:
        yield None


def analyse(name: str, folder: Path) -> Findings:
    """Write a study's tables and figures into the folder of its finished sweep and return its findings."""
    folder, study = Path(folder), load(name)
    source = study.read(folder)
    for table, rows in study.rows(source).items():
        write_rows(rows, folder / f"{table}.csv")
    for file, text in study.texts(source).items():
        write_text(folder / file, text)
    if figures := study.figures(source):
        write_figures(figures, folder)
    return findings_of(name, folder)


def findings_of(name: str, folder: Path) -> Findings:
    """Return the findings of a study, computed from the tables that it wrote into a folder."""
    tables = sorted(Path(folder).glob("*.csv"))
    return load(name).present({path.stem: read_rows(path) for path in tables})
