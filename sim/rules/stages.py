"""M21 stages `1 | 3`: housing, crossing and onward transport sold by one owner, or each by its own.

A client of a group needs all three, so they are complements.  With one owner a journey has one markup.  With three
that set their fees at once, each takes its own best response and counts the others' as given (Cournot 1838, ch. 9):

    m_s = −N_j / (∂N_j/∂p_j) for each stage,   p_j = c_j + m_housing + m_crossing + m_onward

so an owner of all three asks less in total: for the logit 1/(α (1 − s)) instead of 3/(α (1 − s)).  What houses and
carriers cost is in the cost of an attempt either way; they differ in who takes a markup.  Houses and carriers take
the fees of their stages out of what clients pay the group; they are no groups and have no fighters.  Whoever has
come to decide a group's prices decides those of all its stages.
"""

import numpy as np


def one(world) -> None:
    """One owner sells the whole journey: nobody else takes a markup."""
    world.groups.stage_fees[:] = 0.0


def three(world) -> None:
    """A damped step of the fees that houses and carriers of each group take, unless they belong to who sets prices."""
    groups, demand = world.groups, world.demand
    slope = -np.diag(demand.by_price)
    considered = groups.active & (demand.demand > 1e-6) & (slope > 0)
    target = np.divide(2 * demand.demand, slope, out=groups.stage_fees.copy(), where=considered)
    target = np.where(owned_with_crossing(world), 0.0, np.minimum(target, world.p.market.price_ceiling))
    groups.stage_fees += world.p.market.price_step * (target - groups.stage_fees)


def owned_with_crossing(world) -> np.ndarray:
    """Groups whose stages and prices are decided by one organisation (J,)."""
    owner = world.ownership.owner
    return (owner["stages"] == owner["price"]) & (world.ownership.organisation("stages") >= 0)


RULES = {"1": one, "3": three}
