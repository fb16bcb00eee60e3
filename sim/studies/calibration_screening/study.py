"""`+experiment=calibration_screening`: which parameters move what a calibration compares with the documents.

Morris's elementary effects of every parameter that has a plausible range, on the summaries of
`sim/registry/calibration.yaml` whose months were run.  An effect is over the parameter's whole range and in units of
the summary's error: below one, what was reported could not tell one end of the range from the other.  Chance is known
from runs at the defaults; what it alone could give counts as 0 (`sim.statistics.indices.screen`).
"""

from functools import cached_property
from pathlib import Path

import numpy as np

from sim.registry.parameters import ConfigurationError, Parameters, flatten
from sim.registry.ranges import standing, value_at
from sim.runs.plan import read_plan
from sim.statistics.indices import Screening, screen
from sim.studies import Rows
from sim.studies.calibration.bank import columns_of
from sim.studies.calibration.summaries import Summary, latent, within
from sim.studies.requirements import months_of
from sim.studies.sensitivity.design import Designs
from sim.studies.sensitivity.rows import short
from sim.studies.sensitivity.study import designs_of
from sim.world.draws import replicate_seed

SEEDS = 12  # runs at the defaults
SHOWN = 24  # parameters in the figure and in the table


def rounds(settings: dict, parameters: dict[str, Parameters]):
    """Rows to run: Morris's trajectories, and the defaults under seeds of their own."""
    designs = Designs(settings, {name: flatten(p.as_dict()) for name, p in parameters.items()}, paired=False)
    yield [*designs.rows(designs.morris), defaults(designs)]


def defaults(designs: Designs) -> dict:
    """The row of the runs at the defaults."""
    return {"scenario": scenario_of(designs), "seed": replicate_seed(designs.seed, 3), "replicates": SEEDS}


def scenario_of(designs: Designs) -> str:
    """The one scenario; ConfigurationError where there are more."""
    if len(designs.bases) > 1:
        raise ConfigurationError(f"scenarios={list(designs.bases)}: summaries are screened in one scenario")
    return next(iter(designs.bases))


class Screened:
    """Elementary effects on summaries, in units of their errors."""

    def __init__(self, designs: Designs, runs: dict, found: np.ndarray, which: tuple[Summary, ...]):
        """`runs`: row of `found` by identity and replicate; `found`: runs × summaries on scales of comparison."""
        self.designs, self.which, self.keys = designs, which, designs.morris.keys
        unit = np.array([one.error for one in which])
        scenario = scenario_of(designs)
        rows = [runs.get((point[scenario][1], 0)) if isinstance(point, dict) else None
                for point in designs.points(designs.morris)]
        gaps = np.full(len(which), np.nan)
        self.values = np.array([gaps if row is None else found[row] / unit for row in rows])
        several = {identity for identity, replicate in runs if replicate > 0}
        same = [row for (identity, _), row in runs.items() if identity in several]
        self.chance = (found[same] / unit).var(axis=0, ddof=1)

    @cached_property
    def measures(self) -> list[Screening]:
        """Morris's measures, one a summary; ConfigurationError where fewer than two trajectories are whole."""
        cube, seed = self.designs.morris.cube, self.designs.seed
        found = [screen(self.keys, cube, self.values[:, [k]], float(self.chance[k]), seed)
                 for k in range(len(self.which))]
        if None in found:
            raise ConfigurationError("nothing can be screened: fewer than two trajectories are whole")
        return found

    @cached_property
    def effects(self) -> np.ndarray:
        """μ* by parameter and summary; 0 where chance could give it."""
        return np.stack([np.where(s.mu_star > s.floor, s.mu_star, 0.0) for s in self.measures], axis=1)

    @cached_property
    def rows(self) -> list[str]:
        """Rows of the file that have a summary here, in order."""
        return list(dict.fromkeys(one.row for one in self.which))

    @cached_property
    def by_row(self) -> np.ndarray:
        """Root mean square effect over the summaries of each row, so that twelve months count as one."""
        return np.stack([np.sqrt((self.effects[:, [one.row == row for one in self.which]] ** 2).mean(axis=1))
                         for row in self.rows], axis=1)

    @cached_property
    def score(self) -> np.ndarray:
        """Root mean square over rows."""
        return np.sqrt((self.by_row**2).mean(axis=1))

    @property
    def order(self) -> np.ndarray:
        """Parameters, highest score first."""
        return np.argsort(-self.score, kind="stable")

    def lines(self) -> list[dict]:
        """Lines of calibration_screening.csv."""
        found = []
        for rank, k in enumerate(self.order, start=1):
            entry, most = self.designs.by_key[self.keys[k]], int(self.effects[k].argmax())
            found.append(short({
                "rank": rank, "parameter": entry.key, "status": standing(entry), "default": entry.default,
                "low": value_at(entry, 0.0), "high": value_at(entry, 1.0), "score": float(self.score[k]),
                "largest": float(self.effects[k, most]), "mu": float(self.measures[most].mu[k]),
                "largest_in": self.which[most].label if self.effects[k, most] else "",
                **{row: float(v) for row, v in zip(self.rows, self.by_row[k])}}))
        return found


def read(folder: Path) -> Screened:
    """The effects of a finished screening."""
    folder = Path(folder)
    designs = designs_of(folder, paired=False)
    points = read_plan(max(folder.glob("plan-*.json"), key=lambda path: path.stat().st_mtime))[1]
    which = within(months_of(points[0]))
    if not which:
        raise ConfigurationError(f"{folder}: no summary has all its months in these nights")
    columns = columns_of(folder, which)
    pairs = [(point.identity, k) for point in points for k in range(point.replicates)]
    return Screened(designs, {pair: row for row, pair in enumerate(pairs)}, latent(columns, which), which)


def rows(found: Screened) -> Rows:
    """The table of parameters, those that move summaries most first."""
    return {"calibration_screening": found.lines()}
