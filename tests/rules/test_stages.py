"""Stages: one owner of a journey takes one markup, three owners take three."""

import pytest

from conftest import SMALL, play
from sim.market import Market
from sim.registry.configuration import configure
from sim.rules import price, stages
from sim.verify.market import ALPHA as ALPHA_OF_VERIFY
from sim.verify.market import priced
from sim.world.derived import attempt_cost


@pytest.mark.parametrize("three, joint, margins", [(1, False, 1), (3, False, 3), (3, True, 1)])
def test_three_owners_of_one_journey_take_three_logit_markups_and_one_owner_takes_one(three, joint, margins):
    """p − c = stages/(α(1 − s)): the total price falls where one owner has all stages."""
    lever = "organisation.levers.joint_pricing=true"
    market, share = priced("gangs.count=1", "gangs.free_rows=0", f"rules.stages={three}", "warmup=170", "scale=0.1",
                           *([lever] if joint else []))
    markup = market.world.groups.price[0] - attempt_cost(market.world)[0]
    assert markup * ALPHA_OF_VERIFY * (1 - share[0]) == pytest.approx(margins, rel=0.01)


@pytest.mark.parametrize("apart", [False, True])
def test_complements_of_linear_demand_are_cournots(apart):
    """N = a − b p with cost c: n sellers of complements ask c + (a/b − c) n/(n + 1) together."""
    world = Market(configure("fragmented", [*SMALL, "gangs.count=1", "gangs.free_rows=0",
                                            "market.price_step_limit=5"]), seed=3).world
    world.groups.success[:], world.groups.price[:] = 1.0, 600.0
    a, b, cost = 1000.0, 0.5, attempt_cost(world)[0]
    for _ in range(300):
        world.demand.demand[:] = max(a - b * world.groups.price[0], 1.0)
        world.demand.by_price[:] = -b
        (stages.three if apart else stages.one)(world)
        price.best_response(world)
    n = 3 if apart else 1
    assert world.groups.price[0] == pytest.approx(cost + (a / b - cost) * n / (n + 1), rel=1e-4)


def test_houses_and_carriers_are_paid_out_of_fees():
    one, three = (play("fragmented", f"rules.stages={n}", "camps.flat_share=0", "gangs.hiring_cost=0",
                       "gangs.relocation_cost=0").record().nights
                  for n in (1, 3))
    cost = 50  # attempt_cost: all that groups buy locally
    assert one["flow_operating"].sum() == cost * one["attempts_aided"].sum()
    beyond = three["flow_operating"].sum() - cost * three["attempts_aided"].sum()
    assert 0.2 * three["flow_fee"].sum() < beyond < three["flow_fee"].sum()  # never more than was paid
