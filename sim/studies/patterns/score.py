"""Pass or fail, pattern by pattern, and how often patterns that conflict hold together.

    pass            the 95 % interval of the simulated value lies inside what was reported
    fail            it lies wholly outside
    cannot be told  it overlaps a bound, or there are fewer than two replicates
    not in these results

A narrower interval inside a wider one never turns a pass into a fail or a fail into a pass.
"""

import math
from typing import NamedTuple

import numpy as np

from sim.studies.patterns.compare import WAYS, Value
from sim.studies.patterns.declared import Conflict, Pattern, arms, conflicts, patterns, wanted
from sim.studies.patterns.measures import measured
from sim.studies.patterns.simulated import Runs

PASS, FAIL, OPEN, ABSENT = "pass", "fail", "cannot be told", "not in these results"
VERDICTS = (PASS, FAIL, OPEN, ABSENT)
BASE = "base"  # the arm that draws of parameters are around
NOTHING = Value(0, math.nan, math.nan, math.nan, np.zeros(0))


def judge(value: Value, pattern: Pattern) -> str:
    """The verdict on a value."""
    if not value.n:
        return ABSENT
    if not (math.isfinite(value.value) and value.n > 1) or math.isnan(value.low) or math.isnan(value.high):
        return OPEN
    if pattern.holds(value.low) and pattern.holds(value.high):
        return PASS
    return FAIL if pattern.excludes(value.low, value.high) else OPEN


class Score(NamedTuple):
    """One pattern: with the terms that would impose it switched off (the test), and as they stand."""

    pattern: Pattern
    value: Value
    verdict: str
    as_set: Value
    verdict_as_set: str
    seeds: tuple[int, ...]  # replicates of the test, in the order of `value.each`
    draws: np.ndarray  # whether it holds, by draw of parameters; NaN: not told there


class Together(NamedTuple):
    """How often each of a conflicting pair holds, and both, in replicates and in draws of parameters."""

    conflict: Conflict
    replicates: tuple[int, int, int, int]  # both told, first holds, second holds, both hold
    draws: tuple[int, int, int, int]


class Scorecard(NamedTuple):
    """Everything that is said of some results."""

    scores: list[Score]
    together: list[Together]
    length: tuple  # nights, warm-up, first date, scale of the runs; empty: no pattern's runs are there


def scorecard(runs: Runs) -> Scorecard:
    """Every declared pattern against these runs."""
    length = runs.alike(list(wanted().values()))
    drawn = runs.draws(arms()[BASE], list(wanted().values()))
    scores = [score(pattern, runs, drawn) for pattern in patterns()]
    by = {one.pattern.id: one for one in scores}
    return Scorecard(scores, [together(c, *(by[name] for name in c.pair)) for c in conflicts()], length)


def score(pattern: Pattern, runs: Runs, drawn=()) -> Score:
    """One pattern."""
    tested, seeds = value_of(pattern, runs, True)
    as_set, _ = value_of(pattern, runs, False) if pattern.switched_off else (tested, seeds)
    single = pattern.arms == (BASE,)  # draws are of parameters as they stand
    values = [measured(pattern.measure, run, pattern.window) if single else math.nan for run in drawn]
    holds = [float(pattern.holds(x)) if math.isfinite(x) else math.nan for x in values]
    return Score(pattern, tested, judge(tested, pattern), as_set,
                 judge(as_set, pattern), seeds, np.array(holds))


def value_of(pattern: Pattern, runs: Runs, off: bool) -> tuple[Value, tuple[int, ...]]:
    """The pattern's value over seeds that all its arms have, and these seeds."""
    found = [runs.of(arm) for arm in pattern.tested_in(off)]
    seeds = tuple(seed for seed in found[0] if all(seed in one for one in found))
    if not seeds:
        return NOTHING, ()
    values = np.array([[measured(pattern.measure, one[seed], pattern.window) for seed in seeds] for one in found])
    if not np.isfinite(values).all(axis=0).any():
        return NOTHING, ()
    return WAYS[pattern.compare](values, pattern.by), seeds


def together(conflict: Conflict, first: Score, second: Score) -> Together:
    """Counts of one conflicting pair."""
    one, other = (dict(zip(s.seeds, s.value.each)) for s in (first, second))
    seeds = [k for k in one if k in other and math.isfinite(one[k]) and math.isfinite(other[k])]
    replicates = counted(np.array([first.pattern.holds(one[k]) for k in seeds], bool),
                         np.array([second.pattern.holds(other[k]) for k in seeds], bool))
    told = np.isfinite(first.draws) & np.isfinite(second.draws)
    return Together(conflict, replicates, counted(first.draws[told] > 0, second.draws[told] > 0))


def counted(first: np.ndarray, second: np.ndarray) -> tuple[int, int, int, int]:
    """How many there are, in how many the first holds, the second, both."""
    return len(first), int(first.sum()), int(second.sum()), int((first & second).sum())


def held(one: Score) -> tuple[int, int]:
    """Draws of parameters in which a pattern is told, and those in which it holds."""
    told = one.draws[np.isfinite(one.draws)]
    return len(told), int(told.sum())
