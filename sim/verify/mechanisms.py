"""Mechanisms that must act at default parameters: the payroll."""

from sim.market import Market
from sim.registry.configuration import configure
from sim.verify.check import Check


def payroll_at_defaults() -> list[Check]:
    """At default parameters an operation makes teams worth a bribe: those serve that ask for less than the best offer.

    The best offer is computed anew, from the largest running mean of what raids cost at the dawn before.
    """
    market = Market(configure("status_quo", ["scale=0.25", "warmup=40", "nights=64",
                                             "police.operations=[{date: 2023-01-05}]"]), 112)
    loss, due, served = [0.0], [], []

    def watch(world, _):
        teams = world.units.interior
        if world.t >= 0 and world.t % 7 == 0:
            offer = 30 * loss[0] / teams.sum() * world.p.police.payroll_effect
            due.append((world.units.integrity[teams] <= offer).sum())
            served.append((world.units.payer[teams] >= 0).sum())
        loss[0] = world.groups.raid_loss.max()

    market.watchers.append(watch)
    while market.running:
        market.step()
    return [Check("team-weeks on the payroll at default parameters", float(sum(due)), float(sum(served)), 0),
            Check("some team is on a payroll at default parameters", 1.0, float(any(served)), 0)]


LIMITS = {"payroll_at_defaults": payroll_at_defaults}
