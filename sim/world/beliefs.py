"""Beliefs of people about groups and the border: discounted counts of the experience of their origin."""

import numpy as np

from sim.world.loops import compilable


@compilable
def believed(hits, tries, rumour, prior, weight):
    """Belief of each origin about X objects (O, X): the mean of a Beta distribution with prior mean and prior weight.

    hits, tries (O, X): discounted counts.  An origin counts its own experience and the share `rumour` of the others'.
    """
    def heard(counts):
        return (1 - rumour) * counts + rumour * sum(counts)

    return (heard(hits) + prior * weight) / (heard(tries) + weight)


@believed.loop("float64[:, ::1](float64[:, ::1], float64[:, ::1], float64, float64, float64)")
def believed_loop(hits, tries, rumour, prior, weight):
    belief = np.empty(hits.shape)
    for x in range(hits.shape[1]):
        all_hits = all_tries = 0.0
        for o in range(len(hits)):
            all_hits += hits[o, x]
            all_tries += tries[o, x]
        for o in range(len(hits)):
            heard_hits = (1 - rumour) * hits[o, x] + rumour * all_hits
            heard_tries = (1 - rumour) * tries[o, x] + rumour * all_tries
            belief[o, x] = (heard_hits + prior * weight) / (heard_tries + weight)
    return belief


class Beliefs:
    """Discounted Beta counts, shared by rumour.

    Shapes: (origins, groups, corridors), (origins, corridors), (origins, groups) and (groups, sectors).
    """

    def __init__(self, origins, groups, corridors, sectors, p):
        self.p = p
        self.trials = np.zeros((origins, groups, corridors))  # clients who attempted
        self.successes = np.zeros((origins, groups, corridors))
        self.own_trials = np.zeros((origins, corridors))  # people who attempted without a group
        self.own_successes = np.zeros((origins, corridors))
        self.engagements = np.zeros((origins, groups))  # clients who engaged
        self.abuses = np.zeros((origins, groups))  # people whom the group abducted
        self.sector_trials = np.zeros((groups, sectors))  # what a group's own guides saw
        self.sector_successes = np.zeros((groups, sectors))

    def _believed(self, hits, tries, prior):
        p, flat = self.p.migrants, (len(hits), -1)
        return believed(hits.reshape(flat), tries.reshape(flat), p.rumour, prior, p.prior_weight).reshape(hits.shape)

    def success(self):
        """Believed probability that an attempt with a group succeeds (origins, groups, corridors)."""
        return self._believed(self.successes, self.trials, self.p.migrants.prior_success)

    def unaided(self):
        """Believed probability that an attempt without a group succeeds (origins, corridors)."""
        return self._believed(self.own_successes, self.own_trials, self.p.migrants.prior_unaided)

    def abuse(self):
        """Believed number of abductions by a group per client whom it engages (origins, groups)."""
        return self._believed(self.abuses, self.engagements, self.p.migrants.prior_abuse)

    def sectors(self, owned_with):
        """Believed success by sector, from the pooled experience of groups with the same owner (groups, sectors).

        owned_with (groups, groups): ownership matrix of dispatch.
        """
        prior, weight = self.p.migrants.prior_success, self.p.migrants.prior_weight
        share = owned_with.astype(float)
        return (share @ self.sector_successes + prior * weight) / (share @ self.sector_trials + weight)

    def forget(self, group):
        """Set all counts about a group, and its own by sector, to zero."""
        for name in ("trials", "successes", "engagements", "abuses"):
            getattr(self, name)[:, group] = 0.0
        self.sector_trials[group] = self.sector_successes[group] = 0.0

    def teach(self, group, by):
        """Give a group the counts by sector of the group `by`."""
        for counts in (self.sector_trials, self.sector_successes):
            counts[group] = counts[by]

    def fade(self):
        """Discount all counts by one night's `memory`."""
        memory = self.p.migrants.memory
        for counts in vars(self).values():
            if isinstance(counts, np.ndarray):
                counts *= memory
