"""M22 relocation: owners move guides and drivers to the corridors where they earn more.

    da_jc = μ a_jc (π_oc − Σ_c a_jc π_oc) / Σ_c a_jc |π_oc|,      π_oc = Σ E_jc / Σ a_jc m_j

a_jc is the share of the m_j guides and drivers of group j that stands at corridor c, E_jc the running mean of what its
clients there bring less costs and arrests, and the sums in π run over the groups whose dispatch the owner decides.
This is the replicator equation (Taylor and Jonker 1978, Math. Biosci. 40:145) on average products, at rest where they
are equal; scaled in this way it moves at most the share μ of a group in a night.
"""

import numpy as np

from sim.world.ledger import cents
from sim.world.posts import crew, with_floor


def relocate(world) -> None:
    """Guides and drivers of active groups move between corridors as far as their group can pay for it."""
    p, groups, posts = world.p.gangs, world.groups, world.posts
    pay = earned_by_each(world)
    mean, size = (posts * pay).sum(axis=1, keepdims=True), (posts * np.abs(pay)).sum(axis=1, keepdims=True)
    gain = np.divide(pay - mean, size, out=np.zeros_like(pay), where=size > 0)
    wanted = np.where(groups.active[:, None], with_floor(posts * (1 + p.relocation * gain), p.post_floor), posts)
    # Rounded so that sums in another order give the same cents: shares are often such that half a cent is due.
    moved = np.round(0.5 * np.abs(wanted - posts).sum(axis=1) * p.stationed * crew(groups), 9)  # persons
    due = cents(moved * p.relocation_cost)
    paid = world.books.groups_pay(due, "operating")
    done = np.divide(paid, due, out=np.ones(groups.n), where=due > 0)
    world.posts = posts + (wanted - posts) * done[:, None]
    world.count("relocated", float((moved * done).sum()))


def earned_by_each(world) -> np.ndarray:
    """What a guide or driver at each corridor earns the owner of each group's dispatch (J, C), EUR a night."""
    groups = world.groups
    together = world.ownership.matrix("dispatch") * groups.active  # (J, J)
    there = together @ (world.posts * crew(groups)[:, None])
    return np.divide(together @ world.earnings, there, out=np.zeros_like(world.posts), where=there > 0)
