"""M15 bargain: what an organisation with certain groups is worth, and how it compensates those who would lose.

An offer compares the organisation as it would be with the groups it asks with the same organisation without them: with
prices at rest in both cases, so that outside a group enjoys the organisation's prices (the free ride), peace inside,
central costs and transfers.  It can be accepted where the joint surplus is positive.  A group that would lose is then
paid a lump sum which leaves it an equal part of the surplus (the bargaining solution of Nash 1950, Econometrica 18:155,
with side payments), as far as the organisation has the money.
"""

from typing import NamedTuple

import numpy as np

from sim.world.control import central_costs, decisions_taken, membership
from sim.world.expectations import expected_profits
from sim.world.ledger import CENTS

LEAST = 0.01  # EUR a night: a smaller surplus is rounding


class Offer(NamedTuple):
    """What changes, in EUR a night, if an organisation controls the groups that it asks."""

    organisation: int
    asked: np.ndarray  # (A,) rows of groups
    gains: np.ndarray  # (A,) of the groups asked, after transfers
    organisation_gains: float  # of the groups that it already has, and transfers

    @property
    def surplus(self) -> float:
        """The gain of all together."""
        return float(self.gains.sum() + self.organisation_gains)


def make_offer(world, organisation: int, asked) -> Offer:
    """The offer of an organisation to groups in the rows `asked`, or, for its own groups, the offer to stay."""
    groups, p = world.groups, world.p.organisation
    asked = np.asarray(asked)
    joining = np.isin(np.arange(groups.n), asked)
    inside = (membership(world.ownership) == organisation) & ~joining
    ours = inside | joining
    apart = expected_profits(world, same_owner(world, asked, asked))
    united = expected_profits(world, same_owner(world, asked, groups.n + organisation))
    kept = np.full(groups.n, 1 - p.administration * central_costs(world.p))  # of receipts, by a member
    change = united.profit - apart.profit - (1 - kept) * (united.receipts - inside * apart.receipts)
    change += spared(world, joining, inside)
    change -= joining * central_costs(world.p) * (p.exposure - 1) * groups.raid_loss
    transfers = transfers_due(world, organisation, change, united.crossings)[asked]
    return Offer(organisation, asked, change[asked] - transfers,
                 float(change[ours & ~joining].sum() + transfers.sum()))


def same_owner(world, asked, owner) -> np.ndarray:
    """Which prices would have the same owner (J, J), with `owner` for those of the groups `asked`.

    owner: a number, or one for each.  With an organisation that does not take over prices nothing changes.
    """
    owners = world.ownership.owner["price"].copy()
    if "price" in decisions_taken(world.p):
        owners[asked] = owner
    return owners[:, None] == owners[None, :]


def spared(world, joining, inside) -> np.ndarray:
    """EUR a night that peace saves each group (J,), and that those who join expect from protection.

    joining, inside (J,): masks of the groups asked and of the organisation's other groups.  A group saves its fighters'
    pay and its losses in proportion to the part of its rivals, as it meets them, that cease to be rivals.
    """
    p, groups = world.p, world.groups
    if "conflict" not in decisions_taken(p):
        return np.zeros(groups.n)
    ours = joining | inside
    new = (joining[:, None] & ours[None, :]) | (inside[:, None] & joining[None, :])
    fewer_rivals = share_ended(world, new, at_peace=p.gangs.deterrence, within=0.0)
    fewer_fights = share_ended(world, new, at_peace=p.gangs.truce_leakage, within=p.organisation.leakage)
    losses = groups.losses * (1 - p.gangs.loss_memory) * p.gangs.hiring_cost
    protected = p.organisation.protection * (1 - fewer_fights) * losses * joining
    return fewer_rivals * groups.fighters * p.gangs.fighter_wage + fewer_fights * losses + protected


def share_ended(world, new, at_peace, within) -> np.ndarray:
    """Share of each group's meetings with fighters of others that ends if the pairs `new` (J, J) get one owner (J,).

    A pair meets in proportion to the fighters of both at a place; meetings weigh 1 at war, `at_peace` at peace and
    `within` under one owner.
    """
    together = world.ownership.matrix("conflict") & ~new
    weight = np.where(world.war, 1.0, np.where(together, within, at_peace))
    meetings = (world.efforts / np.maximum(world.efforts.sum(axis=0), 1e-12)) @ world.efforts.T
    np.fill_diagonal(meetings, 0.0)
    ended = (meetings * new * (weight - within)).sum(axis=1)
    before = (meetings * weight).sum(axis=1)
    return np.divide(np.maximum(ended, 0.0), before, out=np.zeros(len(before)), where=before > 0)


def transfers_due(world, organisation, change, crossings) -> np.ndarray:
    """EUR a night that each group would owe an organisation (J,), whose profit changes by `change` (J,) if it joins."""
    groups, owner = world.groups, world.groups.n + organisation
    if "transfer" not in decisions_taken(world.p):
        return np.zeros(groups.n)
    member = membership(world.ownership) == organisation
    profit = groups.profit + np.where(member, 0.0, change)
    return (world.terms["skim"][owner] * np.maximum(profit, 0) + world.terms["head_tax"][owner] * crossings
            + world.terms["tribute"][owner])


def found(world, organisation, group, candidates) -> Offer | None:
    """The offer to `group` and as many of the `candidates` (J, bool) as it takes for a surplus; None if all do not do.

    They are added in the order of the surplus that each alone would have with `group`.
    """
    others = [k for k in np.flatnonzero(candidates) if k != group]
    pairs = [make_offer(world, organisation, [group, k]).surplus for k in others]
    order = [others[i] for i in np.argsort(np.negative(pairs), kind="stable")]
    offers = (make_offer(world, organisation, [group, *order[:number]]) for number in range(1, len(order) + 1))
    return next((offer for offer in offers if offer.surplus > LEAST), None)


def lump_sums(world, offer) -> np.ndarray | None:
    """Cents that the organisation pays each group asked (A,) so that all gain; None if that cannot be."""
    horizon, money = world.p.gangs.entrant_horizon, world.organisations
    if offer.surplus <= LEAST:
        return None
    means = int(money.treasury[offer.organisation] + money.backing[offer.organisation])
    equal = offer.surplus / (1 + len(offer.asked))
    for part in (equal, 0.0):  # an equal part of the surplus, or just enough
        due = np.where(offer.gains < 0, horizon * (part - offer.gains), 0.0)
        cents = np.ceil(due * CENTS).astype(np.int64)
        if cents.sum() <= means and due.sum() <= horizon * offer.organisation_gains + LEAST:
            return cents
    return None


def settle(world, offer) -> bool:
    """Pay the lump sums of an offer and bind the groups that are paid; returns whether the offer is accepted."""
    paid = lump_sums(world, offer)
    if paid is None:
        return False
    due = np.zeros(world.groups.n, np.int64)
    due[offer.asked] = paid
    world.books.pay_joining(offer.organisation, due)
    bound = world.t + round(world.p.gangs.entrant_horizon)
    world.groups.bound_until[offer.asked[paid > 0]] = bound
    return True
