"""M13 arrests: suspects after raids, crews where police are present (M22), and guides of parties that patrols stop.

Suspects are arrested per 100 found: two counters, never summed (F3).  Teams on a payroll spare their payer and arrest
some of its rivals besides (F27).
"""

import numpy as np

from sim.world import posts
from sim.world.calendar import MONTH
from sim.world.columns import rank_within, rows_where
from sim.world.derived import police_cover
from sim.world.draws import poisson_quantile, round_randomly


def arrest(world, found: int) -> None:
    """Police arrest suspects in proportion to the `found` persons and share them among groups; payers arrange more.

    A group's weight is members × exposure, reduced by the share of interior teams on its owner's payroll.
    """
    p, groups, t, draws = world.p.police, world.groups, world.t, world.draws
    joint = world.calendar.measures.sum(t, "joint_work").max()
    mean = found * p.suspects_per_found * p.joint_work_raids**joint
    suspects = int(poisson_quantile(draws.one("suspects", t), mean))
    weight = np.where(groups.active, groups.members * groups.exposure * spared(world), 0.0)
    taken = np.zeros(groups.n, int)
    if suspects and weight.sum() > 0:
        edges = np.cumsum(weight)
        u = draws.uniform("suspect's group", t, np.arange(suspects)) * edges[-1]
        taken = np.bincount(np.searchsorted(edges, u, side="right"), minlength=groups.n)
    taken = np.minimum(taken + arranged_arrests(world), groups.members)
    rifles = np.zeros(groups.n, int)
    if taken.any():
        rifles = remove_members(world, taken)
        lost = draws.uniform("leader taken", t, groups.id) < chance_of_leader(world, taken)
        world.leaders_taken += lost
        groups.disarray[lost] = world.p.gangs.leader_weakness
    crews = arrest_crews(world)
    world.pressure.prison_serbia += (taken + crews).sum()
    loss = (taken + crews) * worth_of_a_member(world) + rifles * world.p.gangs.rifle_price
    groups.raid_loss += (loss - groups.raid_loss) * p.raid_learning
    world.count("suspects_arrested", int((taken + crews).sum()))
    world.count("weapons_seized", int(rifles.sum()))


def spared(world) -> np.ndarray:
    """Factor of arrests by which the teams on its owner's payroll spare each group (J,)."""
    return 1 - world.p.police.payroll_effect * police_cover(world)


def arrest_crews(world) -> np.ndarray:
    """Presence arrests guides and drivers where they stand, h = 1 − e^(−a R_c × exposure × spared) a night (M22).

    Returns the number of persons of each group (J,).
    """
    groups, t = world.groups, world.t
    rate = world.p.police.presence_arrests * (groups.exposure * spared(world))[:, None] * world.presence
    caught = world.posts * -np.expm1(-rate)  # (J, C) share of the group's guides and drivers
    expected = posts.crew(groups)[:, None] * caught
    lost = np.zeros(groups.n, int)
    for r, role in enumerate(("guides", "drivers")):
        column = getattr(groups, role)
        out = np.minimum(round_randomly(column * caught.sum(axis=1),
                                        world.draws.uniform("crew arrested", t, groups.id, r)), column)
        column -= out.astype(column.dtype)
        lost += out
    posts.lose(world, world.posts - caught, expected, worth_of_a_member(world))
    return lost


def arranged_arrests(world) -> np.ndarray:
    """Members of each group (J,) whom teams on a payroll arrest tonight because they are rivals of the payer (F27)."""
    units, groups, draws, t = world.units, world.groups, world.draws, world.t
    paid = rows_where(units.interior & (units.payer >= 0))
    paid = paid[draws.uniform("rival arrested", t, units.id[paid]) < world.p.police.arranged_arrests / MONTH]
    rivals = ~world.ownership.matrix("bribe")[units.payer[paid]]
    edges = np.cumsum(rivals * groups.active * groups.members, axis=1)  # (teams, J)
    paid, edges = paid[edges[:, -1] > 0], edges[edges[:, -1] > 0]
    u = draws.uniform("rival's group", t, units.id[paid]) * edges[:, -1]
    return np.bincount((u[:, None] >= edges).sum(axis=1), minlength=groups.n)


def worth_of_a_member(world) -> np.ndarray:
    """What the arrest of one member costs each group (J,), EUR: a recruit, and half of the business at some odds.

    The arrested leads the group at some odds, and a group without its leader may divide (M15); a business is worth
    the profit of `gangs.entrant_horizon` nights, as to those who buy one.
    """
    g, business = world.p.gangs, np.maximum(world.groups.profit, 0.0) * world.p.gangs.entrant_horizon
    return g.hiring_cost + chance_of_leader(world, 1) * g.split_chance * 0.5 * business


def chance_of_leader(world, taken):
    """Chance that the leader is among so many arrested members of a group, each of whom stands for 1/scale persons."""
    return 1 - (1 - world.p.police.leader_share) ** (taken / world.p.scale)


def remove_members(world, taken) -> np.ndarray:
    """Arrested members (J,) leave their roles in proportion, with their share of rifles; returns rifles seized (J,)."""
    groups, t, draws = world.groups, world.t, world.draws
    members = np.maximum(groups.members, 1)
    rifles = np.minimum(round_randomly(groups.weapons * np.minimum(taken / members * world.p.police.seizure, 1.0),
                                       draws.uniform("rifles seized", t, groups.id)), groups.weapons)
    left = taken.copy()
    for r, role in enumerate(("fighters", "drivers", "fixers", "guides")):
        column = getattr(groups, role)
        out = round_randomly(taken * column / members, draws.uniform("role arrested", t, groups.id, r))
        out = np.minimum(np.minimum(out, column), left)
        column -= out.astype(column.dtype)
        left -= out
    groups.weapons -= rifles.astype(groups.weapons.dtype)
    return rifles


def arrest_guides(world, parties, crossing) -> None:
    """Guides of intercepted parties are arrested with a fixed probability and go to prison across the border."""
    stopped = rows_where(crossing.party_stopped & (parties.owner >= 0))
    caught = stopped[world.draws.uniform("guide caught", world.t, parties.key[stopped]) < world.p.police.guide_arrest]
    groups, corridors = world.groups, len(world.places.corridors)
    leader = parties.group[np.searchsorted(parties.party, caught)]
    order = leader.argsort(kind="stable")
    is_taken = rank_within(leader[order]) < groups.guides[leader[order]]  # no more than a group has
    caught, leader = caught[order][is_taken], leader[order][is_taken]
    there = np.bincount(leader * corridors + parties.corridor[caught], minlength=groups.n * corridors)
    there = there.reshape(groups.n, corridors)
    stay = np.maximum(world.posts * posts.crew(groups)[:, None] - there, 0.0)
    posts.lose(world, stay, there, worth_of_a_member(world))
    lost = there.sum(axis=1)
    groups.guides -= lost.astype(groups.guides.dtype)
    world.pressure.prison_hungary += lost.sum()
    world.count("guides_arrested", int(lost.sum()))
