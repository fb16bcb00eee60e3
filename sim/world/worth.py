"""What a person present in the market is worth to an owner, and what owners lose when that person leaves it (M3).

Most attempts fail and most people try again, so a client across is a client gone.  With s_k the share of group k at a
choice event, x_k its expected profit on an engagement, a the chance of leaving for good per event and δ the discount of
an event, a person present is worth

    W_o = Σ_{k owned by o} s_k x_k / (1 − δ (1 − a))

to owner o, the value of a stream that ends with the client (a customer's lifetime value: Gupta et al. 2006, J. Serv.
Res. 9:139).  It is additive over groups: each keeps its part, a running mean (`sim/rules/worth.py`).  A person who is
still there at the next event is worth V_o = δ W_o; owners weigh that against whatever makes the person leave.
"""

import numpy as np

from sim.world.contracts import contract
from sim.world.derived import another_crossing, own_share, tax_per_crossing

FEWEST_EXITS = 0.01  # per choice event; keeps the worth finite where nobody leaves and δ = 1


def worth_per_event(demand, profit, events, exits, discount):
    """Part of each group in the worth of a person present (J,), EUR: (N x/E) / (1 − δ (1 − a)).

    demand (J,): engagements N in `events` choice events; profit (J,): EUR per engagement; exits: persons who left for
    good meanwhile, a = exits/events kept between `FEWEST_EXITS` and 1.
    """
    leaving = min(1.0, max(exits / events, FEWEST_EXITS))
    return demand * profit / events / (1 - discount * (1 - leaving))


def client_worth(world, decision) -> np.ndarray:
    """Worth W of a person present to the owner of each group's decision (J,), EUR; never below 0."""
    return np.maximum(world.ownership.matrix(decision) @ world.groups.client_worth, 0.0)


def worth_of_staying(world, decision) -> np.ndarray:
    """Worth V = δ W of a person who will choose once more, to the owner of each group's decision (J,), EUR."""
    return world.p.market.client_discount * client_worth(world, decision)


def absorbed(world) -> np.ndarray:
    """Chance e that a client who chooses a group never chooses again (J,)."""
    return contract(world).absorbed(world.returning, world.groups.success)


def absorbed_alone(world) -> float:
    """Chance e₀ that a person who tries alone never chooses again; success as all origins together believe it."""
    beliefs, p = world.beliefs, world.p.migrants
    success = ((beliefs.own_successes.sum() + p.prior_unaided * p.prior_weight)
               / (beliefs.own_trials.sum() + p.prior_weight))
    return 1 - world.returning * (1 - success)


def leaving_by_offer(by_offer, by_offer_alone, absorbed, absorbed_alone, by_offer_worth=0.0, response=0.0):
    """Persons lost per unit of each group's price or appeal (J,): B_j = Σ_k D_jk e_k + D_j0 e_0 − r U_j.

    They never choose again, leave, or stay away.  by_offer (J, J): ∂ engagements with k / ∂ price or utility of j;
    by_offer_alone (J,): of attempts alone; by_offer_worth (J,): U, ∂ worth of what is on offer, summed over choices, /
    ∂ the same; response: r, persons more who come or stay per unit of that sum.
    """
    return by_offer @ absorbed + by_offer_alone * absorbed_alone - response * by_offer_worth


def response(demand) -> float:
    """Persons more who stay or come, r, per unit of the worth of what is on offer summed over choices.

    Owners count the answer of arrivals to news at once, and do not count that those who come draw others.
    """
    return (demand.staying + demand.coming) / demand.events if demand.events else 0.0


def value_of_a_passage(world, decision) -> np.ndarray:
    """Value of one client's passage to each group's owner, averaged over the groups of that owner (J,), EUR, ≥ 0."""
    groups = world.groups
    value = contract(world).passage(
        groups.price * own_share(world), tax_per_crossing(world), world.p.market.retry_fee, world.returning,
        worth_of_staying(world, decision), another_crossing(world))
    weight = (world.ownership.matrix(decision) & groups.active) * np.maximum(groups.demand, 1e-9)
    return np.maximum((weight @ value) / weight.sum(axis=1).clip(1e-12), 0.0)
