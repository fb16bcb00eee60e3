"""Designs of the sensitivity analysis on the unit cube of all parameters that have a plausible range.

Each point has several seeds of its own, so that the variance by chance can be separated from that by parameters.
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
    """A design on the unit cube: points × parameters, with one seed for each point."""

    name: str  # one of DESIGNS
    keys: list[str]
    cube: np.ndarray
    seeds: list[int]
    replicates: int
    groups: list[str] | None = None  # the group of each key


class Designs:
    """The varied parameters, the scenarios and their designs; the same settings give the same designs."""

    def __init__(self, settings: dict, bases: dict[str, dict], paired: bool = True):
        """`bases`: all keys and values by scenario; keys that every scenario sets are not varied.

        paired: whether scenarios come in pairs, the second of which is compared with the first.
        """
        if paired and len(bases) % 2:
            raise ConfigurationError(f"scenarios={list(bases)}: give pairs; the second is compared with the first")
        salib()
        self.settings, self.bases = settings["sensitivity"], bases
        self.entries = [e for e in varied(self.settings["vary"])
                        if any(left_open(base, {e.key: None}) for base in bases.values())]
        if not self.entries:
            raise ConfigurationError(f"sensitivity.vary={self.settings['vary']}: nothing is left to vary")
        self.by_key = {e.key: e for e in self.entries}
        self.seed, self.replicates = (next(iter(bases.values()))[key] for key in ("seed", "replicates"))

    def seeds(self, design: str, count: int) -> list[int]:
        """Seeds of a design, which no other design shares."""
        own = replicate_seed(self.seed, DESIGNS.index(design))
        return [replicate_seed(own, k) for k in range(count)]

    @cached_property
    def morris(self) -> Sample:
        """Morris's design of all parameters; all points of a trajectory share a seed, so a parameter without influence
        has effects of exactly 0."""
        keys, count = list(self.by_key), self.settings["trajectories"]
        seeds = self.seeds("morris", count)
        return Sample("morris", keys, trajectories(keys, count, self.seed),
                      [seed for seed in seeds for _ in range(len(keys) + 1)], 1)

    def sobol(self, kept: list[str]) -> Sample:
        """Saltelli's design of the kept parameters, with the others at their defaults; every point has its own seed."""
        cube = saltelli(kept, self.settings["sobol_points"], self.seed)
        return Sample("sobol", kept, cube, self.seeds("sobol", len(cube)), self.replicates)

    @cached_property
    def status(self) -> Sample | None:
        """Saltelli's design of all parameters in groups by standing; None with a single group."""
        groups = [standing(e) for e in self.entries]
        if len(set(groups)) < 2:
            return None
        cube = saltelli(list(self.by_key), self.settings["sobol_points"], self.seed + 1, groups)
        return Sample("status", list(self.by_key), cube, self.seeds("status", len(cube)), self.replicates, groups)

    def points(self, sample: Sample) -> list[dict | str]:
        """For each point {scenario: (changes from its base, identity)}, or the reason why it is not a valid
        configuration."""
        entries, points = [self.by_key[key] for key in sample.keys], []
        for coordinates, seed in zip(sample.cube.tolist(), sample.seeds):
            values = values_at(entries, coordinates)
            try:
                point = {}
                for scenario, base in self.bases.items():
                    row = {"seed": seed, "replicates": sample.replicates, **left_open(base, values)}
                    point[scenario] = (row, identity_of(digest_of(check_values(base, row))))
                points.append(point)
            except ConfigurationError as error:
                points.append(str(error))
        return points

    def rows(self, *samples: Sample | None) -> list[dict]:
        """Rows of a sweep's design, each once; invalid points are left out."""
        rows = {}
        for sample in filter(None, samples):
            for point in self.points(sample):
                if not isinstance(point, str):
                    rows |= {identity: {"scenario": scenario, **row} for scenario, (row, identity) in point.items()}
        return list(rows.values())
