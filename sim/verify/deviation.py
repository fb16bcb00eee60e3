"""The gate of the rules of owners: nobody gains by deviating from them.

An owner of 1, 3 or 10 of ten equal groups plays against the others at the default border.  From night 0 on one of its
decisions is a fixed multiple of what the rule decided on the same night of a paired run, in which the rule was played
with the same random numbers; all other decisions, the owner's own included, follow the rules.  The rules pass if no
multiple raises the owner's discounted profit by more than `WORTHWHILE` of it.

A deviation wraps a rule from outside, and no rule knows of it (`sim/verify/wrapped.py`).  Seasons, police operations,
entry, splits and, unless fighters are the question, wars are off: they add noise to a comparison of two markets at
rest, and no multiple is chosen for them.
"""

import copy
import sys
from typing import NamedTuple

import numpy as np

from sim.market import Market
from sim.registry.configuration import configure
from sim.runs.pool import each
from sim.verify.check import Check
from sim.verify.wrapped import EvenDraws, decide_a_multiple, even_luck, remember
from sim.world.draws import replicate_seed
from sim.world.ledger import CENTS

WORTHWHILE, ACCURATE = 0.03, 0.01  # the gain that fails, and the largest standard error; shares of the owner's profit
MULTIPLES = {
    "price": (0.7, 0.85, 1.2, 1.5), "toll": (0, 0.5, 2), "decoys": (0, 0.5, 2), "restraint": (0, 0.5, 2),
    "effort": (0, 0.5, 2),
}
STILL = ("migrants.season_year=0", "migrants.season_half=0", "police.operation_find=0", "police.routine_find=0",
         "gangs.entry=0", "gangs.split_chance=0", "gangs.free_rows=0", "organisation.affine=all",
         "organisation.takeover=0", "organisation.defection=0")
# Scale by the number of groups owned.  At scales 10, 5 and 1.5 with four seeds the standard errors were 1.04, 1.5 and
# 0.6 % of profit; they fall with the root of scale × seeds, while a night takes less than in proportion.
SCALES = {1: 12.0, 3: 14.0, 10: 1.5}
LEVERS = ("joint_pricing", "pooled_finance", "coordinated_decoys", "joint_restraint", "internal_peace")


class Size(NamedTuple):
    """How much is played for one owner."""

    scale: float = 4.0
    warmup: int = 100  # nights in which the rules are played
    nights: int = 120  # nights of the deviation
    settled: int = 60  # of them, at the end, nights whose mean goes on for ever
    seeds: int = 4
    echoes: int = 3  # further runs of the rules that go on from the warm-up with other luck


SIZE = Size()


class Task(NamedTuple):
    """One warm-up and all deviations that start from it."""

    members: int
    decisions: tuple[str, ...]
    seed: int
    size: Size
    multiples: dict = MULTIPLES


def settings(members, decisions, size) -> list[str]:
    """Overrides of `fragmented` in which the first `members` of ten groups have one owner."""
    levers = [f"organisation.levers.{lever}=true" for lever in LEVERS] if members > 1 else []
    peace = [] if "effort" in decisions else ["gangs.war_hazard=0"]
    return [*STILL, *peace, *levers, f"organisation.control={members / 10 if members > 1 else 0}",
            f"scale={size.scale}", f"warmup={size.warmup}", f"nights={size.nights}"]


def at_rest(task) -> Market:
    """A market in which the rules were played throughout the warm-up."""
    market = Market(configure("fragmented", settings(task.members, task.decisions, task.size)), task.seed)
    market.world.draws = EvenDraws(task.seed, market.world.groups.n + market.world.organisations.n)
    even_luck(market)
    while market.night < 0:
        market.step()
    return market


def branch(market) -> Market:
    """A second market that goes on from the state of the first, with the rules as they are."""
    other = Market(market.p, market.world.seed, copy.deepcopy(market.world))
    even_luck(other)
    return other


def echo(market, number) -> Market:
    """A second market that goes on from the state of the first with other luck."""
    other = branch(market)
    other.world.draws = EvenDraws(replicate_seed(market.world.seed, number), len(market.world.draws.seen) - 1)
    return other


def play_on(market, mine) -> tuple[np.ndarray, float]:
    """Profit of the groups `mine` on each further night (N,), EUR, and choice events per person present and night."""
    profit, events, people = [], 0, 0
    while market.running:
        market.step()
        profit.append(market.world.books.profit()[mine].sum() / CENTS)
        events, people = events + market.world.counts["choosing"], people + market.world.people.n
    return np.array(profit), events / people


def discounted(profit, rate, settled) -> float:
    """Present value of nightly profit (N,) at a rate per night; it goes on for ever as in the last `settled` nights."""
    weight = np.exp(-rate * np.arange(len(profit)))
    return weight @ profit + weight[-1] * np.mean(profit[-settled:]) / np.expm1(rate)


def gains(task) -> dict:
    """The owner's gain by decision and multiple, shares of its discounted profit, in runs from the same warm-up.

    Each deviation is compared with the mean of the paired run of the rules and its echoes, as all deviations would
    share the luck of a single run.  Fighters, who are about turf, are valued at the owners' nightly discount
    `gangs.discount`; all else at δ per choice event, at which the rules discount clients.
    """
    size, mine, start, found = task.size, np.arange(task.members), at_rest(task), {}
    memory = {decision: {} for decision in task.decisions}
    plain = branch(start)
    for decision in task.decisions:
        remember(plain, decision, mine, memory[decision])
    first, events = play_on(plain, mine)
    ruled = [first, *(play_on(echo(start, k), mine)[0] for k in range(size.echoes))]
    for decision in task.decisions:
        p = start.p
        rate = p.gangs.discount if decision == "effort" else -np.log(p.market.client_discount) * events
        base = np.mean([discounted(profit, rate, size.settled) for profit in ruled])
        for multiple in task.multiples[decision]:
            other = branch(start)
            decide_a_multiple(other, decision, mine, memory[decision], multiple)
            found[decision, multiple] = discounted(play_on(other, mine)[0], rate, size.settled) / base - 1
    return found


def tasks(size, multiples) -> list[Task]:
    """All runs of the gate; deviations of an owner that need no war share a warm-up."""
    kinds = [tuple(name for name in multiples if (name == "effort") == at_war) for at_war in (False, True)]
    return [Task(members, kind, seed, size._replace(scale=scale), multiples) for seed in range(1, size.seeds + 1)
            for members, scale in SCALES.items() for kind in kinds if kind]


def checks(members, found) -> list[Check]:
    """The checks of one owner; found: for each seed, gains by decision and multiple."""
    cases = list(found[0])
    gain = np.array([[run[case] for case in cases] for run in found])
    at_war = np.array([decision == "effort" for decision, _ in cases])
    rows = []
    for kind, those in (("of fighters", at_war), ("of all else", ~at_war)):
        if not those.any():
            continue
        error = standard_error(gain[:, those])
        rows += [Check(f"owner of {members}: gain by {decision} × {multiple:g} (s.e. {error:.3f})", 0.0, float(mean),
                       WORTHWHILE, at_most=True)
                 for (decision, multiple), mean, it in zip(cases, gain.mean(axis=0), those) if it]
        rows.append(Check(f"owner of {members}: standard error of gains {kind}", 0.0, error, ACCURATE))
    return rows


def standard_error(gain) -> float:
    """Standard error of a mean gain over seeds, pooled over deviations; gain (seeds, deviations)."""
    return float(np.sqrt(gain.var(axis=0, ddof=1).mean() / len(gain)))


def deviation(size=SIZE, multiples=MULTIPLES) -> list[Check]:
    """No owner of 1, 3 or 10 groups gains 3 % of its profit by a multiple of what the rule decides."""
    todo, found = tasks(size, multiples), {}
    for done, (task, gain) in enumerate(zip(todo, each(gains, todo)), 1):
        found.setdefault(task.members, {}).setdefault(task.seed, {}).update(gain)
        print(f"deviation: {done} of {len(todo)} tasks, owner of {task.members}, {', '.join(task.decisions)}, "
              f"seed {task.seed}", file=sys.stderr, flush=True)
    return [check for members, runs in found.items() for check in checks(members, list(runs.values()))]


LIMITS = {"deviation": deviation}
