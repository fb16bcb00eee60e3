"""M9 payment `on_success | guarantee | per_attempt`: the contract decides when a fee is due (`sim/world/contracts.py`).

on_success: due on arrival across, or the share `market.deposit` of it at departure; a small retry fee after each
failure.  per_attempt: due before every attempt.
guarantee: due before the first attempt; a client who fails returns to the same group and pays nothing more, as long as
that group exists.  The part of a fee that a client can no longer pay (goods lost, ransom paid) is the group's loss.
"""

from typing import NamedTuple

import numpy as np

from sim.world.columns import rows_where
from sim.world.derived import attempt_cost, own_share
from sim.world.ledger import CENTS, cents
from sim.world.people import Status


class Payment(NamedTuple):
    """The three moments of a night at which a contract may act."""

    renew: object  # (world) -> (J,) clients who return without choosing, before people choose
    in_advance: object  # (world, parties): before parties cross
    on_return: object  # (world, parties, crossing) -> rows of people who crossed or died in an accident


def on_success(world, parties, crossing) -> np.ndarray:
    """Clients who crossed pay their fee less the deposit, and clients whose attempt failed pay a retry fee.

    Returns rows of the people who crossed or died in an accident.
    """
    people = world.people
    receive_fees(world, parties, crossing.crossed & (parties.group >= 0), world.people.fee - deposits(world),
                 1 - world.p.market.deposit)
    failed = crossing.intercepted & (parties.group >= 0) & (people.status[parties.rows] == Status.RESTING)
    again = parties.rows[failed]
    fee = np.full(len(again), int(cents(world.p.market.retry_fee)))
    world.books.people_pay(again, fee, "retry", to=parties.group[failed], family=False)
    return settle(world, parties, crossing)


def pay_deposit(world, parties) -> None:
    """Clients who leave pay the share `market.deposit` of their fee in advance, if there is one."""
    count_costs(world, parties)
    if world.p.market.deposit > 0:
        receive_fees(world, parties, parties.group >= 0, deposits(world), world.p.market.deposit)


def deposits(world) -> np.ndarray:
    """What a client of the agreed fee pays at departure, in cents (n,)."""
    return np.rint(world.p.market.deposit * world.people.fee).astype(np.int64)


def per_attempt(world, parties) -> None:
    """Every client of a group pays the fee before the attempt."""
    count_costs(world, parties)
    receive_fees(world, parties, parties.group >= 0, world.people.fee)


def guarantee(world, parties) -> None:
    """Clients who leave with a group for the first time pay for all further attempts."""
    people = world.people
    new = (parties.group >= 0) & (people.guarantor[parties.rows] != parties.group)
    count_costs(world, parties)
    receive_fees(world, parties, new, world.people.fee)
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


def count_costs(world, parties) -> None:
    """Move the prize of each sector, a running mean in EUR per night, by tonight's costs of all attempts there.

    What clients pay on the way to the border is set off (k of `attempt_cost`).  Fees add to the prize as they come in.
    """
    aided, sectors = parties.group >= 0, world.places.sectors
    cost = np.bincount(parties.sector[parties.party[aided]], attempt_cost(world)[parties.group[aided]],
                       world.places.total)
    world.prize[:sectors] -= (cost + world.prize)[:sectors] * world.p.gangs.prize_learning


def receive_fees(world, parties, due, amounts, share=1.0) -> None:
    """Collect from the people in the mask `due` (n,) their `amounts` (of all people, cents); pay houses and carriers.

    What the groups keep adds to the prizes of the sectors.  `share`: the part of a fee that each amount is.
    """
    rows, group = parties.rows[due], parties.group[due]
    paid = world.books.people_pay(rows, amounts[rows], "fee", to=group)
    kept = own_share(world)
    world.books.groups_pay(np.bincount(group, paid * (1 - kept)[group], world.groups.n), "operating")
    sector, margin = parties.sector[parties.party[due]], paid / CENTS * kept[group]
    world.prize += np.bincount(sector, margin, world.places.total) * world.p.gangs.prize_learning
    world.count("fees_paid", share * len(rows))


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


RULES = {
    "on_success": Payment(nobody_renews, pay_deposit, on_success),
    "guarantee": Payment(come_back, guarantee, settle),
    "per_attempt": Payment(nobody_renews, per_attempt, settle),
}
