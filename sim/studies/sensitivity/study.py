"""Which parameters the outcomes hang on: Morris screening of all, Sobol' indices of the few that matter, and by status.

Stage 1 steps through every parameter that has a plausible range, and draws all of them at once in groups by what is
known of them (reported, literature, …, assumed, contested), which also tells how much is chance.  Stage 2 varies those
that stand out.  Outcomes are taken as levels of each scenario and as paired differences of each second scenario from
the one before it (same seeds).  Points have seeds of their own and several of them, so that chance can be told from
parameters (`sim.statistics.indices`).
"""

import json
from pathlib import Path

from sim.figures import write_figures
from sim.registry.files import write_rows
from sim.registry.parameters import Parameters, flatten
from sim.runs.plan import read_plan
from sim.studies.sensitivity import rows as tables
from sim.studies.sensitivity import tables as sensitivity_text
from sim.studies.sensitivity.design import Study
from sim.studies.sensitivity.results import Results, kept


def stages(settings: dict, parameters: dict[str, Parameters]):
    """Rows to run, stage after stage; is sent the folder in which a stage was run."""
    study = Study(settings, {name: flatten(p.as_dict()) for name, p in parameters.items()})
    folder = yield study.rows(study.morris, study.status)
    yield study.rows(study.sobol(kept(Results(study, folder).ranking())))


def analyse(folder: Path) -> str:
    """Tables `sensitivity_*.csv` and figures beside the runs; returns what to print."""
    from sim.studies.sensitivity import figures

    folder = Path(folder)
    results = Results(study_of(folder), folder)
    study, ranking = results.study, results.ranking()
    sobol = study.sobol(kept(ranking))
    found = results.shares_of(sobol)
    groups = results.shares_of(study.status) if study.status else {}
    write_rows(tables.morris_rows(results), folder / "sensitivity_morris.csv")
    write_rows(tables.sobol_rows(results, sobol, found), folder / "sensitivity_sobol.csv")
    if groups:
        write_rows(tables.status_rows(results, groups), folder / "sensitivity_status.csv")
    write_rows(tables.ranking_rows(results, ranking, sobol, found), folder / "sensitivity_ranking.csv")
    said = tables.sample_text(results, sobol)
    write_figures(figures.all_figures(results, sobol, found, groups, said), folder)
    return "\n\n".join([*tables.printed(results, ranking, sobol, found, groups), said])


def study_of(folder: Path, paired: bool = True) -> Study:
    """The study whose last stage a folder's manifest names."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    head, points = read_plan(folder / f"plan-{manifest['configuration_hash']}.json")
    bases = {point.scenario: point.base for point in points}
    return Study(head["settings"], {name: bases[name] for name in head["settings"]["scenarios"]}, paired)


def documented(reference: Path) -> dict[str, str]:
    """Texts of docs/sensitivity.md from the tables of the reference run."""
    return sensitivity_text.documented(reference)
