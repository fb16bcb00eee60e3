"""The runs of a sensitivity analysis as points × seeds, and their elementary effects, indices and ranking."""

import math
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import numpy as np

from sim.registry.outcomes import primary
from sim.registry.parameters import ConfigurationError
from sim.runs.store import Journals
from sim.statistics.indices import Screening, Shares, screen, shares, split
from sim.studies.sensitivity.design import Designs, Sample

THRESHOLD = 0.1  # a parameter is kept for stage 2 if its μ* reaches this share of the largest in any quantity


class Quantity(NamedTuple):
    """An outcome's level in one scenario, or its paired difference between two."""

    outcome: str
    scenario: str
    minus: str = ""

    @property
    def contrast(self) -> str:
        """The scenario, or the difference of two scenarios, in words."""
        return f"{self.scenario} minus {self.minus}" if self.minus else self.scenario


class Ranked(NamedTuple):
    """The rank of a parameter after stage 1."""

    key: str
    largest: float  # maximum over quantities of μ* / largest μ* of the quantity; 0 if chance alone could give it
    where: Quantity  # the quantity of that maximum
    score: float  # root mean square of these ratios over all quantities
    kept: bool


class Results:
    """The runs of a folder as points × seeds, with elementary effects, indices and the ranking."""

    def __init__(self, designs: Designs, folder: Path):
        journals = Journals(Path(folder))
        journals.refresh()
        self.designs, self.runs = designs, journals.runs
        pairs = list(zip(list(designs.bases)[::2], list(designs.bases)[1::2]))
        self.quantities = [Quantity(name, scenario) for scenario in designs.bases for name in primary()]
        self.quantities += [Quantity(name, second, first) for first, second in pairs for name in primary()]
        self._runs, self.refused = {}, {}

    def values(self, sample: Sample, quantity: Quantity) -> np.ndarray:
        """Values as points × seeds [outcome's unit]; NaN if a point is invalid or a run is missing."""
        if sample.name not in self._runs:
            self._runs[sample.name] = self.read(sample)
        runs = self._runs[sample.name]
        level = runs[quantity.scenario, quantity.outcome]
        return level - runs[quantity.minus, quantity.outcome] if quantity.minus else level

    def read(self, sample: Sample) -> dict:
        """Outcomes of a design by scenario and name; records the invalid points in `refused`."""
        points, n = self.designs.points(sample), sample.replicates
        self.refused[sample.name] = [(k, point) for k, point in enumerate(points) if isinstance(point, str)]
        read = {(scenario, name): np.full((len(points), n), math.nan)
                for scenario in self.designs.bases for name in primary()}
        for k, point in enumerate(points):
            for scenario, (_, identity) in point.items() if isinstance(point, dict) else ():
                for replicate in range(n):
                    if run := self.runs.get((identity, replicate)):
                        for name in primary():
                            read[scenario, name][k, replicate] = run[name]
        return read

    @cached_property
    def screened(self) -> dict[Quantity, Screening | None]:
        """Morris's measures of every quantity; None for too few complete trajectories."""
        sample, seed = self.designs.morris, self.designs.seed
        return {q: screen(sample.keys, sample.cube, self.values(sample, q), self.chance(q), seed)
                for q in self.quantities}

    def chance(self, quantity: Quantity) -> float:
        """Variance of one run by chance, as the mean over the ranges [outcome's unit squared]; NaN if unknown."""
        return split(self.values(self.designs.status, quantity)).chance if self.designs.status else math.nan

    def shares_of(self, sample: Sample) -> dict[Quantity, Shares | None]:
        """Sobol' indices of every quantity."""
        return {q: shares(sample.keys, self.values(sample, q), self.designs.seed, sample.groups)
                for q in self.quantities}

    def ranking(self) -> list[Ranked]:
        """Rank all parameters, those kept for stage 2 first.

        A parameter is kept if its μ* reaches `THRESHOLD` of the largest in any quantity and exceeds the bound of
        chance, and if it is among the `keep` highest of these by root mean square over all quantities.
        """
        screened = {q: s for q, s in self.screened.items() if s is not None and s.mu_star.max() > 0}
        if not screened:
            raise ConfigurationError("nothing can be ranked: no outcome varies, or fewer than two trajectories are "
                                     "complete")
        relative = np.array([np.where(s.mu_star > np.nan_to_num(s.floor), s.mu_star / s.mu_star.max(), 0.0)
                             for s in screened.values()])
        score = np.sqrt((relative**2).mean(axis=0))
        order = np.lexsort((-score, relative.max(axis=0) < THRESHOLD))
        best = [(self.designs.morris.keys[k], float(relative[:, k].max()), list(screened)[relative[:, k].argmax()],
                 float(score[k])) for k in order]
        return [Ranked(*values, place < self.designs.settings["keep"] and values[1] >= THRESHOLD)
                for place, values in enumerate(best)]


def kept(ranking: list[Ranked]) -> list[str]:
    """Keys varied in stage 2; ConfigurationError if no effect exceeds chance."""
    keys = [line.key for line in ranking if line.kept]
    if not keys:
        raise ConfigurationError("no effect of stage 1 exceeds chance: raise trajectories, nights or scale")
    return keys
