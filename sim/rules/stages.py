"""M21 stages `1 | 3`: one owner sells housing, crossing and onward transport, or a separate owner sells each stage.

A client needs all three stages, so they are complements.  With one owner (vertical integration) a journey has one
markup.  With three owners that set their fees simultaneously, each best response takes the others' fees as given
(complementary monopoly, Cournot 1838, ch. 9):

    m_s = −N_j / (∂N_j/∂p_j) for each stage,   p_j = c_j + m_housing + m_crossing + m_onward

so an owner of all three stages charges less in total: for the logit 1/(α (1 − s)) instead of 3/(α (1 − s)).  What
houses and carriers cost is in the cost of an attempt either way; the alternatives differ in who charges a markup.
Houses and carriers take the fees of their stages from the price that clients pay the group; they are not groups and
have no fighters.  An organisation that decides a group's prices decides those of all its stages.
"""

import numpy as np


def one(world) -> None:
    """One owner sells the whole journey, so that there is a single markup (vertical integration)."""
    world.groups.stage_fees[:] = 0.0


def three(world) -> None:
    """Independent houses and carriers move their fees a damped step towards their best responses."""
    groups, demand = world.groups, world.demand
    slope = -np.diag(demand.by_price)
    considered = groups.active & (demand.demand > 1e-6) & (slope > 0)
    target = np.divide(2 * demand.demand, slope, out=groups.stage_fees.copy(), where=considered)
    target = np.where(owned_with_crossing(world), 0.0, np.minimum(target, world.p.market.price_ceiling))
    groups.stage_fees += world.p.market.price_step * (target - groups.stage_fees)


def owned_with_crossing(world) -> np.ndarray:
    """Mask of groups whose stages and prices are decided by the same organisation (J,)."""
    owner = world.ownership.owner
    return (owner["stages"] == owner["price"]) & (world.ownership.organisation("stages") >= 0)


RULES = {"1": one, "3": three}
