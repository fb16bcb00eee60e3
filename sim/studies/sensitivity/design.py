"""Designs of the sensitivity analysis on the unit cube of all parameters that have a plausible range.

Points have seeds of their own and several of them, so that chance can be told from parameters.
"""

from functools import cached_property
from typing import NamedTuple

import numpy as np

from sim.identity import digest_of, identity_of
from sim.registry.parameters import ConfigurationError, check_values
from sim.registry.ranges import left_open, standing, values_at, varied
from sim.statistics.indices import salib, saltelli, trajectories
from sim.world.draws import replicate_seed

DESIGNS = ("morris", "status", "sobol")


class Sample(NamedTuple):
    """A design on the unit cube: points × parameters, with a seed a point."""

    name: str  # one of DESIGNS
    keys: list[str]
    cube: np.ndarray
    seeds: list[int]
    replicates: int
    groups: list[str] | None = None  # of each key


class Designs:
    """The parameters varied, the scenarios, and the designs for them; the same settings give the same designs."""

    def __init__(self, settings: dict, bases: dict[str, dict], paired: bool = True):
        """`bases`: every key's value by scenario; keys that no scenario leaves at the default are not varied.

        paired: whether scenarios come in pairs, each second one compared with the first.
        """
        if paired and len(bases) % 2:
            raise ConfigurationError(f"scenarios={list(bases)}: give pairs, each second one is compared with the first")
        salib()
        self.settings, self.bases = settings["sensitivity"], bases
        self.entries = [e for e in varied(self.settings["vary"])
                        if any(left_open(base, {e.key: None}) for base in bases.values())]
        if not self.entries:
            raise ConfigurationError(f"sensitivity.vary={self.settings['vary']}: nothing is left to vary")
        self.by_key = {e.key: e for e in self.entries}
        self.seed, self.replicates = (next(iter(bases.values()))[key] for key in ("seed", "replicates"))

    def seeds(self, design: str, count: int) -> list[int]:
        """Seeds that no other design shares."""
        own = replicate_seed(self.seed, DESIGNS.index(design))
        return [replicate_seed(own, k) for k in range(count)]

    @cached_property
    def morris(self) -> Sample:
        """All parameters; a trajectory has one seed, so that what does nothing has effects of exactly 0."""
        keys, count = list(self.by_key), self.settings["trajectories"]
        seeds = self.seeds("morris", count)
        return Sample("morris", keys, trajectories(keys, count, self.seed),
                      [seed for seed in seeds for _ in range(len(keys) + 1)], 1)

    def sobol(self, kept: list[str]) -> Sample:
        """The kept parameters, the rest at their defaults; every point has its own seed."""
        cube = saltelli(kept, self.settings["sobol_points"], self.seed)
        return Sample("sobol", kept, cube, self.seeds("sobol", len(cube)), self.replicates)

    @cached_property
    def status(self) -> Sample | None:
        """All parameters in groups by standing; None where there is but one group."""
        groups = [standing(e) for e in self.entries]
        if len(set(groups)) < 2:
            return None
        cube = saltelli(list(self.by_key), self.settings["sobol_points"], self.seed + 1, groups)
        return Sample("status", list(self.by_key), cube, self.seeds("status", len(cube)), self.replicates, groups)

    def points(self, sample: Sample) -> list[dict | str]:
        """For each point {scenario: (what differs from its base, identity)}, or why a configuration refuses it."""
        entries, found = [self.by_key[key] for key in sample.keys], []
        for coordinates, seed in zip(sample.cube.tolist(), sample.seeds):
            values = values_at(entries, coordinates)
            try:
                point = {}
                for scenario, base in self.bases.items():
                    row = {"seed": seed, "replicates": sample.replicates, **left_open(base, values)}
                    point[scenario] = (row, identity_of(digest_of(check_values(base, row))))
                found.append(point)
            except ConfigurationError as error:
                found.append(str(error))
        return found

    def rows(self, *samples: Sample | None) -> list[dict]:
        """Rows of a sweep's design: what runs, each once; refused points are left out."""
        rows = {}
        for sample in filter(None, samples):
            for point in self.points(sample):
                if not isinstance(point, str):
                    rows |= {identity: {"scenario": scenario, **row} for scenario, (row, identity) in point.items()}
        return list(rows.values())
