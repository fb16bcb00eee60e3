"""M8 pushback: intercepted people are pushed back with probability b; otherwise they enter a procedure and leave.

People who are pushed back may lose goods and be injured (perpetrator: authorities), rest, trust institutions less and
are exposed to abduction (M11).  Deaths and injuries by authorities are counted apart from accidents.
"""

import numpy as np

from sim.world.people import Status


def push_back(world, parties, crossing) -> np.ndarray:
    """Intercepted people are pushed back, enter a procedure or are killed.

    Returns rows of the people who enter a procedure or are killed.
    """
    p, people, t, draws = world.p.police, world.people, world.t, world.draws
    rows = parties.rows[crossing.intercepted]
    ids = people.id[rows]
    back = draws.uniform("pushback", t, ids) < p.pushback_share
    killed = back & (draws.uniform("killed by authorities", t, ids) < p.death_share)
    remember_failures(people, rows, parties.group[crossing.intercepted])
    returned = rows[back & ~killed]
    world.demand.stopped += len(rows)
    world.demand.returned += len(returned)
    suffer(world, returned)
    people.status[rows[~back]] = Status.PROCEDURE
    people.status[rows[killed]] = Status.DEAD
    world.count("pushbacks", np.count_nonzero(back))
    world.count("procedures", np.count_nonzero(~back))
    world.count("deaths_authorities", np.count_nonzero(killed))
    return rows[~back | killed]


def remember_failures(people, rows, group) -> None:
    """Intercepted people in `rows` count the failure, alone (`group` −1) or with their group; groups (n,)."""
    people.failures[rows] += 1
    alone = group < 0
    people.failures_alone[rows[alone]] += 1
    clients, group = rows[~alone], group[~alone]
    again = people.failed_by[clients] == group
    people.failed_times[clients] = np.where(again, people.failed_times[clients] + 1, 1)
    people.failed_by[clients] = group


def suffer(world, rows) -> None:
    """People who are pushed back may lose goods and be injured; they lose trust and rest."""
    p, people, t, draws = world.p.police, world.people, world.t, world.draws
    ids = people.id[rows]
    robbed = draws.uniform("goods lost", t, ids) < p.goods_lost_chance
    loss = np.where(robbed, (people.cash[rows] * p.goods_lost_share).astype(np.int64), 0)
    world.books.people_pay(rows, loss, "goods_lost", family=False)
    world.count("injuries_authorities", np.count_nonzero(draws.uniform("injury", t, ids) < p.injury_share))
    people.pushbacks[rows] += 1
    people.last_pushback[rows] = t
    people.trust[rows] *= 1 - p.trust_lost
    rest(world, rows, p.rest_nights)


def rest(world, rows, longest) -> None:
    """People in `rows` rest for 1 to `longest` nights, and their engagement ends."""
    people, t = world.people, world.t
    nights = 1 + np.floor(world.draws.uniform("rest", t, people.id[rows]) * longest).astype(int)
    people.status[rows], people.status_ends[rows], people.rested[rows] = Status.RESTING, t + nights, t + nights
    people.disengage(rows)  # they left their bed with their party


RULES = {"pushback": push_back}
