"""M5 dispatch: clients leave in parties, spread over their owner's sectors and limited by guides, drivers and money.

Clients queue by night of engagement.  An owner's parties are spread by

    share of sector s ∝ turf_s exp(slope × believed success_s × G_o / stake)

over the sectors of the clients' corridor, with turf, guides, drivers and experience pooled over the groups whose
dispatch it owns, and G_o what a passage gains the owner (`sim/world/worth.py`; without a stake the last factor is 1).
The n people of one owner in one corridor make n/size parties, rounded, as equal as they can be.  A client without a
place waits and is counted.  People without a group leave in small parties in any sector of their corridor.

Where police are present some people cannot set out, and a client takes more places (M22).  Some guides and drivers are
tied to the corridor at which they stand, and the others serve any corridor:

    places of owner o at c = σ e^(−ψ R_c) Σ_j a_jc P_j,      places anywhere = (1 − σ) Σ_j P_j, e^(ψ R_c) a client
"""

from typing import NamedTuple

import numpy as np

from sim.world.columns import rank_within, rows_where
from sim.world.derived import transport_cost
from sim.world.ledger import CENTS, cents
from sim.world.people import NEVER, UNAIDED, Status
from sim.world.presence import chance_to_set_out, freedom
from sim.world.worth import value_of_a_passage

AGES = 1 << 20  # nights; more than any two engagements are apart


class Parties(NamedTuple):
    """Tonight's attempts: n people in m parties."""

    rows: np.ndarray  # (n,) rows of people
    group: np.ndarray  # (n,) group of each person, −1 without one
    party: np.ndarray  # (n,) party of each person, ascending; no party is empty
    owner: np.ndarray  # (m,) dispatch owner, −1 without a group
    corridor: np.ndarray  # (m,)
    sector: np.ndarray  # (m,)
    key: np.ndarray  # (m,) id of the first member; keys the party's draws
    size: np.ndarray  # (m,) persons


def dispatch(world) -> Parties:
    """Clients and people who try alone form parties, leave and pay for transport to the border."""
    people = world.people
    served = serve(world)
    alone = ready(world, people.client_of == UNAIDED)
    rows = np.concatenate([served, alone[np.lexsort((people.id[alone], people.engaged[alone]))]])
    group = np.where(people.client_of[rows] >= 0, people.client_of[rows], -1).astype(int)
    parties = form(world, rows, group)
    depart(world, parties)
    return parties


def ready(world, who) -> np.ndarray:
    """Rows of the people in the mask `who` who wait and can set out tonight; the others try again tomorrow."""
    people = world.people
    rows = rows_where(who & (people.status == Status.WAITING))
    chance = chance_to_set_out(world)[people.corridor[rows]]
    sets_out = world.draws.uniform("setting out", world.t, people.id[rows]) < chance
    world.count("kept_back", np.count_nonzero(~sets_out))
    return rows[sets_out]


def serve(world) -> np.ndarray:
    """Rows of the clients who get a place tonight: first come, first served within each dispatch owner."""
    people, groups, demand = world.people, world.groups, world.demand
    queue = ready(world, people.client_of >= 0)
    owner = world.ownership.owner["dispatch"]
    group = people.client_of[queue].astype(int)
    order = np.lexsort((people.id[queue], owner[group] * AGES + people.engaged[queue]))
    queue, group = queue[order], group[order]
    served = get_places(world, owner, owner[group], people.corridor[queue].astype(int))
    demand.served += np.bincount(group[served], minlength=groups.n)
    demand.unserved += np.bincount(group[~served], minlength=groups.n)
    world.count("unserved", np.count_nonzero(~served))
    return queue[served]


def get_places(world, owners, owner, corridor) -> np.ndarray:
    """Mask of the people in a queue who are served (n,): at the posts of their corridor, else by what serves any.

    owners (J,): owner of each group; owner, corridor (n,): of each client, sorted by owner and in order within it.
    """
    stationed, room = world.p.gangs.stationed, capacity(world)
    corridors, number = len(world.places.corridors), owners.max() + 1
    tied, free = freedom(world), np.bincount(owners, (1 - stationed) * room, minlength=number)
    posts = np.array([np.bincount(owners, stationed * room * world.posts[:, c] * tied[c], minlength=number)
                      for c in range(corridors)]).T.ravel()  # by owner, then corridor
    places = np.floor(posts + world.draws.uniform("posts", world.t, np.arange(posts.size)))
    label = owner * corridors + corridor
    order = label.argsort(kind="stable")
    served = np.empty(len(label), bool)
    served[order] = first_come(label[order], places)
    left = rows_where(~served)
    served[left] = taken_before(owner[left], 1 / tied[corridor[left]]) < free[owner[left]]
    return served


def first_come(label, places) -> np.ndarray:
    """Mask of the people in queues, sorted by `label`, who are among the first `places[label]` of their queue (n,)."""
    return rank_within(label) < places[label]


def taken_before(owner, places) -> np.ndarray:
    """Places that those before each client of the same owner take (n,); owners are sorted, `places` by client (n,)."""
    before = places.cumsum() - places
    starts = np.concatenate([[True], owner[1:] != owner[:-1]])[: len(owner)]
    return before - before[rows_where(starts)][starts.cumsum() - 1]


def capacity(world) -> np.ndarray:
    """Capacity of each group tonight (J,), persons: limited by guides, drivers and money for the costs."""
    g, groups = world.p.gangs, world.groups
    affordable = groups.treasury // cents(world.p.market.attempt_cost)
    by_crew = np.minimum(groups.guides * g.clients_per_guide, groups.drivers * g.clients_per_driver)
    return np.where(groups.active, np.minimum(by_crew, affordable), 0).astype(float)


def form(world, rows, group) -> Parties:
    """Divide the people of each owner and corridor into parties, in order, and draw a sector for each party."""
    people, p = world.people, world.p
    owner = np.where(group >= 0, world.ownership.owner["dispatch"][group], -1)
    corridor = people.corridor[rows].astype(int)
    batch = owner * len(world.places.corridors) + corridor
    order = batch.astype(np.int16).argsort(kind="stable")
    rows, group, owner, corridor, batch = (x[order] for x in (rows, group, owner, corridor, batch))
    size = np.where(owner >= 0, p.gangs.party_size, p.migrants.unaided_party)
    place = party_within(batch, size)
    leads = np.ones(len(rows), bool)
    leads[1:] = (batch[1:] != batch[:-1]) | (place[1:] != place[:-1])
    party = leads.cumsum() - 1
    first = rows_where(leads)
    key = people.id[rows[first]]
    sector = choose_sectors(world, owner[first], corridor[first], key)
    return Parties(rows, group, party, owner[first], corridor[first], sector, key,
                   np.bincount(party, minlength=len(first)))


def party_within(batch, size) -> np.ndarray:
    """Number of each person's party within a run of equal `batch`: parties of about `size`, as equal as they can be."""
    rank = rank_within(batch)
    _, run, people = np.unique(batch, return_inverse=True, return_counts=True)
    people = people[run]
    return rank * np.maximum(1, np.rint(people / size).astype(int)) // people


def choose_sectors(world, owner, corridor, key) -> np.ndarray:
    """The sector of each party (m,), drawn from its owner's sector shares."""
    if not len(key):
        return np.zeros(0, int)
    owners = world.ownership.owners("dispatch").number
    shares = np.concatenate([sector_shares(world), world.places.in_corridor[None].astype(float)])  # last: unaided
    index = np.where(owner >= 0, np.searchsorted(owners, owner), len(owners))
    edges = np.cumsum(shares[index, corridor], axis=1)
    u = world.draws.uniform("sector", world.t, key) * edges[:, -1]
    return (u[:, None] >= edges).sum(axis=1)


def sector_shares(world) -> np.ndarray:
    """Weights of sectors by dispatch owner in order of number (owners, corridors, sectors).

    Only ratios within an owner's row count, so that the largest exponent of a row is taken off first.
    """
    ownership, sectors = world.ownership, world.places.sectors
    owners, first = ownership.owners("dispatch")
    mine = ownership.owner["dispatch"][None, :] == owners[:, None]
    turf = mine @ world.turf[:, :sectors]
    believed = world.beliefs.sectors(ownership.matrix("dispatch"))[first]
    steep = world.p.gangs.dispatch_slope * believed
    if world.p.gangs.dispatch_stake > 0:
        steep = steep * (value_of_a_passage(world, "dispatch")[first] / world.p.gangs.dispatch_stake)[:, None]
    weight = turf * np.exp(steep - steep.max(axis=1, keepdims=True))
    shares = weight[:, None, :] * world.places.in_corridor
    nowhere = shares.sum(axis=2, keepdims=True) <= 0  # clients of a group without turf there: anywhere
    return np.where(nowhere, world.places.in_corridor, shares)


def depart(world, parties) -> None:
    """People leave their shelter and pay for transport; an informant in a camp may expose those who leave it."""
    people, t, p = world.people, world.t, world.p
    rows, aided = parties.rows, parties.group >= 0
    due = cents(transport_cost(world, rows))
    paid = world.books.people_pay(rows[aided], due[aided], "transport", to=parties.group[aided])
    remember_fares(world, parties.group[aided], paid)
    world.books.people_pay(rows[~aided], due[~aided] + cents(p.migrants.unaided_cost), "unaided")
    served = np.bincount(parties.group[aided], minlength=world.groups.n)
    world.books.groups_pay(served * cents(p.market.attempt_cost), "operating")
    camp = people.camp[rows]
    tipped = (camp >= 0) & world.camps.informant[camp]
    people.tipped_until[rows[tipped]] = t + p.gangs.tip_nights
    people.status[rows] = Status.DISPATCHED
    people.left_camp[rows] = camp
    people.leave_bed(rows)
    people.attempts[rows] += 1
    people.engaged[rows] = NEVER  # they no longer wait, but remain clients until the attempt is over


def remember_fares(world, group, paid) -> None:
    """Groups update the running mean of what a client pays for the ride; `paid` in cents, by client of `group`."""
    groups = world.groups
    clients = np.bincount(group, minlength=groups.n)
    left = clients > 0
    tonight = np.bincount(group, paid / CENTS, groups.n)[left] / clients[left]
    groups.fares[left] += (tonight - groups.fares[left]) * world.p.market.learning


RULES = {"softmax": dispatch}
