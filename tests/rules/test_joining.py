"""Takeover: who gains if groups join an organisation, who compensates whom, and when a network is bought."""

from functools import partial

import numpy as np
import pytest

from conftest import first_night
from sim.rules.structure import bargain, entry, takeover
from sim.world.control import is_whole, join, membership
from sim.world.demand_system import Market

LEVERS = ("joint_pricing", "internal_peace", "skim")


def world_of(*words, levers=LEVERS, **columns):
    """A first night with ten alike groups whose market was observed; columns: values of the market's."""
    world = first_night("gangs.large_share=0", "organisation.affine=all", "organisation.control=0",
                        "organisation.structure=truce", *(f"organisation.levers.{lever}=true" for lever in levers),
                        *words, scenario="status_quo")
    rows = np.flatnonzero(world.groups.active)
    each = partial(np.full, len(rows))
    world.market = Market(**(dict(
        rows=rows, events=100.0, share=each(0.06), alone=0.1, slope=each(0.004), price=each(500.0), cost=each(100.0),
        shadow=each(0.0), received=each(1.0), sold=each(1.0), absorbed=each(1.0), absorbed_alone=0.3, leaving=0.65,
        staying=0.0, coming=0.0, discount=0.0, dissimilarity=1.0, floor=1.0, ceiling=1e5) | columns))
    world.groups.profit[rows] = 100 * 0.06 * 400
    world.war[:] = ~np.eye(world.groups.n, dtype=bool)
    return world


def member(world, *groups, organisation=0):
    for j in groups:
        join(world, j, organisation)


def test_a_group_gains_outside_more_than_the_members_of_the_merger_that_it_could_join():
    """Deneckere and Davidson (1985): with prices as strategic complements those outside a merger gain most."""
    world = world_of(levers=("joint_pricing",))
    member(world, 0, 1, 2, 3, 4)
    offer = bargain.make_offer(world, 0, [5])
    assert offer.surplus > 0 > offer.gains[0] and offer.organisation_gains > offer.surplus


def test_without_a_decision_to_take_nothing_is_gained():
    for levers in ((), ("placebo",), ("joint_dispatch",)):
        offer = bargain.make_offer(world_of(levers=levers), 0, [0, 1])
        assert offer.surplus == pytest.approx(0, abs=1e-9) and not bargain.settle(world_of(levers=levers), offer)


def test_peace_saves_the_members_the_fighters_whom_they_needed_against_each_other():
    world = world_of("organisation.leakage=0", levers=("internal_peace",))
    world.efforts[:10] = 1.0
    world.groups.fighters[:10] = 9
    everybody, nobody = np.zeros((2, world.groups.n), bool)
    everybody[:10] = True
    pay = 9 * world.p.gangs.fighter_wage
    assert bargain.spared(world, everybody, nobody)[:10] == pytest.approx(pay)
    pair = np.arange(world.groups.n) < 2
    assert bargain.spared(world, pair, nobody)[:3] == pytest.approx([pay / 9, pay / 9, 0])
    assert not bargain.spared(world_of(levers=("joint_pricing",)), pair, nobody).any()


def test_transfers_move_the_surplus_and_do_not_change_it():
    free, taxed = world_of(), world_of("organisation.structure=merger")
    for world in (free, taxed):
        member(world, 0, 1)
    offers = [bargain.make_offer(world, 0, [2]) for world in (free, taxed)]
    assert offers[1].surplus == pytest.approx(offers[0].surplus) and offers[1].gains[0] < offers[0].gains[0] - 400


def test_who_would_lose_is_paid_an_equal_part_of_the_surplus_and_bound():
    world = world_of("organisation.backing=10000000")
    member(world, 0, 1, 2, 3, 4)
    offer, before = bargain.make_offer(world, 0, [5]), world.groups.treasury[5]
    assert offer.gains[0] < 0 and bargain.settle(world, offer)
    lump, horizon = (world.groups.treasury[5] - before) / 100, world.p.gangs.entrant_horizon
    assert lump / horizon + offer.gains[0] == pytest.approx(offer.surplus / 2, abs=0.01)
    assert world.organisations.backing[0] == 10_000_000 * 0.1 * 100 - round(lump * 100)
    assert world.groups.bound_until[5] == world.t + horizon
    world.books.check()


def test_with_less_money_the_lump_sum_is_just_enough_and_without_money_there_is_none():
    world = world_of()
    member(world, 0, 1, 2, 3, 4)
    offer = bargain.make_offer(world, 0, [5])
    assert not bargain.settle(world, offer) and not world.books.flow["joining"]
    world.organisations.backing[0] = need = int(np.ceil(-offer.gains[0] * world.p.gangs.entrant_horizon * 100))
    assert bargain.settle(world, offer) and world.books.flow["joining"] == need


def test_the_first_two_groups_join_together():
    world = world_of("organisation.takeover=1", "organisation.takeover_deaths=0")
    takeover.approach(world, 0, 3, np.ones(world.groups.n))
    assert (membership(world.ownership) == 0).sum() == 2 and membership(world.ownership)[3] == 0
    assert world.counts["takeovers"] == 2 and is_whole(world)


def test_a_member_leaves_where_it_expects_more_outside_unless_it_is_paid_or_bound():
    poor = world_of("organisation.defection=0.15", "organisation.structure=merger")
    rich = world_of("organisation.defection=0.15", "organisation.structure=merger", "organisation.backing=1e9")
    bound = world_of("organisation.defection=0.15", "organisation.structure=merger")
    bound.groups.bound_until[:] = 1000
    for world in (poor, rich, bound):
        member(world, *range(5))
        assert is_whole(world)
        takeover.defect(world)  # 7 × 0.15 > 1: everybody is asked
    assert poor.counts["defections"] > 0 and not is_whole(poor)
    assert rich.counts["defections"] == 0 and rich.books.flow["joining"] > 0
    assert bound.counts["defections"] == 0 and bound.books.flow["joining"] == 0


def test_a_buyer_pays_more_than_networks_are_worth_to_their_owners_and_without_levers_buys_none():
    buying = ("gangs.entry=0.15", "gangs.buy_share=1")
    world, idle = world_of(*buying), world_of(*buying, levers=())
    worth = world.groups.profit[0] * world.p.gangs.entrant_horizon
    for each in (world, idle):
        entry.enter(each)
    assert world.counts["networks_bought"] == 2 and world.books.flow["purchase"] / 100 > 2 * worth
    assert (membership(world.ownership) == 1).sum() == 2 and not world.groups.organised.any()
    assert idle.counts["networks_bought"] == 0 and idle.books.flow["purchase"] == 0


@pytest.mark.parametrize("visibility, entries", [(0.0, 0), (5.0, 1)])
def test_visible_profits_speed_up_entry_and_invisible_ones_do_not(visibility, entries):
    world = world_of("gangs.entry=1e-6", f"gangs.profit_visibility={visibility}", "gangs.entrant_turf=0.1")
    entry.enter(world)
    assert world.counts["entries"] == entries


def test_nobody_enters_for_less_than_the_cost_of_capital():
    words = ("gangs.entry=0.15", "gangs.entrant_turf=0.1")
    cheap, dear = world_of(*words), world_of(*words, "gangs.entrant_capital=1e9")
    for world in (cheap, dear):
        entry.enter(world)
    assert cheap.counts["entries"] == 1 and dear.counts["entries"] == 0
