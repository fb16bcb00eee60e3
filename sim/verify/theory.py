"""Comparative statics of published theories of this market, where their assumptions can be set in the model.

Free entry of small smugglers: Charlot, Naiditch and Vranceanu 2024, J. Popul. Econ. 37:18 (matching model).  A cartel
beside small smugglers: the same authors 2024, "Migrant smuggling to Europe: a two-sector model with directed search",
hal-04578393.  A given number of smugglers or one cartel: Auriol and Mesnard 2016, Economica 83:646.  Only what their
abstracts state is checked: signs.  A sign holds if the model moves by `CLEARLY` in that direction.

In the common setting nobody is stopped, clients choose once, and a person who does not take a group waits and may
leave, so that a higher price means fewer crossings.  A measure against smugglers raises what an attempt costs them.
"""

from typing import NamedTuple

from sim.market import Market
from sim.registry.configuration import configure
from sim.verify.check import Check
from sim.verify.market import ALIKE

CLEARLY = 0.01
LEAVING = ("migrants.unaided_risk=9", "migrants.leave_hazard=0.05", "migrants.wait_value=2",
           "migrants.value_of_success=1", "migrants.arrival_response=0", "migrants.arrival_network=0",
           "gangs.free_rows=0", "warmup=220", "nights=56")  # in the theories as many come whatever it costs
FREE_ENTRY = ("gangs.free_rows=32", "gangs.entry=1", "gangs.profit_visibility=0", "gangs.entrant_turf=1",
              "gangs.entrant_capital=250000")
CARTEL, DEARER = "organisation.levers.joint_pricing=true", "market.attempt_cost=150"  # instead of 50 EUR


class Outcome(NamedTuple):
    """Means over the recorded nights of one market."""

    small: float  # groups without an organisation
    crossings: float  # per arrival
    fee: float  # EUR per crossing
    cartel: float  # share of the organisation in the profit of all groups


def played(*overrides, seed=3) -> Market:
    """A market that was played to its end."""
    market = Market(configure("fragmented", overrides), seed)
    while market.running:
        market.step()
    return market


def market(*overrides) -> Outcome:
    """The outcome of a market at rest."""
    end = played(*ALIKE, *LEAVING, *overrides)
    record, rows = end.record(), end.world.groups.n
    active, profit = (record.groups[name].reshape(-1, rows) for name in ("active", "profit"))
    inside = end.world.ownership.organisation("price") >= 0
    return Outcome(active[:, ~inside].sum(axis=1).mean(), record.run["crossings"] / record.run["arrivals"],
                   record.run["price_mean"], profit[:, inside].sum() / profit.sum())


def rises(what, before, after) -> Check:
    """The check that a number rises by `CLEARLY`."""
    return Check(f"{what}, ratio before to after", 1 - CLEARLY, before / after, 0.0, at_most=True)


def falls(what, before, after) -> Check:
    """The check that a number falls by `CLEARLY`."""
    return Check(f"{what}, ratio after to before", 1 - CLEARLY, after / before, 0.0, at_most=True)


def small_smugglers() -> list[Check]:
    """Under free entry, measures against smugglers reduce their number and crossings, at a cost to migrants."""
    free, dear = (market("gangs.count=2", *FREE_ENTRY, *more) for more in ((), (DEARER,)))
    return [falls("number of groups under free entry, dearer attempts", free.small, dear.small),
            falls("crossings under free entry, dearer attempts", free.crossings, dear.crossings),
            rises("fee under free entry, dearer attempts", free.fee, dear.fee)]


def legal_ways() -> list[Check]:
    """More legal ways out reduce irregular crossings, and people who come pay no more on average."""
    before, after = (played("scale=3", "warmup=120", "nights=90", "migrants.season_year=0", "migrants.season_half=0",
                            "gangs.entry=0", "gangs.war_hazard=0", f"border.legal_access={hazard}").record().run
                     for hazard in (0.0003, 0.01))
    return [falls("crossings, legal access of 1 % a night against 0.03 %", before["crossings"], after["crossings"]),
            Check("outlay per arrival, legal access of 1 % a night against 0.03 %, ratio", 1.0,
                  after["outlay_per_arrival"] / before["outlay_per_arrival"], CLEARLY, at_most=True)]


def two_sectors() -> list[Check]:
    """A measure against all shrinks the fringe beside a cartel; a smaller cartel leaves room for more small groups."""
    beside, dear = (market("gangs.count=6", CARTEL, *FREE_ENTRY, *more) for more in ((), (DEARER,)))
    half = market("gangs.count=3", CARTEL, *FREE_ENTRY)
    return [falls("small groups beside a cartel, dearer attempts", beside.small, dear.small),
            falls("crossings beside a cartel, dearer attempts", beside.crossings, dear.crossings),
            rises("cartel's share of profit, dearer attempts", beside.cartel, dear.cartel),
            rises("small groups beside a cartel, cartel halved", beside.small, half.small)]


def cartels() -> list[Check]:
    """Fees fall and crossings rise with the number of owners; dearer attempts do the opposite, under a cartel too."""
    alone, five = (market(f"gangs.count={n}") for n in (1, 5))
    one, dear = (market("gangs.count=5", CARTEL, *more) for more in ((), (DEARER,)))
    return [falls("fee, 1 group to 5", alone.fee, five.fee),
            rises("crossings, 1 group to 5", alone.crossings, five.crossings),
            rises("fee, 5 owners to one of all", five.fee, one.fee),
            falls("crossings, 5 owners to one of all", five.crossings, one.crossings),
            rises("fee of one owner of all, dearer attempts", one.fee, dear.fee),
            falls("crossings under one owner of all, dearer attempts", one.crossings, dear.crossings)]


LIMITS = {"small_smugglers": small_smugglers, "legal_ways": legal_ways, "two_sectors": two_sectors,
           "cartels": cartels}
