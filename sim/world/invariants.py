"""Invariants that hold every night; they are checked in every test run and on demand (`checks=true`)."""

import numpy as np

from sim.world.people import Shelter, Status


def check(world, exits) -> None:
    """Raise AssertionError for the first invariant that fails; `exits` are rows of the people who leave tonight."""
    world.books.check()
    people, groups, camps = world.people, world.groups, world.camps
    through = people.status >= Status.PROCEDURE
    _require(set(np.flatnonzero(through)) == set(exits), "those who are through are not those who leave")
    _require(len(exits) == len(np.unique(exits)), "somebody leaves twice")
    _require(not (people.status == Status.DISPATCHED).any(), "somebody is still on the way at dawn")
    _require(people.n + world.exited == world.arrived, "people are lost or made")
    _require(len(np.unique(people.id)) == people.n, "two people share an id")
    in_camp = people.shelter == Shelter.CAMP
    _require(((people.camp >= 0) == in_camp).all(), "somebody's camp and shelter disagree")
    occupancy = np.bincount(people.camp[in_camp], minlength=camps.n)
    _require((occupancy <= camps.capacity).all(), "a camp is overfull")
    _require(not occupancy[~camps.open].any(), "somebody sleeps in a closed camp")
    for name in ("guides", "drivers", "fixers", "fighters", "weapons", "treasury"):
        _require((getattr(groups, name) >= 0).all(), f"negative {name}")
    _require((people.debt >= 0).all() and (people.family_funds >= 0).all(), "negative debt or family funds")
    _require(np.allclose(world.turf.sum(axis=0), 1, atol=1e-9) and (world.turf >= -1e-12).all(), "turf is not shares")
    _require(not world.turf[~groups.active].any(), "a group that ended holds turf")
    _require(world.labour_pool >= 0, "the labour pool is negative")
    clients = people.client_of[people.client_of >= 0]
    _require(groups.active[clients].all(), "somebody is the client of a group that ended")


def _require(holds, sentence) -> None:
    if not holds:
        raise AssertionError(sentence)
