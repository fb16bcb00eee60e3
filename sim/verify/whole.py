"""Invariances of the whole model: conservation, levers off, placebo, idle groups, scale, origins."""

import numpy as np

from sim.market import Market
from sim.registry.configuration import configure
from sim.verify.check import Check
from sim.world.invariants import check
from sim.world.ownership import LEVERS

SMALL = ("scale=0.1", "nights=60", "warmup=40")


def play(scenario="fragmented", *overrides, seed=8):
    """Run a market to its end and return it."""
    market = Market(configure(scenario, [*SMALL, *overrides]), seed)
    while market.running:
        market.step()
    return market


def differing(first, second) -> float:
    """Number of nightly columns that differ in any bit."""
    return float(sum(first.nights[name].tobytes() != second.nights[name].tobytes() for name in first.nights))


def conservation() -> list[Check]:
    """People and cents balance on every night of a run and at its end."""
    market = Market(configure("dossier", SMALL), 8)
    broken = 0
    while market.running:
        market.step()
        world = market.world
        try:
            check(world, np.zeros(0, int))
        except AssertionError:
            broken += 1
    world = market.world
    people = world.arrived - world.exited - world.people.n
    cents = sum(world.books.balance.values())
    return [Check("nights on which a law is broken", 0, broken, 0), Check("people unaccounted for", 0, people, 0),
            Check("cents unaccounted for", 0, cents, 0)]


def levers_off() -> list[Check]:
    """Full control with all levers off equals `fragmented` bit for bit; so does a placebo lever."""
    plain = play().record()
    off = [f"organisation.levers.{lever}=false" for lever in [*LEVERS, "central_costs"]]
    return [Check("columns that differ, all levers off", 0, differing(plain, play("centralised", *off).record()), 0),
            Check("columns that differ, no control", 0,
                  differing(plain, play("centralised", "organisation.control=0").record()), 0),
            Check("columns that differ, placebo lever", 0,
                  differing(plain, play("centralised", *off, "organisation.levers.placebo=true").record()), 0)]


def idle_group() -> list[Check]:
    """Rows of groups that never start change nothing."""
    still = ("gangs.entry=0", "gangs.split_chance=0")
    without, with_idle = (play("fragmented", f"gangs.free_rows={k}", *still).record().run for k in (0, 5))
    return [Check(f"{name} with idle groups, ratio", 1.0, with_idle[name] / without[name], 1e-9)
            for name in ("price_mean", "outlay_per_arrival", "crossings")]


def scale() -> list[Check]:
    """Prices and outlays do not depend on scale at equal densities: 0.25 and 4 against 1, within 2 %.

    Means over seeds, more where the market is smaller and noisier.  Corruption is switched off because corruptible
    officers are few.  `scale_of_contest` has the fighters.
    """
    words = ("police.corruptible=0", "gangs.entry=0", "gangs.split_chance=0", "nights=120", "warmup=100")
    runs = {size: [play("status_quo", *words, f"scale={size}", seed=seed).record().run for seed in range(seeds)]
            for size, seeds in ((0.25, 8), (1, 4), (4, 2))}

    def ratio(name, size):
        return float(np.mean([run[name] for run in runs[size]]) / np.mean([run[name] for run in runs[1]]))
    return [Check(f"{name} at scale {size:g}, ratio to scale 1", 1.0, ratio(name, size), 0.02)
            for size in (0.25, 4) for name in ("price_mean", "outlay_per_arrival")]


def relabelling() -> list[Check]:
    """Swapping the shares of two origins without a group changes outcomes only by chance."""
    swapped = ("migrants.origin_shares=[0.36,0.29,0.27,0.08]", "gangs.origin_shares=[0.6,0.2,0,0.2]")
    values = {"price_mean": [], "outlay_per_arrival": [], "success_rate": [], "unaided_share": []}
    for seed in range(8):
        plain = play("fragmented", "gangs.entry=0", "migrants.brand_appeal=[0,0,0,0]", seed=seed).record().run
        other = play("fragmented", "gangs.entry=0", "migrants.brand_appeal=[0,0,0,0]", *swapped, seed=seed).record().run
        for name, ratios in values.items():
            ratios.append(other[name] / plain[name])
    return [Check(f"{name} after swapping two origins, ratio", 1.0, float(np.mean(r)),
                  4 * float(np.std(r, ddof=1)) / np.sqrt(len(r))) for name, r in values.items()]


LIMITS = {"conservation": conservation, "levers_off": levers_off, "idle_group": idle_group, "scale": scale,
          "relabelling": relabelling}
