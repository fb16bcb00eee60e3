"""M13 police and M14 violence against officers.

Heat rises with reported clashes, deaths and attacks and decays; above a threshold an operation starts (F28), ramps up,
lasts a number of nights, goes on for some more while heat stays above the threshold (F6, F13), and cannot start again
during a gap.  The calendar imposes operations at all corridors or some.  An operation finds people outside camps and
moves them south; they are back in about a night, for money, if they find a driver (F26, F38), and rest or wait as long
as they would have.  Operations and measures of the calendar leave a presence at corridors, which fades (M22).
Patrols drift to sectors where more was intercepted, with a floor in each.  Two prison stocks, releases, one dated mass
release (F15).  Attacks on officers have a baseline and rise in operations with arms and militancy (F13).
"""

from typing import NamedTuple

import numpy as np

from sim.rules.police.arrests import arrest, arrest_guides
from sim.world.columns import rows_where
from sim.world.draws import poisson_quantile
from sim.world.ledger import cents
from sim.world.patrols import patrols_by_corridor
from sim.world.people import Shelter, Status
from sim.world.posts import chance_of_a_driver
from sim.world.presence import chance_to_be_found, remember


class Police(NamedTuple):
    """The two moments of a night at which police act, apart from the patrols at the fence."""

    return_moved: object  # (world): people who were moved south come back
    act: object  # (world, parties, crossing): operations, arrests, deployment, prisons


def act(world, parties, crossing) -> None:
    """Police run operations, arrest suspects and crews, suffer attacks, redeploy patrols and stay present."""
    run_operation(world)
    found = find_and_move(world)
    arrest(world, found)
    arrest_guides(world, parties, crossing)
    attacks_on_officers(world)
    redeploy(world, parties, crossing)
    remember(world, operation_by_corridor(world) + world.calendar.measures.sum(world.t, "presence"))
    prisons(world)
    charge_state(world)


def run_operation(world) -> None:
    """Operations start when heat reaches its threshold or on dates of the calendar, and end; heat decays.

    A measure of the calendar imposes an operation on each of its nights, independent of heat.
    """
    p, state, t, calendar = world.p.police, world.pressure, world.t, world.calendar
    imposed, before = (bool(calendar.measures.active(night, "operation")) for night in (t, t - 1))
    over = state.in_operation and (before or has_lasted(world))
    if over and not imposed:
        state.operation_since, state.last_operation_end = None, t
    rested = t - state.last_operation_end >= p.operation_gap
    called = rested and state.heat >= p.heat_threshold * world.p.scale
    if not state.in_operation and (called or t in calendar.operations or imposed):
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


def operation_by_corridor(world) -> np.ndarray:
    """Strength of tonight's operation at each corridor as a share of full strength (C,).

    It rises linearly over the first nights.  Where the calendar imposes an operation tonight its teams are at the
    corridors named there, and otherwise everywhere.
    """
    p, state, measures = world.p.police, world.pressure, world.calendar.measures
    if not state.in_operation:
        return np.zeros(len(world.places.corridors))
    risen = min(1.0, (world.t - state.operation_since + 1) / p.operation_ramp)
    imposed = measures.active(world.t, "operation")
    return risen * (measures.largest(world.t, "operation") if imposed else np.ones(len(world.places.corridors)))


def operation_strength(world) -> float:
    """Strength of tonight's operation where it is strongest (0 to 1)."""
    return float(operation_by_corridor(world).max())


def find_and_move(world) -> int:
    """Police find people outside camps in the north and move them to the interior; returns the number of persons."""
    p, people, t = world.p.police, world.people, world.t
    chance = p.routine_find + operation_by_corridor(world) * (p.operation_find - p.routine_find)
    chance = chance + (1 - chance) * chance_to_be_found(world)
    outside = (people.shelter == Shelter.INFORMAL) | (people.shelter == Shelter.FLAT)
    rows = rows_where(people.free & outside)
    rows = rows[world.places.region[people.place[rows]] == 0]  # in the north
    rows = rows[world.draws.uniform("found", t, people.id[rows]) < chance[people.corridor[rows]]]
    people.resume[rows], people.resumes_rest[rows] = people.status_ends[rows], people.status[rows] == Status.RESTING
    people.status[rows] = Status.MOVED
    people.status_ends[rows] = t + world.draws.nights("return", t, people.id[rows], p.return_nights)
    people.leave_bed(rows)
    people.disengage(rows)
    world.count("found_and_moved", len(rows))
    world.count("state_cost", len(rows) * p.move_cost)
    world.count("cost_operations", len(rows) * p.move_cost)
    return len(rows)


def return_moved(world) -> None:
    """People whom the police moved south come back with a driver and pay a group for it if they can (F26).

    They rest or wait as before, until the night that was set then.
    """
    people, places = world.people, world.places
    rows = rows_where((people.status == Status.MOVED) & (people.status_ends <= world.t))
    found = world.draws.uniform("driver found", world.t, people.id[rows])
    rows = rows[found < chance_of_a_driver(world)[people.corridor[rows]]]
    if not len(rows):
        return
    turf = places.in_corridor @ world.turf[:, : places.sectors].T
    edges = np.cumsum(turf, axis=1)[people.corridor[rows]]
    u = world.draws.uniform("driver home", world.t, people.id[rows]) * edges[:, -1]
    driver = (u[:, None] >= edges).sum(axis=1)
    due = np.full(len(rows), int(cents(world.p.border.return_cost)))
    world.books.people_pay(rows, due, "transport", to=driver)
    people.status[rows] = np.where(people.resumes_rest[rows], Status.RESTING, Status.WAITING)
    people.status_ends[rows] = np.maximum(people.resume[rows], world.t)


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


def teams(world) -> float:
    """Teams of operations and of presence on tonight, as a share of those of an operation at all corridors."""
    there, kept_up = operation_by_corridor(world), world.calendar.measures.sum(world.t, "presence")
    strongest = there.max()
    return float((there / strongest).mean() * strongest if strongest else 0.0) + float(kept_up.mean())


def charge_state(world) -> None:
    """The state pays for patrols, operations and presence tonight; `find_and_move` counts the cost of moving people."""
    p = world.p.police
    operation = teams(world) * p.operation_cost * world.p.scale
    world.count("state_cost", float(patrols_by_corridor(world).sum()) * p.patrol_cost + operation)
    world.count("cost_operations", operation)


RULES = {"heat": Police(return_moved, act)}
