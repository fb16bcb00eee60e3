"""The study of sensitivity: Morris screening of all parameters, Sobol' indices of the few that matter, and by status.

Stage 1 steps through every parameter that has a plausible range, and draws all of them at once in groups by their
status (reported, literature, …, assumed, contested), which also measures the share of chance.  Stage 2 varies those
that stand out.  Outcomes are taken as levels of each scenario and as paired differences of each second scenario from
the one before it (same seeds).  Points have seeds of their own and several of them, so that chance can be told from
parameters (`sim.statistics.indices`).
"""

from functools import cached_property
from pathlib import Path

from sim.registry.parameters import Parameters, flatten
from sim.runs.plan import plan_of
from sim.statistics.indices import Shares
from sim.studies import Rows
from sim.studies.sensitivity.design import Designs, Sample
from sim.studies.sensitivity.results import Quantity, Ranked, Results, kept
from sim.studies.sensitivity.rows import morris_rows, ranking_rows, sobol_rows, status_rows


def rounds(settings: dict, parameters: dict[str, Parameters]):
    """Rows to run, stage after stage; is sent the folder in which a stage was run."""
    designs = Designs(settings, {name: flatten(p.as_dict()) for name, p in parameters.items()})
    folder = yield designs.rows(designs.morris, designs.status)
    yield designs.rows(designs.sobol(kept(Results(designs, folder).ranking())))


class Analysed:
    """The analysis of both stages; each part is computed once."""

    def __init__(self, results: Results):
        self.results = results

    @cached_property
    def ranking(self) -> list[Ranked]:
        """All parameters after stage 1."""
        return self.results.ranking()

    @cached_property
    def sobol(self) -> Sample:
        """The design of stage 2."""
        return self.results.designs.sobol(kept(self.ranking))

    @cached_property
    def shares(self) -> dict[Quantity, Shares | None]:
        """Sobol' indices of the kept parameters."""
        return self.results.shares_of(self.sobol)

    @cached_property
    def groups(self) -> dict[Quantity, Shares | None]:
        """Sobol' indices of all parameters in groups by status; empty where there is but one group."""
        status = self.results.designs.status
        return self.results.shares_of(status) if status else {}


def read(folder: Path) -> Analysed:
    """The runs of a finished folder, to be analysed."""
    return Analysed(Results(designs_of(folder), folder))


def rows(analysed: Analysed) -> Rows:
    """Tables of elementary effects, indices and the ranking."""
    results, found = analysed.results, {"sensitivity_morris": morris_rows(analysed.results)}
    found["sensitivity_sobol"] = sobol_rows(results, analysed.sobol, analysed.shares)
    if analysed.groups:
        found["sensitivity_status"] = status_rows(results, analysed.groups)
    found["sensitivity_ranking"] = ranking_rows(results, analysed.ranking, analysed.sobol, analysed.shares)
    return found


def designs_of(folder: Path, paired: bool = True) -> Designs:
    """The designs whose last stage a folder's manifest names."""
    head, points = plan_of(folder)
    bases = {point.scenario: point.base for point in points}
    return Designs(head["settings"], {name: bases[name] for name in head["settings"]["scenarios"]}, paired)
