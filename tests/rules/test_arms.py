"""Arms: whole lots, in proportion to what is missing, and paid to the cent."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import first_night, play, same
from sim.rules import arms
from sim.world.calendar import STAFF, is_weekly
from sim.world.ledger import CENTS


def test_bulk_without_a_discount_is_flat_to_the_last_bit():
    same(play("dossier").record(), play("dossier", "rules.arms=bulk", "gangs.bulk_discount=0").record())


def armouries(joint, *overrides):
    """Ten groups that miss three rifles each, apart or under one owner, after their weekly order of lots of eight."""
    world = first_night("gangs.treasury=1e7", *overrides)
    world.groups.weapons[:], world.groups.fighters[:] = 0, 15
    for group in range(world.groups.n if joint else 0):
        world.ownership.give("arms", group, world.groups.n)
    world.t = STAFF
    arms.RULES[world.p.rules.arms](world)
    return world


def test_small_groups_buy_no_lot_apart_and_do_together():
    assert not armouries(False).groups.weapons.any()
    world = armouries(True)
    assert world.groups.weapons.sum() == 30 // 8 * 8 and (world.groups.weapons <= 3).all()
    assert (world.groups.weapons[~world.groups.active] == 0).all()
    assert world.books.flow["arms"] == 24 * world.p.gangs.rifle_price * CENTS


def test_in_bulk_a_joint_owner_buys_more_rifles_at_a_lower_price_for_no_more_money():
    flat, bulk = armouries(True), armouries(True, "rules.arms=bulk", "gangs.bulk_discount=0.3")
    wanted = 30 * (30 / 8) ** 0.3
    assert bulk.groups.weapons.sum() == wanted // 8 * 8 > flat.groups.weapons.sum()
    price = bulk.books.flow["arms"] / bulk.groups.weapons.sum() / CENTS
    assert price == pytest.approx(600 * (30 / 8) ** -0.3, abs=0.01)
    assert bulk.books.flow["arms"] <= 30 * 600 * CENTS


def test_a_lone_small_group_is_no_large_customer():
    assert not armouries(False, "rules.arms=bulk", "gangs.bulk_discount=0.3").groups.weapons.any()


@given(st.lists(st.floats(0, 99), min_size=6, max_size=6).filter(lambda m: sum(m) > 0), st.integers(0, 30))
def test_rifles_are_divided_in_proportion_and_none_is_lost(missing, lots):
    missing, owner = np.array(missing), np.array([0, 0, 0, 3, 3, 5])
    ordered = np.where(owner == 0, 8 * lots * (missing[:3].sum() > 0), 0)
    rifles = arms.divide(ordered, missing, owner)
    assert rifles.sum() == ordered[0] and not rifles[3:].any() and (rifles >= 0).all()
    share = ordered * missing / max(missing[:3].sum(), 1e-300)
    assert (np.abs(rifles - share) <= 1).all()


def unarmed(*overrides):
    """Groups that miss many rifles and can pay for them."""
    world = first_night(*overrides)
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
    whole = world.groups.weapons.sum() if joint else world.groups.weapons
    assert (whole % p.rifle_lot == 0).all() and (world.groups.treasury >= 0).all()
    assert before - world.groups.treasury.sum() == world.groups.weapons.sum() * p.rifle_price * CENTS
