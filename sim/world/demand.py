"""The demand that owners observe between two reviews of prices, as sums over choice events."""

import numpy as np


class Demand:
    """Sums since the last review; J = number of groups.

    nights    nights played
    exits     persons who left the system for good; counted when owners review
    events    choice events: people who chose, each time that they did
    demand    (J,)    expected engagements, Σ_i s_ij
    alone     expected choices to try alone, Σ_i s_i0
    by_price  (J, J)  ∂ engagements with k / ∂ price of j, persons per EUR
    by_appeal (J, J)  ∂ engagements with k / ∂ utility of j, persons
    by_price_alone, by_appeal_alone (J,)  the same of attempts alone
    by_price_worth (J,)  ∂ summed worth of what is on offer at choices / ∂ price of j, utility per EUR (negative)
    staying, coming  ∂ persons who stay, who come / ∂ worth of staying of all, persons per unit of utility
    arrivals  persons whom the season and the answer to news sent, expected
    stopped, returned  people intercepted, and those of them who were pushed back alive
    served, unserved (J,)  client-nights dispatched and turned away
    profit    (J,)    profit since the last review, cents
    """

    def __init__(self, groups: int):
        self.exited_before = 0  # persons who had left the system for good at the last review
        self.clear(groups)

    def clear(self, groups: int) -> None:
        """Set all sums to zero."""
        self.nights = self.exits = 0
        self.events = 0
        self.alone = 0.0
        self.stopped = self.returned = 0
        self.staying = self.coming = self.arrivals = 0.0
        self.demand = np.zeros(groups)
        self.by_price = np.zeros((groups, groups))
        self.by_appeal = np.zeros((groups, groups))
        self.by_price_alone = np.zeros(groups)
        self.by_appeal_alone = np.zeros(groups)
        self.by_price_worth = np.zeros(groups)
        self.served = np.zeros(groups)
        self.unserved = np.zeros(groups)
        self.profit = np.zeros(groups, np.int64)

    def forget(self, group: int) -> None:
        """Set a group's own sums to zero, in its row and its column."""
        for sums in (self.demand, self.by_price, self.by_appeal, self.by_price_alone, self.by_appeal_alone,
                     self.by_price_worth, self.served, self.unserved, self.profit):
            sums[group] = 0
            if sums.ndim == 2:
                sums[:, group] = 0
