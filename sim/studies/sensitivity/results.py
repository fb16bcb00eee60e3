"""The runs of a sensitivity analysis as points × seeds, and what follows: effects, indices, a ranking."""

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
        """In words."""
        return f"{self.scenario} minus {self.minus}" if self.minus else self.scenario


class Ranked(NamedTuple):
    """A parameter's place after stage 1."""

    key: str
    largest: float  # of its μ* as shares of the largest μ* of each quantity; 0 where chance could give it
    where: Quantity
    score: float  # root mean square of those shares over all quantities
    kept: bool


class Results:
    """The runs of a folder as points × seeds, and what follows from them."""

    def __init__(self, designs: Designs, folder: Path):
        journals = Journals(Path(folder))
        journals.refresh()
        self.designs, self.runs = designs, journals.runs
        pairs = list(zip(list(designs.bases)[::2], list(designs.bases)[1::2]))
        self.quantities = [Quantity(o, s) for s in designs.bases for o in primary()]
        self.quantities += [Quantity(o, second, first) for first, second in pairs for o in primary()]
        self._runs, self.refused = {}, {}

    def values(self, sample: Sample, quantity: Quantity) -> np.ndarray:
        """Points × seeds [outcome's unit]; NaN where a run is refused or missing."""
        if sample.name not in self._runs:
            self._runs[sample.name] = self.read(sample)
        runs = self._runs[sample.name]
        level = runs[quantity.scenario, quantity.outcome]
        return level - runs[quantity.minus, quantity.outcome] if quantity.minus else level

    def read(self, sample: Sample) -> dict:
        """Outcomes of a design by scenario and name; counts what was refused."""
        points, n = self.designs.points(sample), sample.replicates
        self.refused[sample.name] = [(k, said) for k, said in enumerate(points) if isinstance(said, str)]
        read = {(s, o): np.full((len(points), n), math.nan) for s in self.designs.bases for o in primary()}
        for k, point in enumerate(points):
            for scenario, (_, identity) in point.items() if isinstance(point, dict) else ():
                for replicate in range(n):
                    if run := self.runs.get((identity, replicate)):
                        for name in primary():
                            read[scenario, name][k, replicate] = run[name]
        return read

    @cached_property
    def screened(self) -> dict[Quantity, Screening | None]:
        """Morris's measures of every quantity."""
        sample, seed = self.designs.morris, self.designs.seed
        return {q: screen(sample.keys, sample.cube, self.values(sample, q), self.chance(q), seed)
                for q in self.quantities}

    def chance(self, quantity: Quantity) -> float:
        """Variance of one run by chance, mean over the ranges [outcome's unit squared]; NaN if not known."""
        return split(self.values(self.designs.status, quantity)).chance if self.designs.status else math.nan

    def shares_of(self, sample: Sample) -> dict[Quantity, Shares | None]:
        """Sobol' indices of every quantity."""
        return {q: shares(sample.keys, self.values(sample, q), self.designs.seed, sample.groups)
                for q in self.quantities}

    def ranking(self) -> list[Ranked]:
        """All parameters, those that stage 2 takes first.

        Kept: μ* of at least `THRESHOLD` of the largest in any quantity, and above what chance can give; of these the
        `keep` highest by root mean square over all quantities.
        """
        found = {q: s for q, s in self.screened.items() if s is not None and s.mu_star.max() > 0}
        if not found:
            raise ConfigurationError("nothing can be ranked: no outcome varies, or fewer than two trajectories are "
                                     "whole")
        relative = np.array([np.where(s.mu_star > np.nan_to_num(s.floor), s.mu_star / s.mu_star.max(), 0.0)
                             for s in found.values()])
        score = np.sqrt((relative**2).mean(axis=0))
        order = np.lexsort((-score, relative.max(axis=0) < THRESHOLD))
        best = [(self.designs.morris.keys[k], float(relative[:, k].max()), list(found)[relative[:, k].argmax()],
                 float(score[k])) for k in order]
        return [Ranked(*one, place < self.designs.settings["keep"] and one[1] >= THRESHOLD)
                for place, one in enumerate(best)]


def kept(ranking: list[Ranked]) -> list[str]:
    """Keys that stage 2 varies; ConfigurationError where none stands out."""
    keys = [line.key for line in ranking if line.kept]
    if not keys:
        raise ConfigurationError("no parameter stands out from chance in stage 1: raise trajectories, nights or scale")
    return keys
