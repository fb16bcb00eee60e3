"""M16 learning: beliefs as discounted Beta counts by origin and group, shared by rumour; success rates; trust.

Belief = (heard successes + prior) / (heard trials + weight), counts fading by `memory` a night.
"""

import numpy as np

from sim.world.loops import compilable


def learn(world, parties, crossing) -> None:
    """People and owners learn from the outcomes of tonight's attempts.

    Rows of people are unchanged since dusk, because people leave the table at dawn.
    """
    beliefs, groups, p = world.beliefs, world.groups, world.p
    origins, corridors = world.people.origin[parties.rows].astype(int), parties.corridor[parties.party]
    beliefs.fade()
    take_in(origins, corridors, parties.group, parties.sector[parties.party], crossing.crossed, beliefs.trials,
            beliefs.successes, beliefs.sector_trials, beliefs.sector_successes, beliefs.own_trials,
            beliefs.own_successes)
    weight = p.migrants.prior_weight
    groups.success = ((beliefs.sector_successes.sum(axis=1) + weight * p.migrants.prior_success)
                      / (beliefs.sector_trials.sum(axis=1) + weight))
    people = world.people
    people.trust += p.migrants.trust_recovery * (p.migrants.trust - people.trust)


@compilable
def take_in(origins, corridors, groups, sectors, crossed, trials, successes, sector_trials, sector_successes,
            own_trials, own_successes):
    """Add attempts and successes to the counts by origin and group, by group and sector, and by origin if unaided."""
    aided, alone = groups >= 0, groups < 0
    for who, tries, hits, keys in ((aided, trials, successes, (origins, groups, corridors)),
                                   (aided, sector_trials, sector_successes, (groups, sectors)),
                                   (alone, own_trials, own_successes, (origins, corridors))):
        at = tuple(key[who] for key in keys)
        np.add.at(tries, at, 1.0)
        np.add.at(hits, at, crossed[who].astype(float))


@take_in.loop("void(int64[::1], int64[::1], int64[::1], int64[::1], boolean[::1], float64[:, :, ::1], "
              "float64[:, :, ::1], float64[:, ::1], float64[:, ::1], float64[:, ::1], float64[:, ::1])")
def take_in_loop(origins, corridors, groups, sectors, crossed, trials, successes, sector_trials, sector_successes,
                 own_trials, own_successes):
    for k in range(groups.size):
        o, j, c, across = origins[k], groups[k], corridors[k], 1.0 if crossed[k] else 0.0
        if j < 0:
            own_trials[o, c] += 1.0
            own_successes[o, c] += across
        else:
            trials[o, j, c] += 1.0
            successes[o, j, c] += across
            sector_trials[j, sectors[k]] += 1.0
            sector_successes[j, sectors[k]] += across


RULES = {"discounted_counts": learn}
