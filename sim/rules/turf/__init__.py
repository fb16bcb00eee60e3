"""M12 turf: owners place fighters, keep peace or go to war, and clashes and pressure move turf.

One idea a module: `impact` (strength at a place), `contest` (efforts as best responses in the contest that nature
plays, and drift), `war` (war and peace as a lasting state of two owners), `clashes` (who meets, who dies, who wins)
and `decision` (the alternatives in which peace needs patience, or nobody decides).
"""

from typing import NamedTuple

from sim.rules.turf import contest, decision, war


class Turf(NamedTuple):
    """The three moments of a night at which turf matters."""

    review: object  # (world): on nights of review, owners decide on war and peace
    fight: object  # (world) -> list of (key, place), tonight's clashes; the key is of the pair and the place
    fighters_wanted: object  # (world) -> (J,) fighters that turf warrants, for hiring


RULES = {
    "contest": Turf(war.review, contest.contest, contest.fighters_wanted),
    "decision": Turf(decision.decide_war, decision.decision, decision.fighters_wanted),
    "pairwise": Turf(decision.nothing_to_decide, decision.pairwise, decision.fighters_wanted),
}
