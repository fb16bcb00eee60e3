"""M3 price: owners better their prices on their own profit over the clients they saw.

A client of group j makes one attempt and pays p_j on success, f on failure, at cost k per attempt, so the margin of
an engagement is x_j = q_j (p_j − c_j) with cost per crossing c_j = (k − (1 − q_j) f) / q_j + taxes + scarcity.
An owner's profit Σ_{k owned} N_k x_k is stationary where, for every group j it owns,

    q_j N_j + Σ_{k owned} (∂N_k/∂p_j) x_k = 0,

N and its derivatives summed over the choice events since the last review (`Demand`).  Prices take a damped step
towards the solution (the markup iteration of Berry, Levinsohn and Pakes 1995 with their ownership matrix).  For the
plain logit with q = 1 it gives p_j − c_j = 1/(α (1 − s_j)), and 1/(α s₀) for the owner of all groups.
"""

import numpy as np

from sim.world.readings import crossing_cost


def best_markups(demand, by_price, success, together):
    """Margins per engagement x (J,) that solve the owners' first-order conditions at the demand observed.

    demand (J,); by_price (J, J) = ∂N_k/∂p_j in row j; success (J,); together (J, J) bool.
    """
    return np.linalg.solve(np.where(together, by_price, 0.0), -success * demand)


def best_response(world) -> None:
    """One damped step of every price; groups nobody considered keep theirs."""
    p, groups, demand = world.p.market, world.groups, world.demand
    considered = groups.active & (demand.demand > 1e-6) & (np.diag(demand.by_price) < 0)
    if not considered.any():
        return
    k = np.ix_(considered, considered)
    q = groups.success[considered]
    margins = best_markups(demand.demand[considered], demand.by_price[k], q, world.ownership.together("price")[k])
    cost = crossing_cost(world)[considered] + groups.shadow_cost[considered]
    target = np.clip(cost + margins / q, p.price_floor, p.price_ceiling)
    old = groups.price[considered]
    step = np.clip(p.price_step * np.log(target / old), -p.price_step_limit, p.price_step_limit)
    groups.price[considered] = old * np.exp(step)


def review_scarcity(world) -> None:
    """A place in tonight's parties has a shadow price while clients are turned away.

    It moves, damped as prices are, towards `scarcity` × the share of waiting clients turned away a night.
    """
    p, groups, demand = world.p.market, world.groups, world.demand
    asked = demand.served + demand.unserved
    turned_away = np.divide(demand.unserved, asked, out=np.zeros_like(asked), where=asked > 0)
    groups.shadow_cost += p.price_step * (p.scarcity * turned_away - groups.shadow_cost)


RULES = {"best_response": best_response}
