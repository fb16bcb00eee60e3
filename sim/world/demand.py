"""The demand that owners observe between two reviews of prices, as sums over choice events."""

import numpy as np


class Demand:
    """Sums over all choices since the last review, for J groups.

    nights            number of nights summed over
    demand    (J,)    expected engagements, Σ_i s_ij
    by_price  (J, J)  derivative of engagements with group k with respect to the price of j, persons per EUR
    by_appeal (J, J)  derivative of engagements with group k with respect to the utility of j, persons
    served, unserved (J,)  client-nights dispatched and turned away
    profit    (J,)    profit since the last review, cents
    """

    def __init__(self, groups: int):
        self.clear(groups)

    def clear(self, groups: int) -> None:
        """Set all sums to zero."""
        self.nights = 0
        self.demand = np.zeros(groups)
        self.by_price = np.zeros((groups, groups))
        self.by_appeal = np.zeros((groups, groups))
        self.served = np.zeros(groups)
        self.unserved = np.zeros(groups)
        self.profit = np.zeros(groups, np.int64)
