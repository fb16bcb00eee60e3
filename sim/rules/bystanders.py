"""M12 bystanders: people on the move near a clash may be hurt or killed (F31)."""

import numpy as np

from sim.world.columns import rows_where
from sim.world.draws import round_randomly
from sim.world.people import Shelter, Status


def hit(world, clashes) -> np.ndarray:
    """Clashes injure or kill people nearby.

    clashes: (key, place) of each of tonight's clashes.  Returns rows of the people killed.
    """
    p, people, t, draws = world.p.gangs, world.people, world.t, world.draws
    dead, nearby = [], {}  # rows of people near each place, searched once per night
    for pair, place in clashes:
        if place not in nearby:
            nearby[place] = people_near(world, place)
        near = nearby[place]
        if dead:
            near = near[people.status[near] != Status.DEAD]
        killed = min(int(round_randomly(p.bystander_deaths, draws.one("bystander deaths", t, pair))), len(near))
        hurt = int(round_randomly(p.bystander_injuries, draws.one("bystander injuries", t, pair)))
        if killed:
            dead.append(near[smallest(draws.uniform("bystander", t, people.id[near], pair), killed)])
            people.status[dead[-1]] = Status.DEAD
        world.count("deaths_clashes", killed)
        world.count("injuries_clashes", min(hurt, len(near) - killed))
        world.pressure.heat += world.p.police.heat_death * killed
    return np.concatenate(dead) if dead else np.zeros(0, int)


def smallest(values, k) -> np.ndarray:
    """Positions of the k smallest values, in order, without sorting the rest."""
    first = np.argpartition(values, k - 1)[:k]
    return first[np.argsort(values[first])]


def people_near(world, place) -> np.ndarray:
    """Rows of people at a staging place, or without shelter in the corridor of a sector."""
    people, sectors = world.people, world.places.sectors
    if place >= sectors:
        return rows_where(people.free & (people.place == place - sectors))
    rough = (people.shelter == Shelter.NONE) & (people.corridor == world.places.corridor[place])
    return rows_where(people.free & rough)
