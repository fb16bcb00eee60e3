"""M9 payment `on_success`: the fee is due on arrival across, a small retry fee after each failure.

What a client cannot pay any more (goods lost, ransom paid since) stays unpaid and is the group's loss.
"""

import numpy as np

from sim.ledger import CENTS, cents
from sim.world.people import Status


def on_success(world, parties, crossing) -> np.ndarray:
    """Collect fees; returns rows of those who are across or died of an accident."""
    people, places = world.people, world.places
    aided = parties.group >= 0
    across = crossing.crossed & aided
    rows, group = parties.rows[across], parties.group[across]
    paid = world.books.people_pay(rows, people.fee[rows], "fee", to=group)
    failed = crossing.intercepted & aided & (people.status[parties.rows] == Status.RESTING)
    again = parties.rows[failed]
    fee = np.full(len(again), int(cents(world.p.market.retry_fee)))
    world.books.people_pay(again, fee, "retry", to=parties.group[failed], family=False)
    margin = paid / CENTS - world.p.market.attempt_cost
    place = parties.sector[parties.party[across]]
    tonight = np.bincount(place, margin, places.total)
    world.prize[: places.sectors] += (tonight - world.prize)[: places.sectors] * world.p.gangs.prize_learning
    count_head_tax(world, group)
    world.count("fees_paid", len(rows))
    people.status[parties.rows[crossing.crossed]] = Status.CROSSED
    people.status[parties.rows[crossing.died]] = Status.DEAD
    world.count("deaths_environment", int(crossing.died.sum()))
    return parties.rows[crossing.crossed | crossing.died]


def count_head_tax(world, group) -> None:
    """Crossings sold, per group, on which a head tax may be owed (M15)."""
    world.crossings_sold += np.bincount(group, minlength=world.groups.n)


RULES = {"on_success": on_success}
