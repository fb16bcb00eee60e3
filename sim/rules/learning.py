"""M16 learning: discounted Beta counts per origin and group, shared by rumour; owners' running means; trust.

Belief = (heard successes + prior) / (heard trials + weight), counts fading by `memory` a night.
"""

import numpy as np


def learn(world, parties, crossing, origins, corridors) -> None:
    """Take in tonight's outcomes.  `origins`, `corridors`: of each person on the way, read before anyone left."""
    beliefs, groups, p = world.beliefs, world.groups, world.p
    beliefs.fade()
    aided = parties.group >= 0
    origin, group, corridor = origins[aided], parties.group[aided], corridors[aided]
    sector, across = parties.sector[parties.party[aided]], crossing.crossed[aided].astype(float)
    np.add.at(beliefs.trials, (origin, group, corridor), 1.0)
    np.add.at(beliefs.successes, (origin, group, corridor), across)
    np.add.at(beliefs.sector_trials, (group, sector), 1.0)
    np.add.at(beliefs.sector_successes, (group, sector), across)
    alone = ~aided
    np.add.at(beliefs.own_trials, (origins[alone], corridors[alone]), 1.0)
    np.add.at(beliefs.own_successes, (origins[alone], corridors[alone]), crossing.crossed[alone].astype(float))
    weight = p.migrants.prior_weight
    groups.success = ((beliefs.sector_successes.sum(axis=1) + weight * p.migrants.prior_success)
                      / (beliefs.sector_trials.sum(axis=1) + weight))
    people = world.people
    people.trust += p.migrants.trust_recovery * (p.migrants.trust - people.trust)


RULES = {"discounted_counts": learn}
