"""Global sensitivity analysis: Morris screening of all parameters, Sobol' indices of the kept ones and by status.

Stage 1 screens every parameter that has a plausible range, and varies all of them jointly in groups by their status
(reported, literature, …, assumed, contested), which also estimates the share of chance.  Stage 2 varies the parameters
with large effects.  Outcomes are levels of each scenario and paired differences of each second scenario from the one
before it (same seeds).  Each point has several seeds of its own, so that the variance by chance can be separated from
that by parameters (`sim.statistics.indices`).
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
    """Yield the rows to run, stage after stage; the generator is sent the folder of each finished stage."""
    designs = Designs(settings, {name: flatten(p.as_dict()) for name, p in parameters.items()})
    folder = yield designs.rows(designs.morris, designs.status)
    yield designs.rows(designs.sobol(kept(Results(designs, folder).ranking())))


class Analysed:
    """The analysis of both stages; each part is computed once on demand."""

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
        """Sobol' indices of all parameters in groups by status; empty with a single group."""
        status = self.results.designs.status
        return self.results.shares_of(status) if status else {}


def read(folder: Path) -> Analysed:
    """Read the runs of a finished folder."""
    return Analysed(Results(designs_of(folder), folder))


def rows(analysed: Analysed) -> Rows:
    """Rows of the tables of elementary effects, indices and the ranking."""
    results, tables = analysed.results, {"sensitivity_morris": morris_rows(analysed.results)}
    tables["sensitivity_sobol"] = sobol_rows(results, analysed.sobol, analysed.shares)
    if analysed.groups:
        tables["sensitivity_status"] = status_rows(results, analysed.groups)
    tables["sensitivity_ranking"] = ranking_rows(results, analysed.ranking, analysed.sobol, analysed.shares)
    return tables


def designs_of(folder: Path, paired: bool = True) -> Designs:
    """Return the designs of the plan named by a folder's manifest."""
    head, points = plan_of(folder)
    bases = {point.scenario: point.base for point in points}
    return Designs(head["settings"], {name: bases[name] for name in head["settings"]["scenarios"]}, paired)
