"""`+experiment=calibration_screening`: the parameters to which the summaries of a calibration are sensitive.

Morris's elementary effects of every parameter that has a plausible range, on the summaries of
`sim/registry/calibration.yaml` whose months were run.  An effect is over the parameter's whole range and in units of
the summary's error: below 1, reported figures could not distinguish one end of the range from the other.  The variance
by chance is estimated from runs at the defaults; an effect that chance alone could give counts as 0
(`sim.statistics.indices.screen`).
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
    """Yield the rows to run: Morris's trajectories, and the defaults under seeds of their own."""
    designs = Designs(settings, {name: flatten(p.as_dict()) for name, p in parameters.items()}, paired=False)
    yield [*designs.rows(designs.morris), defaults(designs)]


def defaults(designs: Designs) -> dict:
    """The row of the design that runs the defaults."""
    return {"scenario": scenario_of(designs), "seed": replicate_seed(designs.seed, 3), "replicates": SEEDS}


def scenario_of(designs: Designs) -> str:
    """The single scenario; ConfigurationError for several."""
    if len(designs.bases) > 1:
        raise ConfigurationError(f"scenarios={list(designs.bases)}: summaries are screened in one scenario")
    return next(iter(designs.bases))


class Screened:
    """Elementary effects of parameters on summaries, in units of the summaries' errors."""

    def __init__(self, designs: Designs, runs: dict, values: np.ndarray, which: tuple[Summary, ...]):
        """`runs`: row of `values` by identity and replicate; `values`: runs × summaries on scales of comparison."""
        self.designs, self.which, self.keys = designs, which, designs.morris.keys
        unit = np.array([summary.error for summary in which])
        scenario = scenario_of(designs)
        rows = [runs.get((point[scenario][1], 0)) if isinstance(point, dict) else None
                for point in designs.points(designs.morris)]
        gaps = np.full(len(which), np.nan)
        self.values = np.array([gaps if row is None else values[row] / unit for row in rows])
        several = {identity for identity, replicate in runs if replicate > 0}
        same = [row for (identity, _), row in runs.items() if identity in several]
        self.chance = (values[same] / unit).var(axis=0, ddof=1)

    @cached_property
    def measures(self) -> list[Screening]:
        """Morris's measures of each summary; ConfigurationError if fewer than two trajectories are complete."""
        cube, seed = self.designs.morris.cube, self.designs.seed
        screenings = [screen(self.keys, cube, self.values[:, [k]], float(self.chance[k]), seed)
                 for k in range(len(self.which))]
        if None in screenings:
            raise ConfigurationError("nothing can be screened: fewer than two trajectories are complete")
        return screenings

    @cached_property
    def effects(self) -> np.ndarray:
        """μ* by parameter and summary; 0 if chance alone could give it."""
        return np.stack([np.where(s.mu_star > s.floor, s.mu_star, 0.0) for s in self.measures], axis=1)

    @cached_property
    def rows(self) -> list[str]:
        """Names of the rows of calibration.yaml that have a summary here, in order."""
        return list(dict.fromkeys(summary.row for summary in self.which))

    @cached_property
    def by_row(self) -> np.ndarray:
        """Root mean square effect over the summaries of each row, so that twelve months count as one."""
        return np.stack([np.sqrt((self.effects[:, [summary.row == row for summary in self.which]] ** 2).mean(axis=1))
                         for row in self.rows], axis=1)

    @cached_property
    def score(self) -> np.ndarray:
        """Root mean square effect of each parameter over rows."""
        return np.sqrt((self.by_row**2).mean(axis=1))

    @property
    def order(self) -> np.ndarray:
        """Positions of parameters, highest score first."""
        return np.argsort(-self.score, kind="stable")

    def lines(self) -> list[dict]:
        """Rows of calibration_screening.csv."""
        lines = []
        for rank, k in enumerate(self.order, start=1):
            entry, most = self.designs.by_key[self.keys[k]], int(self.effects[k].argmax())
            lines.append(short({
                "rank": rank, "parameter": entry.key, "status": standing(entry), "default": entry.default,
                "low": value_at(entry, 0.0), "high": value_at(entry, 1.0), "score": float(self.score[k]),
                "largest": float(self.effects[k, most]), "mu": float(self.measures[most].mu[k]),
                "largest_in": self.which[most].label if self.effects[k, most] else "",
                **{row: float(v) for row, v in zip(self.rows, self.by_row[k])}}))
        return lines


def read(folder: Path) -> Screened:
    """Read the effects of a finished screening; ConfigurationError if the nights hold no summary's months."""
    folder = Path(folder)
    designs = designs_of(folder, paired=False)
    points = read_plan(max(folder.glob("plan-*.json"), key=lambda path: path.stat().st_mtime))[1]
    which = within(months_of(points[0]))
    if not which:
        raise ConfigurationError(f"{folder}: no summary has all its months in these nights")
    columns = columns_of(folder, which)
    pairs = [(point.identity, k) for point in points for k in range(point.replicates)]
    return Screened(designs, {pair: row for row, pair in enumerate(pairs)}, latent(columns, which), which)


def rows(screened: Screened) -> Rows:
    """Return the table of parameters, those with the largest effects first."""
    return {"calibration_screening": screened.lines()}
