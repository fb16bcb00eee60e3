"""One night on the border, dusk to dawn: read this first.

The order of calls is the model's schedule.  Everyone decides on the state at dusk; each attempt is settled by one
draw; money moves in `sim/world/ledger.py` only.  Every stage is one of the alternatives named in `rules.*` of the
configuration; `world` is everything that lasts, local names are what lives for this night alone.
"""

from types import SimpleNamespace

import numpy as np

from sim.registry import extensions
from sim.rules import (
    arms,
    arrivals,
    bribes,
    bystanders,
    choice,
    decoys,
    dispatch,
    extortion,
    interception,
    learning,
    payment,
    police,
    price,
    protection,
    pushback,
    shelter,
    staffing,
    stages,
    structure,
    turf,
)
from sim.world.patrols import patrols_by_sector

# configuration key under `rules`: alternatives by name
ALTERNATIVES = {
    "arrivals": arrivals.RULES, "shelter": shelter.RULES, "price": price.RULES, "choice": choice.RULES,
    "dispatch": dispatch.RULES, "decoys": decoys.RULES, "interception": interception.RULES,
    "pushback": pushback.RULES, "payment": payment.RULES, "bribes": bribes.RULES, "extortion": extortion.RULES,
    "turf": turf.RULES, "police": police.RULES, "structure": structure.RULES, "learning": learning.RULES,
    "staffing": staffing.RULES, "arms": arms.RULES, "stages": stages.RULES,
}


def chosen_rules(p) -> SimpleNamespace:
    """The rules named in the configuration: ours, or those of other packages (`sim.registry.extensions`)."""
    def rule(key, name):
        return ALTERNATIVES[key].get(name) or extensions.load("rules", f"{key}.{name}")

    return SimpleNamespace(**{key: rule(key, getattr(p.rules, key)) for key in ALTERNATIVES})


def one_night(world, rules) -> None:
    """Everything that happens between one dusk and the next."""
    world.books.open_night()
    world.tally = {}

    # who is here, and where they sleep
    rules.arrivals(world)
    police.return_moved(world)
    freed = extortion.release(world)
    left = choice.leave(world)
    gone = [freed, left]
    rules.shelter(world)

    # owners review what they ask and offer, from the demand they have seen
    if world.t % world.p.market.review_nights == 0:
        price.review_scarcity(world)
        rules.stages(world)
        rules.price(world)
        extortion.review_restraint(world)
        rules.bribes(world)
        turf.decide_war(world)
        world.demand.clear(world.groups.n)

    # people choose; parties leave; patrols meet some of them
    rules.payment.renew(world)
    rules.choice(world)
    parties = rules.dispatch(world)
    rules.payment.in_advance(world, parties)
    bribes.retain(world)
    patrols = rules.decoys(world, parties, patrols_by_sector(world))
    crossing = rules.interception(world, parties, patrols)

    # what came of it, and who pays
    origins, corridors = world.people.origin[parties.rows].astype(int), parties.corridor[parties.party]
    gone.append(rules.pushback(world, parties, crossing))
    gone.append(rules.payment.on_return(world, parties, crossing))
    rules.extortion(world)

    # groups hold and fight for turf; police answer
    rules.turf(world)
    gone.append(bystanders.hit(world))
    bribes.rotate(world)
    bribes.payroll(world)
    rules.police(world, parties, crossing)
    protection.charge(world)

    # members, money and owners; what everyone makes of the night
    rules.staffing(world, turf.desired_effort(world).sum(axis=1))
    rules.arms(world)
    rules.structure(world)
    rules.learning(world, parties, crossing, origins, corridors)
    world.finished = np.concatenate(gone)
