"""M20 protection: the costs of camps, support, information and legal access; counting them changes no behaviour.

    camps       places offered tonight × cost of a place
    support     coverage × people aware of it × cost of a night's support + aware arrivals × cost of informing them
    admissions  people admitted to a legal procedure × cost of one (counted where they are admitted, `choice.drop_out`)

The effects of the measures are in the rules of shelter, choice and extortion.  Unit costs are assumed; the public money
for force (patrols, operations, moving people) is `state_cost` and stays apart.
"""

import numpy as np

from sim.world.people import Status


def charge(world) -> None:
    """Camps, support and information cost money tonight, EUR, which is counted without regard to who pays."""
    p, people = world.p, world.people
    here = people.aware & (people.status <= Status.MOVED)
    informed = np.count_nonzero(here & (people.arrived == world.t))
    camps = float(world.camps.capacity[world.camps.open].sum()) * p.camps.place_cost
    support = (p.migrants.coverage * np.count_nonzero(here) * p.migrants.support_cost
               + informed * p.migrants.information_cost)
    world.count("cost_camps", camps)
    world.count("cost_support", support)
