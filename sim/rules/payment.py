"""M9 payment `on_success | guarantee | per_attempt`: the contract decides when a fee is due (`sim/world/contracts.py`).

on_success: due on arrival across; a small retry fee after each failure.  per_attempt: due before every attempt.
guarantee: due before the first attempt; a client who fails returns to the same group and pays nothing more, as long as
that group exists.  The part of a fee that a client can no longer pay (goods lost, ransom paid) is the group's loss.
"""

from typing import NamedTuple

import numpy as np

from sim.world.columns import rows_where
from sim.world.derived import own_share
from sim.world.ledger import CENTS, cents
from sim.world.people import Status


class Payment(NamedTuple):
    """The three moments of a night at which a contract may act."""

    renew: object  # (world) -> (J,) clients who return without choosing, before people choose
    in_advance: object  # (world, parties): before parties cross
    on_return: object  # (world, parties, crossing) -> rows of people who crossed or died in an accident


def on_success(world, parties, crossing) -> np.ndarray:
    """Clients who crossed pay their fee, and clients whose attempt failed pay a retry fee.

    Returns rows of the people who crossed or died in an accident.
    """
    people = world.people
    receive_fees(world, parties, crossing.crossed & (parties.group >= 0))
    failed = crossing.intercepted & (parties.group >= 0) & (people.status[parties.rows] == Status.RESTING)
    again = parties.rows[failed]
    fee = np.full(len(again), int(cents(world.p.market.retry_fee)))
    world.books.people_pay(again, fee, "retry", to=parties.group[failed], family=False)
    return settle(world, parties, crossing)


def per_attempt(world, parties) -> None:
    """Every client of a group pays the fee before the attempt."""
    receive_fees(world, parties, parties.group >= 0)


def guarantee(world, parties) -> None:
    """Clients who leave with a group for the first time pay for all further attempts."""
    people = world.people
    new = (parties.group >= 0) & (people.guarantor[parties.rows] != parties.group)
    receive_fees(world, parties, new)
    people.guarantor[parties.rows[new]] = parties.group[new]


def come_back(world) -> np.ndarray:
    """People who hold a guarantee and are ready engage their group again without choosing.

    Returns the number of clients who return to each group (J,).
    """
    people, groups, t = world.people, world.groups, world.t
    rows = rows_where(people.free & (people.status_ends <= t) & (people.client_of == -1) & (people.guarantor >= 0))
    group = people.guarantor[rows].astype(int)
    people.status[rows], people.client_of[rows], people.engaged[rows] = Status.WAITING, group, t
    np.add.at(world.beliefs.engagements, (people.origin[rows], group), 1.0)
    return np.bincount(group, minlength=groups.n)


def receive_fees(world, parties, due) -> None:
    """Collect the agreed fees of the people in the mask `due` (n,) and pay houses and carriers their part.

    The margin earned in each sector updates the sector's prize, a running mean in EUR per night.
    """
    people, places = world.people, world.places
    rows, group = parties.rows[due], parties.group[due]
    paid = world.books.people_pay(rows, people.fee[rows], "fee", to=group)
    kept = own_share(world)
    world.books.groups_pay(np.bincount(group, paid * (1 - kept)[group], world.groups.n), "operating")
    margin = paid / CENTS * kept[group] - world.p.market.attempt_cost
    tonight = np.bincount(parties.sector[parties.party[due]], margin, places.total)
    world.prize[: places.sectors] += (tonight - world.prize)[: places.sectors] * world.p.gangs.prize_learning
    world.count("fees_paid", len(rows))


def settle(world, parties, crossing) -> np.ndarray:
    """Count crossings and accidents; returns rows of the people who crossed or died in an accident."""
    people = world.people
    count_head_tax(world, parties.group[crossing.crossed & (parties.group >= 0)])
    people.status[parties.rows[crossing.crossed]] = Status.CROSSED
    people.status[parties.rows[crossing.died]] = Status.DEAD
    world.count("deaths_environment", np.count_nonzero(crossing.died))
    return parties.rows[crossing.crossed | crossing.died]


def count_head_tax(world, group) -> None:
    """Count the crossings that each group sold, on which a head tax may be due (M15)."""
    world.crossings_sold += np.bincount(group, minlength=world.groups.n)


def nobody_renews(world) -> np.ndarray:
    """No client returns to a group without choosing.

    Returns the number of clients who return to each group (J,): 0.
    """
    return np.zeros(world.groups.n, int)


def nothing_in_advance(world, parties) -> None:
    """Clients pay nothing in advance."""


RULES = {
    "on_success": Payment(nobody_renews, nothing_in_advance, on_success),
    "guarantee": Payment(come_back, guarantee, settle),
    "per_attempt": Payment(nobody_renews, per_attempt, settle),
}
