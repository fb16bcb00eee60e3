"""Arms: what lots cost, and when and for whom they are bought."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from conftest import first_night, play, same
from sim.rules import arms
from sim.world.calendar import STAFF, is_weekly
from sim.world.ledger import CENTS


def test_bulk_without_a_discount_is_flat_to_the_last_bit():
    same(play("dossier").record(), play("dossier", "rules.arms=bulk", "gangs.bulk_discount=0").record())


def test_orders_together_cost_less_than_apart_and_more_than_one():
    lots = np.arange(1, 30)
    total = lots * arms.lot_price(4800, lots, 0.1)
    assert (np.diff(total) > 0).all() and (np.diff(arms.lot_price(4800, lots, 0.1)) < 0).all()
    assert total[9 + 4] < total[9] + total[3]  # 14 lots in one order, or 10 and 4
    assert arms.lot_price(4800, np.array([0, 1]), 0.1).tolist() == [480_000, 480_000]


def unarmed(*overrides):
    """Groups that miss many rifles and can pay for them."""
    world = first_night("gangs.supplier_arrest=0", *overrides)
    world.groups.weapons[:], world.groups.fighters[:] = 0, 100
    return world


def test_rifles_are_bought_once_a_week():
    world, bought = unarmed("gangs.treasury=1e7"), []
    for world.t in range(14):
        before = world.groups.weapons.sum()
        world.groups.fighters += 100
        arms.flat(world)
        bought.append(world.groups.weapons.sum() > before)
    assert bought == [is_weekly(night, STAFF) for night in range(14)] and sum(bought) == 2


def test_nobody_sells_while_the_supplier_is_in_prison():
    world = unarmed("gangs.supplier_arrest=1", "gangs.supplier_absence=100")
    world.t = STAFF
    arms.flat(world)
    assert not world.groups.weapons.any() and world.supplier_back == STAFF + 100


@given(st.lists(st.integers(0, 40_000_00), min_size=12, max_size=12), st.booleans())
def test_what_is_paid_is_what_the_lots_cost(treasury, joint):
    world = unarmed()
    world.groups.treasury[:] = np.resize(treasury, world.groups.n)
    if joint:
        for group in range(world.groups.n):
            world.ownership.give("arms", group, world.groups.n)
    before, world.t = world.groups.treasury.sum(), STAFF
    arms.flat(world)
    p = world.p.gangs
    assert (world.groups.weapons % p.rifle_lot == 0).all() and (world.groups.treasury >= 0).all()
    assert before - world.groups.treasury.sum() >= world.groups.weapons.sum() * p.rifle_price * CENTS
