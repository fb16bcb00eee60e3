"""Expectations and free entry: what owners expect of other owners comes true, and newcomers compete profits away."""

import numpy as np

from sim.market import Market
from sim.registry.configuration import configure
from sim.verify.answers import NO_ANSWER
from sim.verify.check import Check
from sim.verify.market import ALIKE, priced
from sim.world.expectations import expected_profits, newcomers_prospect

CAPITAL = 600_000.0  # EUR at scale 1; about 15 groups pay it


def expectations() -> list[Check]:
    """Five separate owners expect the price, and the profit, that one owner of all of them then has.

    Nobody answers to the price by staying away or by leaving, which owners do not expect either.  Those who wait and
    come back differ by chance, and with them the profit.
    """
    alike = ("gangs.count=5", "gangs.free_rows=0", *NO_ANSWER)
    apart, _ = priced(*alike)
    united, share = priced(*alike, "organisation.levers.joint_pricing=true")
    expected = expected_profits(apart.world, np.ones((5, 5), bool))
    real = united.world
    margin = real.groups.price - real.market.cost.mean()
    profit = (real.market.events * share * margin).sum()
    return [Check("price that separate owners expect of one owner, EUR", real.groups.price.mean(),
                  expected.price.mean(), 0.005 * real.groups.price.mean()),
            Check("profit on clients that they expect of one owner, EUR a night", profit, expected.profit.sum(),
                  0.03 * profit)]


def free_entry() -> list[Check]:
    """Newcomers come until a newcomer's profit covers the cost of its capital and no more (C3 of free entry)."""
    market = Market(configure("fragmented", [
        *ALIKE, "gangs.count=2", "gangs.free_rows=32", "gangs.entry=1", "gangs.profit_visibility=0",
        "gangs.entrant_turf=1", f"gangs.entrant_capital={CAPITAL}", "warmup=280", "nights=56"]), 3)
    while market.running:
        market.step()
    groups, p = market.record().groups, market.p.gangs
    rows = market.world.groups.n
    profit = groups["profit"].reshape(-1, rows)[:, 2:][:, market.world.groups.active[2:]].mean()
    cost = CAPITAL * market.p.scale / p.entrant_horizon
    return [Check("profit of newcomers under free entry, EUR a night", cost, profit, 0.2 * cost),
            Check("profit that one more would expect, EUR a night", cost, newcomers_prospect(market.world)[0],
                  0.2 * cost)]


LIMITS = {"expectations": expectations, "free_entry": free_entry}
