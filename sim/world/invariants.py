"""Invariants that hold at the end of every night; every test run checks them, and other runs if `checks=true`."""

import numpy as np

from sim.world.people import Shelter, Status


def check(world, exits) -> None:
    """Raise AssertionError with a sentence on the first invariant that fails.

    exits: rows of the people who leave the system tonight, who are still in the table.
    """
    world.books.check()
    people, groups, camps = world.people, world.groups, world.camps
    final = people.status >= Status.PROCEDURE
    _require(set(np.flatnonzero(final)) == set(exits), "people with a final status are not the people who leave")
    _require(len(exits) == len(np.unique(exits)), "a person leaves twice")
    _require(not (people.status == Status.DISPATCHED).any(), "a person is still dispatched at dawn")
    _require(people.n + world.exited == world.arrived, "people present and people who left are not all arrivals")
    _require(len(np.unique(people.id)) == people.n, "two people share an id")
    in_camp = people.shelter == Shelter.CAMP
    _require(((people.camp >= 0) == in_camp).all(), "a person's camp and shelter disagree")
    occupancy = np.bincount(people.camp[in_camp], minlength=camps.n)
    _require((occupancy <= camps.capacity).all(), "a camp is overfull")
    _require(not occupancy[~camps.open].any(), "a person sleeps in a closed camp")
    for name in ("guides", "drivers", "fixers", "fighters", "weapons", "treasury"):
        _require((getattr(groups, name) >= 0).all(), f"a group has negative {name}")
    _require((people.debt >= 0).all() and (people.family_funds >= 0).all(), "a person has negative debt or funds")
    sums, negative = world.turf.sum(axis=0), world.turf < -1e-12
    _require(np.allclose(sums, 1, atol=1e-9) and not negative.any(), "turf at a place is not shares that sum to 1")
    _require(not world.turf[~groups.active].any(), "a group that ended holds turf")
    posted = np.allclose(world.posts.sum(axis=1), 1, atol=1e-9) and (world.posts >= 0).all()
    _require(posted, "a group's posts are not shares that sum to 1")
    _require((world.presence >= 0).all(), "police are present by less than nothing")
    _require(world.labour_pool >= 0, "the labour pool is negative")
    clients = people.client_of[people.client_of >= 0]
    _require(groups.active[clients].all(), "a person is the client of a group that has ended")


def _require(holds, sentence) -> None:
    if not holds:
        raise AssertionError(sentence)
