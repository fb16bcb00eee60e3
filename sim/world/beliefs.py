"""What people believe of groups and of the border: discounted counts of what those of their origin met."""

import numpy as np


class Beliefs:
    """Beta counts, shared by rumour.  Shapes: origins × groups × corridors, origins × corridors, groups × sectors."""

    def __init__(self, origins, groups, corridors, sectors, p):
        self.p = p
        self.trials = np.zeros((origins, groups, corridors))  # clients who attempted
        self.successes = np.zeros((origins, groups, corridors))
        self.own_trials = np.zeros((origins, corridors))  # people who attempted without a group
        self.own_successes = np.zeros((origins, corridors))
        self.engagements = np.zeros((origins, groups))  # clients who engaged
        self.abuses = np.zeros((origins, groups))  # people that group abducted
        self.sector_trials = np.zeros((groups, sectors))  # what a group's own guides saw
        self.sector_successes = np.zeros((groups, sectors))

    def _heard(self, counts):
        """Own origin's experience plus the share of others' that rumour carries."""
        rumour = self.p.migrants.rumour
        return (1 - rumour) * counts + rumour * counts.sum(axis=0, keepdims=True)

    def success(self):
        """Believed chance that an attempt with a group succeeds: origins × groups × corridors."""
        prior, weight = self.p.migrants.prior_success, self.p.migrants.prior_weight
        return (self._heard(self.successes) + prior * weight) / (self._heard(self.trials) + weight)

    def unaided(self):
        """Believed chance of an attempt without a group: origins × corridors."""
        prior, weight = self.p.migrants.prior_unaided, self.p.migrants.prior_weight
        return (self._heard(self.own_successes) + prior * weight) / (self._heard(self.own_trials) + weight)

    def abuse(self):
        """Believed abductions by a group per client it engages: origins × groups."""
        weight = self.p.migrants.prior_weight
        prior = self.p.migrants.prior_abuse
        return (self._heard(self.abuses) + prior * weight) / (self._heard(self.engagements) + weight)

    def sectors(self, owned_with):
        """Believed success by sector from the pooled experience of one owner's groups: groups × sectors.

        `owned_with` (groups × groups, bool): whose groups share one dispatcher.
        """
        prior, weight = self.p.migrants.prior_success, self.p.migrants.prior_weight
        share = owned_with.astype(float)
        return (share @ self.sector_successes + prior * weight) / (share @ self.sector_trials + weight)

    def fade(self):
        """A night's forgetting."""
        memory = self.p.migrants.memory
        for counts in vars(self).values():
            if isinstance(counts, np.ndarray):
                counts *= memory
