"""M3 price `best_response | learn | cost_plus | imitate`: owners set prices at a review.

On one engagement group j receives w_j times its price p_j, at a cost of c_j each, which includes taxes and scarcity
 (`sim/world/contracts.py`: on success w = q, the chance of success), so x_j = w_j (p_j − c_j).

best_response: what a person present is worth to an owner, W_o = Σ_{k owned} s_k x_k + δ (1 − a) W_o, is stationary in
the price of every group j that it owns where

    w_j N_j + Σ_{k owned} D_jk x_k − V_o (Σ_{all k} D_jk e_k + D_j0 e_0 − R U_j) = 0,

N engagements and D their derivatives in prices, of attempts alone with index 0, summed over the choice events since the
last review (`Demand`); V_o = δ W_o is what the owner loses when a person leaves for good and e the chance of that after
each choice (`sim/world/worth.py`); U is what choosers lose by a higher price and R how many persons then give up or do
not come.  At δ = 0 the owner's profit on one attempt is stationary.  Prices take a damped
step towards the solution (the markup iteration of Berry, Levinsohn and Pakes 1995 with their ownership matrix).  For
the plain logit with q = 1 and δ = 0 it gives p_j − c_j = 1/(α (1 − s_j)), and 1/(α s₀) for the owner of all groups.

learn: an owner knows its profit alone.  It posts all its prices off by a factor e^{h} or e^{−h} until the next review
and by the opposite factor until the next but one, and moves them in the direction of the higher profit.  All owners
probe at once, signs drawn (simultaneous perturbation: Spall 1992, IEEE Trans. Autom. Control 37:332); gains are
constant since the market moves.  An owner of several groups learns the level of its prices, not their differences.
cost_plus: p = (1 + m) c without scarcity, whatever demand does (Hall and Hitch 1939, Oxf. Econ. Pap. 2:12). imitate:
towards the mean price of the owner with the highest profit per group, with rare experiments (Vega-Redondo 1997,
Econometrica 65:375).  An owner of all groups has nobody to imitate.
"""

import numpy as np

from sim.world.contracts import contract
from sim.world.demand_system import best_markups
from sim.world.derived import crossing_cost, service_cost
from sim.world.ledger import CENTS
from sim.world.worth import absorbed, absorbed_alone, leaving_by_offer, response, worth_of_staying


def best_response(world) -> None:
    """Owners move their prices a damped step towards the best response; a group without demand keeps its price."""
    groups, demand = world.groups, world.demand
    considered = groups.active & (demand.demand > 1e-6) & (np.diag(demand.by_price) < 0)
    if not considered.any():
        return
    k = np.ix_(considered, considered)
    received = contract(world).received(groups.success[considered])
    leaving = leaving_by_offer(demand.by_price, demand.by_price_alone, absorbed(world), absorbed_alone(world),
                               demand.by_price_worth, response(demand))
    margins = best_markups(demand.demand[considered], demand.by_price[k], received, world.ownership.matrix("price")[k],
                           leaving[considered], worth_of_staying(world, "price")[considered])
    cost = crossing_cost(world)[considered] + groups.shadow_cost[considered]
    step_towards(world, considered, cost + margins / received)


def step_towards(world, which, target) -> None:
    """Prices of the groups in the mask `which` (J,) take a damped logarithmic step towards `target` (EUR, one each)."""
    p, groups = world.p.market, world.groups
    old = groups.price[which]
    gap = np.log(np.clip(target, p.price_floor, p.price_ceiling) / old)
    groups.price[which] = old * np.exp(np.clip(p.price_step * gap, -p.price_step_limit, p.price_step_limit))


def cost_plus(world) -> None:
    """Owners move their prices towards cost plus a fixed markup; fares for the ride are not set off against cost."""
    groups = world.groups
    own_cost = crossing_cost(world, service_cost(world)) - groups.stage_fees
    step_towards(world, groups.active, ((1 + world.p.market.markup) * own_cost + groups.stage_fees)[groups.active])


def ascent(above, below, probe, step, limit):
    """Logarithmic step of a price, step × elasticity of profit, at most `limit` in size.

    above, below: profit (EUR) with the price `probe` above and below, in logarithms.
    """
    scale = np.maximum((np.abs(above) + np.abs(below)) / 2, 1e-9)
    return np.clip(step * (above - below) / (2 * probe * scale), -limit, limit)


def learn(world) -> None:
    """Owners learn prices by trial: every other review is a step along the measured gradient and starts a new probe.

    The review in between changes the sign of the probe.
    """
    p, groups = world.p.market, world.groups
    profit = world.ownership.matrix("price") @ (world.demand.profit / CENTS)
    if (world.t // p.review_nights) % 2:
        turn(world, -2 * groups.probe)
        groups.probe, groups.probe_profit = -groups.probe, profit
        return
    probing = groups.active & (groups.probe != 0)
    step = np.zeros(groups.n)
    step[probing] = ascent(profit[probing], groups.probe_profit[probing], groups.probe[probing], p.learn_step,
                           p.price_step_limit)
    owners = np.arange(groups.n + world.organisations.n)
    up = (world.draws.uniform("price probe", world.t, owners) < 0.5)[world.ownership.owner["price"]]
    probe = np.where(groups.active, np.where(up, p.learn_probe, -p.learn_probe), 0.0)
    turn(world, step - groups.probe + probe)
    groups.probe = probe


def turn(world, by) -> None:
    """Multiply the prices of active groups by e^{by}, between floor and ceiling; `by` (J,)."""
    p, groups = world.p.market, world.groups
    price = np.clip(groups.price * np.exp(by), p.price_floor, p.price_ceiling)
    groups.price = np.where(groups.active, price, groups.price)


def imitate(world) -> None:
    """Owners imitate the mean price of the owner with the highest profit per group since the last review.

    Some groups experiment with another price.
    """
    p, groups, t = world.p.market, world.groups, world.t
    if not groups.active.any():
        return
    among = world.ownership.matrix("price") & groups.active
    members = np.maximum(among.sum(axis=1), 1)
    earned = np.where(groups.active, among @ world.demand.profit / members, -np.inf)
    model = among[int(np.argmax(earned))]
    target = np.exp(np.log(groups.price[model]).mean())
    step_towards(world, groups.active, np.full(groups.active.sum(), target))
    tries = world.draws.uniform("price experiment", t, groups.id) < p.imitate_trials
    change = p.imitate_size * (2 * world.draws.uniform("price experiment", t, groups.id, 1) - 1)
    turn(world, np.where(tries, change, 0.0))


def review_scarcity(world) -> None:
    """Owners update the shadow price of a place in a party, which is positive while clients are turned away.

    It takes a damped step towards `scarcity` (EUR) × the share of waiting clients turned away per night.
    """
    p, groups, demand = world.p.market, world.groups, world.demand
    asked = demand.served + demand.unserved
    turned_away = np.divide(demand.unserved, asked, out=np.zeros_like(asked), where=asked > 0)
    groups.shadow_cost += p.price_step * (p.scarcity * turned_away - groups.shadow_cost)


RULES = {"best_response": best_response, "learn": learn, "cost_plus": cost_plus, "imitate": imitate}
