"""M13 police and M14 violence against officers.

Heat rises with reported clashes, deaths and attacks and decays; above a threshold an operation starts (F28), ramps up,
lasts a number of nights, goes on for some more while heat stays above the threshold (F6, F13), and cannot start again
during a gap.  A crackdown is an operation imposed from a
date on, with more patrols at chosen corridors.  An operation finds people outside camps and moves them south; they are
back in about a night, for money (F26, F38).  Suspects are arrested per 100 found: two counters, never summed (F3).
Teams on a payroll spare their payer and arrest some of its rivals besides (F27).
Patrols drift to sectors where more was intercepted, with a floor in each.  Two prison stocks, releases, one dated mass
release (F15).  Attacks on officers have a baseline and rise in operations with arms and militancy (F13).
"""

from typing import NamedTuple

import numpy as np

from sim.world.calendar import MONTH
from sim.world.columns import rows_where
from sim.world.derived import police_cover
from sim.world.draws import poisson_quantile, round_randomly
from sim.world.ledger import cents
from sim.world.patrols import patrols_by_corridor
from sim.world.people import Shelter, Status


class Police(NamedTuple):
    """The two moments of a night at which police act, apart from the patrols at the fence."""

    return_moved: object  # (world): people who were moved south come back
    act: object  # (world, parties, crossing): operations, arrests, deployment, prisons


def act(world, parties, crossing) -> None:
    """Police run operations, arrest suspects and guides, suffer attacks and redeploy their patrols."""
    run_operation(world)
    share = find_and_move(world)
    arrest(world, share)
    arrest_guides(world, parties, crossing)
    attacks_on_officers(world)
    redeploy(world, parties, crossing)
    prisons(world)
    charge_state(world)


def run_operation(world) -> None:
    """Operations start when heat reaches its threshold or on dates of the calendar, and end; heat decays.

    A crackdown is an operation on each of its nights, independent of heat.
    """
    p, state, t, calendar = world.p.police, world.pressure, world.t, world.calendar
    over = state.in_operation and (t - 1 in calendar.crackdown or has_lasted(world))
    if over and t not in calendar.crackdown:
        state.operation_since, state.last_operation_end = None, t
    rested = t - state.last_operation_end >= p.operation_gap
    called = rested and state.heat >= p.heat_threshold * world.p.scale
    if not state.in_operation and (called or t in calendar.operations or t in calendar.crackdown):
        state.operation_since = t
        world.count("operations")
    state.heat *= p.heat_memory
    world.count("operation", int(state.in_operation))


def has_lasted(world) -> bool:
    """Whether a running operation has lasted its nights, and heat is below the threshold or it has gone on longest."""
    p, state = world.p.police, world.pressure
    nights = world.t - state.operation_since
    pressed = state.heat >= p.heat_threshold * world.p.scale
    return nights >= (max(p.operation_nights, p.operation_longest) if pressed else p.operation_nights)


def operation_strength(world) -> float:
    """Strength of tonight's operation as a share of full strength; it rises linearly over the first nights (0 to 1)."""
    p, state = world.p.police, world.pressure
    if not state.in_operation:
        return 0.0
    return min(1.0, (world.t - state.operation_since + 1) / p.operation_ramp)


def find_and_move(world) -> int:
    """Police find people outside camps in the north and move them to the interior; returns the number of persons."""
    p, people, t = world.p.police, world.people, world.t
    strength = operation_strength(world)
    chance = p.routine_find + strength * (p.operation_find - p.routine_find)
    outside = (people.shelter == Shelter.INFORMAL) | (people.shelter == Shelter.FLAT)
    rows = rows_where(people.free & outside)
    rows = rows[world.places.region[people.place[rows]] == 0]  # in the north
    rows = rows[world.draws.uniform("found", t, people.id[rows]) < chance]
    people.status[rows] = Status.MOVED
    people.status_ends[rows] = t + world.draws.nights("return", t, people.id[rows], p.return_nights)
    people.leave_bed(rows)
    people.disengage(rows)
    world.count("found_and_moved", len(rows))
    world.count("state_cost", len(rows) * p.move_cost)
    world.count("cost_operations", len(rows) * p.move_cost)
    return len(rows)


def return_moved(world) -> None:
    """People whom the police moved south come back and pay a group for the transport if they can (F26)."""
    people, places = world.people, world.places
    rows = rows_where((people.status == Status.MOVED) & (people.status_ends <= world.t))
    if not len(rows):
        return
    turf = places.in_corridor @ world.turf[:, : places.sectors].T
    edges = np.cumsum(turf, axis=1)[people.corridor[rows]]
    u = world.draws.uniform("driver home", world.t, people.id[rows]) * edges[:, -1]
    driver = (u[:, None] >= edges).sum(axis=1)
    due = np.full(len(rows), int(cents(world.p.border.return_cost)))
    world.books.people_pay(rows, due, "transport", to=driver)
    people.status[rows], people.status_ends[rows] = Status.WAITING, world.t


def arrest(world, found: int) -> None:
    """Police arrest suspects in proportion to the `found` persons and share them among groups; payers arrange more.

    A group's weight is members × exposure, reduced by the share of interior teams on its owner's payroll.
    """
    p, groups, t, draws = world.p.police, world.groups, world.t, world.draws
    mean = found * p.suspects_per_found * (p.joint_work_raids if t >= world.calendar.joint_work else 1.0)
    suspects = int(poisson_quantile(draws.one("suspects", t), mean))
    spared = 1 - p.payroll_effect * police_cover(world)
    weight = np.where(groups.active, groups.members * groups.exposure * spared, 0.0)
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
    world.pressure.prison_serbia += taken.sum()
    loss = taken * worth_of_a_member(world) + rifles * world.p.gangs.rifle_price
    groups.raid_loss += (loss - groups.raid_loss) * p.raid_learning
    world.count("suspects_arrested", int(taken.sum()))
    world.count("weapons_seized", int(rifles.sum()))


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
    leader = parties.group[np.searchsorted(parties.party, caught)]
    lost = np.minimum(np.bincount(leader, minlength=world.groups.n), world.groups.guides)
    world.groups.guides -= lost.astype(world.groups.guides.dtype)
    world.pressure.prison_hungary += lost.sum()
    world.count("guides_arrested", int(lost.sum()))


def attacks_on_officers(world) -> None:
    """Attacks on officers are Poisson (M14); their mean rises with fighters, arms, operations and militancy."""
    p, groups = world.p.police, world.groups
    force = (0.5 * groups.fighters + np.minimum(groups.weapons, groups.fighters)).sum()  # fighters, armed ones thrice
    mean = p.attack_rate * force * (1 + p.militancy * operation_strength(world))
    attacks = int(poisson_quantile(world.draws.one("attacks", world.t), mean))
    world.pressure.heat += p.heat_attack * attacks
    world.count("officers_attacked", attacks)


def redeploy(world, parties, crossing) -> None:
    """Patrol weights within each corridor adapt to the sectors where people were intercepted, down to a floor."""
    p, places = world.p.police, world.places
    stopped = np.bincount(parties.sector[parties.party[crossing.intercepted]], minlength=places.sectors).astype(float)
    for here in places.in_corridor:
        caught = stopped[here]
        if caught.any():
            share = caught / caught.sum() * len(caught)
            weight = world.patrol_weight[here] + p.redeployment * (share - world.patrol_weight[here])
            world.patrol_weight[here] = np.maximum(weight, p.patrol_floor)


def prisons(world) -> None:
    """Prisoners are released at the rate of their sentences, or in one dated mass release; a share rejoins (F15)."""
    p, state = world.p.police, world.pressure
    out_serbia = state.prison_serbia / p.sentence_nights
    out_hungary = state.prison_hungary / p.sentence_nights
    if world.t == world.calendar.release:
        out_hungary = min(p.release_persons * world.p.scale, state.prison_hungary)
    state.prison_serbia -= out_serbia
    state.prison_hungary -= out_hungary
    world.labour_pool += p.return_share * (out_serbia + out_hungary)


def charge_state(world) -> None:
    """The state pays for patrols and operations tonight, EUR; `find_and_move` counts the cost of moving people."""
    p = world.p.police
    operation = operation_strength(world) * p.operation_cost * world.p.scale
    world.count("state_cost", float(patrols_by_corridor(world).sum()) * p.patrol_cost + operation)
    world.count("cost_operations", operation)


RULES = {"heat": Police(return_moved, act)}
