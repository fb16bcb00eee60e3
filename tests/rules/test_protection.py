"""Protection: costs are what was offered times its unit cost, and counting them changes nothing."""

import numpy as np
import pytest

from conftest import first_night
from sim.rules.protection import charge
from sim.world.people import Status


def charged(*overrides, n=200, **columns):
    """A night's costs with n people who all know of services, and the world."""
    world = first_night(*overrides, people=n, **{"aware": True, "arrived": -99, **columns})
    charge(world)
    return {name: world.counts[name] for name in ("cost_camps", "cost_support")}, world


def test_it_changes_nothing_but_its_counters():
    world = first_night(people=50, aware=True)
    before = {table: getattr(world, table).state() for table in ("people", "groups", "camps", "units")}
    balance = dict(world.books.balance)
    charge(world)
    for table, columns in before.items():
        for name, column in columns.items():
            assert (getattr(world, table).state()[name] == column).all(), name
    assert world.books.balance == balance and world.counts["cost_camps"] > 0


def test_a_closed_camp_costs_nothing():
    world = first_night()
    world.camps.open[1:] = False
    charge(world)
    assert world.counts["cost_camps"] == world.camps.capacity[0] * world.p.camps.place_cost


@pytest.mark.parametrize("key, cost", [("camps.place_cost", "cost_camps"), ("migrants.support_cost", "cost_support")])
def test_costs_are_proportional_to_unit_costs(key, cost):
    one, three = (charged(f"{key}={unit}", "migrants.coverage=0.5")[0][cost] for unit in (10, 30))
    assert three == pytest.approx(3 * one) and one > 0


def test_support_costs_for_those_who_know_and_are_still_here():
    full, world = charged("migrants.coverage=1", "migrants.support_cost=2")
    assert full["cost_support"] == 2 * world.people.n
    assert charged("migrants.coverage=1", aware=False)[0]["cost_support"] == 0
    assert charged("migrants.coverage=1", status=Status.LEFT)[0]["cost_support"] == 0


def test_only_those_who_arrive_tonight_are_told():
    world = first_night("migrants.coverage=0", "migrants.information_cost=3", people=10, aware=True)
    world.people.arrived[:] = np.where(np.arange(10) < 4, world.t, world.t - 1)
    charge(world)
    assert world.counts["cost_support"] == 3 * 4
