"""The demand that owners observe between two reviews of prices: sums over choice events."""

import numpy as np


class Demand:
    """Sums over choice events since the last review; J = number of groups.

    demand    (J,)    expected engagements, Σ_i s_ij
    by_price  (J, J)  ∂ engagements with k / ∂ price of j, persons per EUR
    by_appeal (J, J)  ∂ engagements with k / ∂ utility of j, persons
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
