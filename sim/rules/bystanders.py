"""M12 bystanders: people on the move near a clash may be hurt or killed (F31)."""

import numpy as np

from sim.draws import round_randomly
from sim.world.people import Shelter, Status


def hit(world) -> np.ndarray:
    """Casualties of tonight's clashes among people nearby; returns rows of the dead."""
    p, people, t, draws = world.p.gangs, world.people, world.t, world.draws
    dead = []
    for pair, place in world.bystanders:
        near = people_near(world, place)
        near = near[np.argsort(draws.uniform("bystander", t, people.id[near], pair))]
        killed = int(round_randomly(p.bystander_deaths, draws.one("bystander deaths", t, pair)))
        hurt = int(round_randomly(p.bystander_injuries, draws.one("bystander injuries", t, pair)))
        dead.append(near[:killed])
        people.status[near[:killed]] = Status.DEAD
        world.count("deaths_clashes", min(killed, len(near)))
        world.count("injuries_clashes", min(hurt, max(len(near) - killed, 0)))
        world.pressure.heat += world.p.police.heat_death * min(killed, len(near))
    world.bystanders.clear()
    return np.concatenate(dead) if dead else np.zeros(0, int)


def people_near(world, place) -> np.ndarray:
    """Rows of people at a staging place, or resting rough in a sector's corridor."""
    people, sectors = world.people, world.places.sectors
    free = (people.status == Status.WAITING) | (people.status == Status.RESTING)
    if place >= sectors:
        return np.flatnonzero(free & (people.place == place - sectors))
    rough = (people.shelter == Shelter.NONE) & (people.corridor == world.places.corridor[place])
    return np.flatnonzero(free & rough)
