"""Beliefs about groups and the border: Beta distributions from discounted counts of experience, pooled by origin."""

import numpy as np

from sim.world.loops import compilable


@compilable
def believed(successes, trials, rumour, prior, weight):
    """Belief of each of O origins about X objects (O, X): the posterior mean of a Beta distribution.

    successes, trials (O, X): discounted counts.  `prior` is the prior mean, and `weight` is the number of trials that
    the prior is worth.  People count the experience of their own origin in full and that of every other origin with
    the share `rumour`.
    """
    def heard(counts):
        return (1 - rumour) * counts + rumour * sum(counts)

    return (heard(successes) + prior * weight) / (heard(trials) + weight)


@believed.loop("float64[:, ::1](float64[:, ::1], float64[:, ::1], float64, float64, float64)")
def believed_loop(successes, trials, rumour, prior, weight):
    belief = np.empty(successes.shape)
    for x in range(successes.shape[1]):
        all_successes = all_trials = 0.0
        for origin in range(len(successes)):
            all_successes += successes[origin, x]
            all_trials += trials[origin, x]
        for origin in range(len(successes)):
            heard_successes = (1 - rumour) * successes[origin, x] + rumour * all_successes
            heard_trials = (1 - rumour) * trials[origin, x] + rumour * all_trials
            belief[origin, x] = (heard_successes + prior * weight) / (heard_trials + weight)
    return belief


class Beliefs:
    """Discounted counts of trials and successes; people share theirs by rumour, guides share theirs by owner.

    Shapes: trials and successes (origins, groups, corridors), own_* (origins, corridors), engagements and abuses
    (origins, groups), sector_* (groups, sectors).
    """

    def __init__(self, origins, groups, corridors, sectors, p):
        self.p = p
        self.trials = np.zeros((origins, groups, corridors))  # attempts of clients
        self.successes = np.zeros((origins, groups, corridors))
        self.own_trials = np.zeros((origins, corridors))  # attempts without a group
        self.own_successes = np.zeros((origins, corridors))
        self.engagements = np.zeros((origins, groups))  # engagements
        self.abuses = np.zeros((origins, groups))  # abductions by the group
        self.sector_trials = np.zeros((groups, sectors))  # attempts led by a group's own guides
        self.sector_successes = np.zeros((groups, sectors))

    def _believed(self, successes, trials, prior):
        """`believed` for counts of any shape whose first axis is the origin."""
        p, flat = self.p.migrants, (len(successes), -1)
        belief = believed(successes.reshape(flat), trials.reshape(flat), p.rumour, prior, p.prior_weight)
        return belief.reshape(successes.shape)

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

    def fade(self):
        """Discount all counts by one night: multiply them by `migrants.memory`."""
        memory = self.p.migrants.memory
        for counts in vars(self).values():
            if isinstance(counts, np.ndarray):
                counts *= memory
