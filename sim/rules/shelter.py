"""M2 shelter: a place in a camp if one is free, else a group's flat at a nightly rent, else an informal place.

    chance to seek a camp = trust × (1 if aware of services else `unaware_share`)
    a region's camps are accepted with chance `nearness[region]`; regions fill from the border inwards

People back from an attempt may return to the camp that they left for it, ahead of all others.  A closing camp moves its
people the same night.  Police clear the informal places of a staging place now and then, and
the people there look for shelter anew; people in informal places also look for a camp again by themselves (F20).
Unpaid rent is debt to the landlord, who lends to nobody that owes another; debtors repay when their families can.
"""

import numpy as np

from sim.world.calendar import WEEK
from sim.world.camps import number_of
from sim.world.columns import rows_where
from sim.world.draws import pick, stretches
from sim.world.ledger import cents
from sim.world.loops import compilable
from sim.world.people import Shelter


def settle(world) -> None:
    """Camps close, informal places are cleared, people look for a place, and tenants pay the night's rent."""
    close_camps(world)
    clear_sites(world)
    looking = enter_camps(world, return_to_camps(world, searchers(world)))
    looking = rent_flats(world, looking)
    stay_informally(world, looking)
    collect_rent(world)


def close_camps(world) -> None:
    """Camps that are closed or shut tonight admit nobody, and their residents look for shelter again.

    A camp closes for good on its date; a measure of the calendar shuts it for a time.
    """
    people, camps, calendar, t = world.people, world.camps, world.calendar, world.t
    shut, before = calendar.measures.shut_camps(t), calendar.measures.shut_camps(t - 1)
    for name in before - shut:
        camps.open[number_of(name)] = not calendar.is_closed(name, t)
    for name in {*calendar.closing(t, world.first_night), *shut}:
        camps.open[number_of(name)] = False
        people.leave_bed((people.shelter == Shelter.CAMP) & (people.camp == number_of(name)))


def clear_sites(world) -> None:
    """Police clear all informal places at some staging places; people who wait or rest there lose their shelter."""
    people, places = world.people, world.places
    cleared = world.draws.uniform("site cleared", world.t, np.arange(places.staging)) < world.p.police.site_clearance
    if cleared.any():
        there = rows_where(people.free & (people.shelter == Shelter.INFORMAL))
        people.leave_bed(there[cleared[people.place[there]]])


def searchers(world) -> np.ndarray:
    """Rows of people without shelter and of those in informal places who look for a camp again, in random order."""
    people, draws, t = world.people, world.draws, world.t
    looking = rows_where(people.free & (people.shelter == Shelter.NONE))
    informal = rows_where(people.free & (people.shelter == Shelter.INFORMAL))
    again = informal[draws.uniform("look again", t, people.id[informal]) < world.p.camps.look_again]
    looking = np.concatenate([looking, again])
    return looking[draws.uniform("shelter order", t, people.id[looking]).argsort()]


def return_to_camps(world, looking) -> np.ndarray:
    """People back from an attempt may return to the camp that they left for it, while it has free places.

    Returns rows of the people who still look.
    """
    people, camps = world.people, world.camps
    camp, seeks = people.left_camp[looking], people.shelter[looking] == Shelter.NONE
    keeps = world.draws.uniform("place kept", world.t, people.id[looking]) < world.p.camps.own_camp
    back = np.flatnonzero(seeks & (camp >= 0) & keeps & camps.open[camp])
    back = back[camp[back].argsort(kind="stable")]
    place = np.arange(len(back)) - np.searchsorted(camp[back], camp[back])  # number within those of the same camp
    free = camps.capacity - np.bincount(people.camp + 1, minlength=camps.n + 1)[1:]
    back = back[place < free[camp[back]]]
    rows = looking[back]
    people.shelter[rows], people.camp[rows] = Shelter.CAMP, camp[back]
    people.left_camp[looking[seeks]] = -1
    return np.delete(looking, back)


def enter_camps(world, looking) -> np.ndarray:
    """People who seek a camp take free places, nearest region first.

    Returns rows of the people who still look: those in informal places stay there.
    """
    p, people, camps, t = world.p.camps, world.people, world.camps, world.t
    ids = people.id[looking]
    chance = people.trust[looking] * np.where(people.aware[looking], 1.0, p.unaware_share)
    seeks = world.draws.uniform("seek camp", t, ids) < chance
    accepts = world.draws.uniform("camp region", t, ids)
    occupied = np.bincount(people.camp + 1, minlength=camps.n + 1)[1:]  # camp −1: not in one
    free = np.where(camps.open, np.maximum(camps.capacity - occupied, 0), 0)
    camps.occupancy = occupied + fill(looking, seeks, accepts, np.asarray(p.nearness, float), camps.region, free,
                                      people.shelter, people.camp, people.place, people.landlord, Shelter.CAMP)
    return looking[people.shelter[looking] == Shelter.NONE]


@compilable
def fill(looking, seeks, accepts, nearness, region, free, shelter, camp, place, landlord, code):
    """Assign people `looking`, in order, to free places of the nearest region they accept; returns persons per camp.

    free: places per camp; nearness (R,): acceptance probability per region; code: `Shelter.CAMP`.
    """
    taken = np.zeros(len(free), np.int64)
    for r, near in enumerate(nearness):
        takers, slots = rows_where(seeks & (accepts < near)), np.repeat(rows_where(region == r), free[region == r])
        takers = takers[: len(slots)]
        rows, slots = looking[takers], slots[: len(takers)]
        shelter[rows], camp[rows], place[rows], landlord[rows] = code, slots, -1, -1
        taken += np.bincount(slots, minlength=len(free))
        seeks[takers] = False
    return taken


@fill.loop("int64[::1](int64[::1], boolean[::1], float64[::1], float64[::1], int8[::1], int64[::1], int8[::1], "
           "int16[::1], int8[::1], int16[::1], int64)")
def fill_loop(looking, seeks, accepts, nearness, region, free, shelter, camp, place, landlord, code):
    taken = np.zeros(free.size, np.int64)
    for r in range(nearness.size):
        c = 0  # the camp that is being filled
        for k in range(looking.size):
            if not seeks[k] or accepts[k] >= nearness[r]:
                continue
            while c < free.size and (region[c] != r or taken[c] >= free[c]):
                c += 1
            if c == free.size:
                break
            i, seeks[k] = looking[k], False
            shelter[i], camp[i], place[i], landlord[i] = code, c, -1, -1
            taken[c] += 1
    return taken


def rent_flats(world, looking) -> np.ndarray:
    """People with cash for a week's rent may take a flat, limited by the beds of groups' fixers.

    Returns rows of the people who still look.
    """
    p, people, groups, t = world.p.camps, world.people, world.groups, world.t
    ids = people.id[looking]
    can = people.cash[looking] >= WEEK * cents(p.rent)
    wants = can & (world.draws.uniform("seek flat", t, ids) < p.flat_share)
    beds = groups.fixers.sum() * world.p.gangs.beds_per_fixer - np.count_nonzero(people.shelter == Shelter.FLAT)
    rows = looking[wants][: max(int(beds), 0)]
    settle_at(world, rows, Shelter.FLAT)
    turf = world.turf.take(world.places.sectors + people.place[rows], axis=1)
    lets = (world.draws.uniform("landlord", t, people.id[rows]) > stretches(turf)).sum(axis=0)
    people.landlord[rows] = np.minimum(lets, groups.n - 1)
    return looking[people.shelter[looking] == Shelter.NONE]


def stay_informally(world, rows) -> None:
    """People in `rows` sleep in an informal place at a staging place."""
    settle_at(world, rows, Shelter.INFORMAL)
    world.people.landlord[rows] = -1


def settle_at(world, rows, shelter) -> None:
    """People in `rows` get this kind of shelter at a staging place drawn by weight."""
    people = world.people
    people.shelter[rows], people.camp[rows] = shelter, -1
    people.place[rows] = pick(world.draws.uniform("staging place", world.t, people.id[rows]),
                              world.p.border.staging_weights)


def collect_rent(world) -> None:
    """Tenants pay rent from cash, the unpaid part becomes debt, and tenants without further credit are evicted."""
    p, people = world.p.camps, world.people
    rows = rows_where(people.shelter == Shelter.FLAT)
    due = np.full(len(rows), int(cents(p.rent)))
    missing = due - world.books.people_pay(rows, due, "rent", to=people.landlord[rows], family=False)
    refused = lend(people, rows, missing)
    repay(world)
    people.evict(rows[refused | (people.debt[rows] > cents(p.debt_limit))])
    upkeep = np.bincount(people.landlord[rows][people.landlord[rows] >= 0], minlength=world.groups.n)
    world.books.groups_pay(upkeep * cents(p.flat_cost), "operating")


def lend(people, rows, missing) -> np.ndarray:
    """Landlords lend the rent that is `missing` (n,), cents, to tenants in `rows` who owe no other group.

    Returns the mask of tenants who miss rent and get no loan (n,).
    """
    elsewhere = (people.debt[rows] > 0) & (people.creditor[rows] != people.landlord[rows])
    lent = (missing > 0) & ~elsewhere
    people.debt[rows[lent]] += missing[lent]
    people.creditor[rows[lent]] = people.landlord[rows[lent]]
    return (missing > 0) & elsewhere


def repay(world) -> None:
    """Some of the people who wait or rest in debt pay it to their creditor, as far as cash and family suffice."""
    people = world.people
    rows = rows_where(people.free & (people.debt > 0))
    rows = rows[world.draws.uniform("debt repaid", world.t, people.id[rows]) < world.p.camps.debt_repaid]
    people.debt[rows] -= world.books.people_pay(rows, people.debt[rows], "rent", to=people.creditor[rows])
    people.clear_creditors(rows)


RULES = {"camp_first": settle}
