"""M3 worth of clients: at a review, owners learn what a person present is worth to them (`sim/world/worth.py`).

They know their own profit, how many people choose and how many leave for good, and what becomes of those whom patrols
stop.  All are taken since the last review and enter running means, of which a review closes the share that
`market.learning` would close in as many nights.
"""

from sim.world.derived import margins
from sim.world.worth import worth_per_event


def review_worth(world) -> None:
    """Owners update the worth of a person present and the chance that a person who is stopped comes back."""
    p, groups, demand = world.p.market, world.groups, world.demand
    closed = 1 - (1 - p.learning) ** p.review_nights
    demand.exits, demand.exited_before = world.exited - demand.exited_before, world.exited
    if demand.stopped:
        world.returning += closed * (demand.returned / demand.stopped - world.returning)
    if demand.events:
        now = worth_per_event(demand.demand, margins(world), demand.events, demand.exits, p.client_discount)
        groups.client_worth += closed * (now - groups.client_worth)
