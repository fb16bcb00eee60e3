"""Verdicts pattern by pattern, and how often conflicting patterns hold together.

    pass            the 95 % interval of the simulated value lies inside the reported interval
    fail            it lies wholly outside
    sources disagree    it lies wholly outside, and another source excludes the reported interval
    cannot be told  it overlaps a bound, or there are fewer than two replicates
    not in these results    no run of the pattern's arms was found

A narrower interval inside a wider one never turns a pass into a fail or a fail into a pass.
"""

import math
from typing import NamedTuple

import numpy as np

from sim.studies.patterns.compare import WAYS, Value
from sim.studies.patterns.declared import Conflict, Pattern, arms, conflicts, patterns, wanted
from sim.studies.patterns.measures import measured
from sim.studies.patterns.simulated import Runs

PASS, FAIL, DISAGREE, OPEN, ABSENT = "pass", "fail", "sources disagree", "cannot be told", "not in these results"
VERDICTS = (PASS, FAIL, DISAGREE, OPEN, ABSENT)
BASE = "base"  # the arm around which parameters are drawn
NOTHING = Value(0, math.nan, math.nan, math.nan, np.zeros(0))


def judge(value: Value, pattern: Pattern) -> str:
    """Return the verdict on a value."""
    if not value.n:
        return ABSENT
    if not (math.isfinite(value.value) and value.n > 1) or math.isnan(value.low) or math.isnan(value.high):
        return OPEN
    if pattern.holds(value.low) and pattern.holds(value.high):
        return PASS
    if not pattern.excludes(value.low, value.high):
        return OPEN
    return DISAGREE if pattern.disagrees else FAIL


class Score(NamedTuple):
    """The result of one pattern: with the imposing terms switched off (the test), and with these terms as set."""

    pattern: Pattern
    value: Value
    verdict: str
    as_set: Value
    verdict_as_set: str
    seeds: tuple[int, ...]  # seeds of the test, in the order of `value.each`
    draws: np.ndarray  # 1 or 0 by draw of parameters, whether the pattern holds; NaN if it is undefined


class Together(NamedTuple):
    """How often each pattern of a conflicting pair holds, and both, in replicates and in draws of parameters."""

    conflict: Conflict
    replicates: tuple[int, int, int, int]  # both defined, first holds, second holds, both hold
    draws: tuple[int, int, int, int]


class Scorecard(NamedTuple):
    """Verdicts and conflicts of a set of results."""

    scores: list[Score]
    together: list[Together]
    length: tuple  # nights, warm-up, first date, scale of the runs; empty without any run of a pattern


def scorecard(runs: Runs) -> Scorecard:
    """Return the scorecard of every declared pattern for these runs."""
    length = runs.alike(list(wanted().values()))
    drawn = runs.draws(arms()[BASE], list(wanted().values()))
    scores = [score(pattern, runs, drawn) for pattern in patterns()]
    by = {each.pattern.id: each for each in scores}
    return Scorecard(scores, [together(c, *(by[name] for name in c.pair)) for c in conflicts()], length)


def score(pattern: Pattern, runs: Runs, drawn=()) -> Score:
    """Return the score of one pattern; `drawn` are runs with drawn parameters."""
    tested, seeds = value_of(pattern, runs, True)
    as_set, _ = value_of(pattern, runs, False) if pattern.switched_off else (tested, seeds)
    single = pattern.arms == (BASE,)  # draws are of parameters as they stand
    values = [measured(pattern.measure, run, pattern.window) if single else math.nan for run in drawn]
    holds = [float(pattern.holds(x)) if math.isfinite(x) else math.nan for x in values]
    return Score(pattern, tested, judge(tested, pattern), as_set,
                 judge(as_set, pattern), seeds, np.array(holds))


def value_of(pattern: Pattern, runs: Runs, off: bool) -> tuple[Value, tuple[int, ...]]:
    """Return the pattern's value over the seeds that all its arms share, and these seeds."""
    runs_of_arms = [runs.of(arm) for arm in pattern.tested_in(off)]
    seeds = tuple(seed for seed in runs_of_arms[0] if all(seed in by_seed for by_seed in runs_of_arms))
    if not seeds:
        return NOTHING, ()
    values = np.array([[measured(pattern.measure, by_seed[seed], pattern.window) for seed in seeds]
                       for by_seed in runs_of_arms])
    if not np.isfinite(values).all(axis=0).any():
        return NOTHING, ()
    return WAYS[pattern.compare](values, pattern.by), seeds


def together(conflict: Conflict, first: Score, second: Score) -> Together:
    """Return the counts of one conflicting pair."""
    first_values, second_values = (dict(zip(s.seeds, s.value.each)) for s in (first, second))
    seeds = [seed for seed, value in first_values.items()
             if math.isfinite(value) and math.isfinite(second_values.get(seed, math.nan))]
    replicates = counted(np.array([first.pattern.holds(first_values[k]) for k in seeds], bool),
                         np.array([second.pattern.holds(second_values[k]) for k in seeds], bool))
    defined = np.isfinite(first.draws) & np.isfinite(second.draws)
    return Together(conflict, replicates, counted(first.draws[defined] > 0, second.draws[defined] > 0))


def counted(first: np.ndarray, second: np.ndarray) -> tuple[int, int, int, int]:
    """Total number, and numbers in which the first holds, the second holds, and both hold."""
    return len(first), int(first.sum()), int(second.sum()), int((first & second).sum())


def held(score: Score) -> tuple[int, int]:
    """Number of draws of parameters in which a pattern is defined, and number of those in which it holds."""
    defined = score.draws[np.isfinite(score.draws)]
    return len(defined), int(defined.sum())
