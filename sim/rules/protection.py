"""M20 protection: what on-route camps, support, awareness and legal access cost.  Nothing here changes anything.

    camps       places offered tonight × cost of a place
    support     coverage × people who know of it × cost of a night's support + arrivals who know × cost of telling them
    admissions  people admitted to a legal procedure × cost of one (counted where they are admitted, `choice.drop_out`)

What the measures do is told where it happens: shelter, choice, extortion.  Unit costs are assumed; the public money for
force (patrols, operations, moving people) is `state_cost` and stays apart.
"""

import numpy as np

from sim.world.people import Status


def charge(world) -> None:
    """The night's cost of protection is counted, EUR, whoever pays it."""
    p, people = world.p, world.people
    here = people.aware & (people.status <= Status.MOVED)
    informed = np.count_nonzero(here & (people.arrived == world.t))
    camps = float(world.camps.capacity[world.camps.open].sum()) * p.camps.place_cost
    support = (p.migrants.coverage * np.count_nonzero(here) * p.migrants.support_cost
               + informed * p.migrants.information_cost)
    world.count("cost_camps", camps)
    world.count("cost_support", support)
