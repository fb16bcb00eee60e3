"""Rules wrapped from outside in one market: an owner decides a multiple of the rule, and parties have even luck."""

from typing import NamedTuple

import numpy as np

from sim.rules import decoys
from sim.world.columns import rank_within, rows_where
from sim.world.draws import Draws

# Powers of the root of x³ = x + 1, whose multiples modulo 1 fill the unit square evenly (M. Roberts 2018, "The
# unreasonable effectiveness of quasirandom sequences").
EVEN = {"interception": 0.7548776662466927, "unit met": 0.5698402909980532}


class Decision(NamedTuple):
    """Where a decision of groups is made and kept."""

    rule: str  # key under `rules`
    moment: str | None = None  # the function of the rule, if it has several
    held: object = None  # (world, result of the rule) -> (J, ...) array that holds the decision
    highest: float = np.inf  # value that can be decided


DECISIONS = {
    "price": Decision("price", None, lambda world, _: world.groups.price),
    "toll": Decision("bribes", "review", lambda world, _: world.tolls),
    "decoys": Decision("decoys"),
    "restraint": Decision("extortion", "review", lambda world, _: world.groups.intensity, 1.0),
    "effort": Decision("turf", "fighters_wanted", lambda _, wanted: wanted),
}


def wrap(market, decision: str, wrapper) -> None:
    """Put `wrapper(rule)` in the place of the rule that makes a decision, in this market only."""
    name, moment, *_ = DECISIONS[decision]
    rules = getattr(market.rules, name)
    changed = rules._replace(**{moment: wrapper(getattr(rules, moment))}) if moment else wrapper(rules)
    setattr(market.rules, name, changed)


def remember(market, decision, mine, memory) -> None:
    """Note in `memory`, by night, what the rule decides for the groups `mine`; decoys need no memory."""
    held = DECISIONS[decision].held

    def remembering(rule):
        def play(world):
            result = rule(world)
            memory[world.t] = held(world, result)[mine].copy()
            return result
        return play

    if held:
        wrap(market, decision, remembering)


def decide_a_multiple(market, decision, mine, memory, multiple) -> None:
    """The groups `mine` decide a multiple of what is in `memory`; all other groups follow the rule."""
    _, _, held, highest = DECISIONS[decision]

    def multiplying(rule):
        def play(world):
            result = rule(world)
            held(world, result)[mine] = np.minimum(multiple * memory[world.t], highest)
            return result
        return play

    wrap(market, decision, multiplying if held else lambda rule: spending_a_multiple(rule, mine, multiple))


def spending_a_multiple(rule, mine, multiple):
    """The rule of decoys, except that the owner of the groups `mine` spends a multiple of the rule's d₀ ln(B/d₀).

    It acts on a gain d₀ (B/d₀)^multiple in the place of its gain B; the rule then asks the others as always.
    """
    def play(world, parties, patrols):
        unit, owner = world.p.gangs.decoy_unit * world.p.scale, world.ownership.owner["decoy"][mine][0]
        real = decoys.owners_gain

        def acted_on(*args):
            gain = real(*args)
            gain[:, owner] = unit * np.maximum(gain[:, owner] / unit, 1) ** multiple
            return gain

        decoys.owners_gain = acted_on
        try:
            return rule(world, parties, patrols)
        finally:
            decoys.owners_gain = real
    return play


class EvenDraws(Draws):
    """The random numbers of a run, of which those that stop parties are spread evenly over the parties of an owner.

    The k-th party of an owner has the numbers u + k g modulo 1, with u drawn once for each owner and one g for each
    mechanism (`EVEN`); the second number picks the unit that a party meets in the order of the bribes that units take.
    Each number is uniform as before, but the luck of an owner evens out over its parties; otherwise luck is most of
    the noise in the profit of a small owner.
    """

    def __init__(self, seed: int, owners: int):
        super().__init__(seed)
        self.world = self.parties = self.number = None  # of the parties that try now
        self.seen = np.zeros(owners + 1, int)  # parties so far by owner; the last is for parties without one

    def serve(self, world, parties) -> None:
        """The next numbers are for these parties."""
        order = parties.owner.argsort(kind="stable")
        self.world, self.parties, self.number = world, parties, np.empty(len(parties.owner), int)
        self.number[order] = rank_within(parties.owner[order])
        self.number += self.seen[parties.owner]
        np.add.at(self.seen, parties.owner, 1)

    def uniform(self, mechanism, night, entities, draw=0) -> np.ndarray:
        """Uniform numbers in (0, 1), one per entity id."""
        if mechanism not in EVEN:
            return super().uniform(mechanism, night, entities, draw)
        start = super().uniform(mechanism, 0, np.arange(len(self.seen)))
        u = (start[self.parties.owner] + EVEN[mechanism] * self.number) % 1
        return self.in_order_of_thresholds(u) if mechanism == "unit met" else u

    def in_order_of_thresholds(self, u) -> np.ndarray:
        """Numbers that pick the unit at the place `u` (m,) among the units of the party's corridor, sorted by bribe."""
        units, picked = self.world.units, u.copy()
        for c in range(len(self.world.places.corridors)):
            members, here = rows_where(~units.interior & (units.corridor == c)), self.parties.corridor == c
            if len(members):
                order = units.integrity[members].argsort(kind="stable")
                picked[here] = (order[(u[here] * len(members)).astype(int)] + 0.5) / len(members)
        return picked


def even_luck(market) -> None:
    """Interception in a market with `EvenDraws` tells them whose parties it meets."""
    rule = market.rules.interception

    def play(world, parties, patrols, retained):
        world.draws.serve(world, parties)
        return rule(world, parties, patrols, retained)

    market.rules.interception = play
