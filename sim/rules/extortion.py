"""M11 extortion: abduction for ransom, of one's own indebted clients (collateral) or of others' (predatory).

A person is exposed outside camps:  e = weights of [pushed back lately] + [in debt] + [informal or flat] + [tipped],
less where protection reaches.  Group j abducts at rate  base × e × intensity_j × reach_j, reach being its turf where
the person is; competing hazards, one draw.  Families pay in full, in part or not at all;
captivity ends by release or death.

The owner of restraint sets the intensity.  One abduction gains G = expected ransom − holding − heat − χ V_o, χ the
chance that a captive dies and V_o what a client who stays is worth to the owner (`sim/world/worth.py`).  It raises the
abuse belief of that group, ĥ_j, and of the market, h̄, by which engagements fall.  With A the derivative of engagements
in appeal (`Demand.by_appeal`), x_k the margin of an engagement and e the chance that a person who makes a choice never
makes another, a little more appeal of group l earns the owner of j

    H_lj = Σ_{k owned with j} A_lk x_k − V_o (Σ_{all k} A_lk e_k + A_l0 e_0 − R N_l)

(R N_l: people who stay or come as what is on offer is worth more), so that an abduction by j costs
L_j = (κ_g H_jj + κ_m ω_j Σ_l H_lj) / N_j  (N_j engagements, ω_j share of clients), and intensity is the quantal
response 1 / (1 + exp(−(G − L_j)/temperature)).  For equal small groups in a nest with
dissimilarity λ and outside share s₀ a joint owner restrains more than separate owners at the same margin iff
κ_m s₀ > κ_g (1/λ − s₀) where δ = 0: a separate owner loses κ_g/λ of margin, a joint one (κ_g + κ_m) s₀.
"""

from typing import NamedTuple

import numpy as np
from scipy.special import expit

from sim.world.columns import rows_where
from sim.world.derived import client_shares, corridor_turf, margins
from sim.world.ledger import CENTS, cents
from sim.world.loops import compilable
from sim.world.people import Shelter, Status
from sim.world.worth import absorbed, absorbed_alone, leaving_by_offer, response, worth_of_staying


class Extortion(NamedTuple):
    """The three moments of a night at which people are held to ransom."""

    release: object  # (world) -> rows of people killed in captivity
    review: object  # (world): on nights of review, how intensely groups extort
    abduct: object  # (world): tonight's abductions


def loss_per_abduction(margins, by_appeal, demand, shares, together, group_aversion, market_aversion, leaving=0.0,
                       staying=0.0):
    """Loss on clients that each group's owner expects from one abduction by that group, L (J,), EUR.

    margins (J,): EUR per engagement; by_appeal (J, J): persons per unit of utility; demand (J,): engagements;
    shares (J,): of clients; together (J, J): ownership matrix; aversions: κ_g and κ_m; leaving (J,): B, persons
    lost per unit of appeal (`leaving_by_offer`); staying (J,): V of each group's owner, EUR.
    """
    of_owner = np.where(together, margins[None, :], 0.0)  # row j: margins that the owner of j earns
    own = group_aversion * ((of_owner * by_appeal).sum(axis=1) - staying * leaving)
    market = market_aversion * shares * (of_owner @ by_appeal.sum(axis=0) - staying * np.sum(leaving))
    return np.divide(own + market, demand, out=np.zeros_like(demand), where=demand > 0)


def review_restraint(world) -> None:
    """Owners set how intensely their groups extort, given the demand they saw."""
    p, groups, demand = world.p, world.groups, world.demand
    leaving = leaving_by_offer(demand.by_appeal, demand.by_appeal_alone, absorbed(world), absorbed_alone(world),
                               demand.demand, response(demand))
    staying = worth_of_staying(world, "restraint")
    loss = loss_per_abduction(margins(world), demand.by_appeal, demand.demand, client_shares(groups),
                              world.ownership.matrix("restraint"), p.migrants.abuse_aversion,
                              p.migrants.market_abuse_aversion, leaving, staying)
    death = (1 - p.gangs.ransom_pay_chance) * p.gangs.unpaid_death
    gain = world.ransom_yield - p.gangs.holding_cost - p.gangs.abduction_heat_cost - death * staying
    target = expit((gain - loss) / p.gangs.restraint_temperature)
    groups.intensity += np.where(groups.active, (target - groups.intensity) * p.gangs.restraint_step, 0.0)


def abduct(world) -> None:
    """Groups abduct exposed people; hazards compete, and a second draw decides on the abductor."""
    people, t, draws = world.people, world.t, world.draws
    rows = exposed_rows(world)
    pressure = world.p.gangs.abduction_rate * world.groups.intensity * world.groups.active
    risk, near = exposure(world, rows), reach(world)
    total = summed_rate(world, rows, risk, near, pressure)
    taken = draws.uniform("abduction", t, people.id[rows]) < 1 - np.exp(-total)
    rows = rows[taken]
    edges = np.concatenate(rates(world, rows, risk[taken], near, pressure), axis=1).cumsum(axis=1)
    u = draws.uniform("abductor", t, people.id[rows]) * edges[:, -1]
    which = (u[:, None] >= edges).sum(axis=1)
    recent = t - people.last_pushback[rows] <= world.p.gangs.exposure_nights
    hold(world, rows, which % world.groups.n)
    world.count("abductions", len(rows))
    world.count("abductions_after_pushback", np.count_nonzero(recent))
    world.count("abductions_predatory", np.count_nonzero(which < world.groups.n))
    world.count("abductions_collateral", np.count_nonzero(which >= world.groups.n))


def exposed_rows(world) -> np.ndarray:
    """Rows of people who wait or rest outside camps."""
    people = world.people
    return rows_where(people.free & (people.shelter != Shelter.CAMP))


def exposure(world, rows) -> np.ndarray:
    """Exposure index e of each person in `rows` (n,)."""
    p, m, people = world.p.gangs, world.p.migrants, world.people
    weights = (p.exposure_pushback, p.exposure_debt, p.exposure_informal, p.exposure_tip)
    return exposed(rows, people.last_pushback, people.debt, people.shelter, people.tipped_until, people.aware, world.t,
                   p.exposure_nights, weights, m.protection, m.coverage, Shelter.CAMP)


@compilable
def exposed(rows, last_pushback, debt, shelter, tipped_until, aware, t, nights, weights, protection, coverage, camp):
    """Exposure index e of each person (n,).

    `weights` belong to [pushed back within `nights`], [in debt], [outside camps] and [tipped].
    """
    pushed, indebted, informal, tipped = weights
    index = (pushed * (t - last_pushback[rows] <= nights) + indebted * (debt[rows] > 0)
             + informal * (shelter[rows] != camp) + tipped * (tipped_until[rows] >= t))
    return index * (1 - protection * (coverage * aware[rows]))


@exposed.loop("float64[::1](int64[::1], int32[::1], int64[::1], int8[::1], int32[::1], boolean[::1], int64, int64, "
              "UniTuple(float64, 4), float64, float64, int64)")
def exposed_loop(rows, last_pushback, debt, shelter, tipped_until, aware, t, nights, weights, protection, coverage,
                 camp):
    pushed, indebted, informal, tipped = weights
    e = np.empty(rows.size)
    for k in range(rows.size):
        i = rows[k]
        index = (pushed * (t - last_pushback[i] <= nights) + indebted * (debt[i] > 0) + informal * (shelter[i] != camp)
                 + tipped * (tipped_until[i] >= t))
        e[k] = index * (1 - protection * (coverage * aware[i]))
    return e


def reach(world) -> tuple[np.ndarray, np.ndarray]:
    """Turf shares of each group at staging places (P, J), and in corridors (C, J) for people without shelter."""
    return world.turf[:, world.places.sectors :].T, corridor_turf(world)


def summed_rate(world, rows, risk, near, pressure) -> np.ndarray:
    """Total hazard of abduction per night of each person (n,), by other groups (predatory) and by the creditor."""
    people = world.people
    total = np.concatenate([where @ pressure for where in near])
    return competing(rows, risk, people.place, people.corridor, people.client_of, people.debt, people.creditor,
                     np.concatenate(near) * pressure, total, pressure, len(near[0]), world.p.gangs.collateral)


@compilable
def competing(rows, risk, place, corridor, client_of, debt, creditor, by_group, total, pressure, places, collateral):
    """Total hazard of each person (n,), per night.

    `by_group` (P + C, J) and `total` (P + C,) hold staging places first, then corridors.
    """
    at, client = place[rows], client_of[rows]
    where = np.where(at >= 0, at, places + corridor[rows])
    own = np.where(client >= 0, by_group[where, client], 0.0)
    owing = (debt[rows] > 0) & (creditor[rows] >= 0)
    return risk * np.maximum(total[where] - own, 0.0) + np.where(owing, collateral * pressure[creditor[rows]], 0.0)


@competing.loop("float64[::1](int64[::1], float64[::1], int8[::1], int8[::1], int16[::1], int64[::1], int16[::1], "
                "float64[:, ::1], float64[::1], float64[::1], int64, float64)")
def competing_loop(rows, risk, place, corridor, client_of, debt, creditor, by_group, total, pressure, places,
                   collateral):
    rate = np.empty(rows.size)
    for k in range(rows.size):
        i = rows[k]
        where = place[i] if place[i] >= 0 else places + corridor[i]
        own = by_group[where, client_of[i]] if client_of[i] >= 0 else 0.0
        owing = debt[i] > 0 and creditor[i] >= 0
        rate[k] = risk[k] * max(total[where] - own, 0.0) + (collateral * pressure[creditor[i]] if owing else 0.0)
    return rate


def rates(world, rows, risk, near, pressure):
    """Hazards of predatory and of collateral abduction by each group: two arrays (n, J), per night."""
    people, everyone, (staging, corridors) = world.people, np.arange(world.groups.n), near
    place = people.place[rows]
    where = np.where((place >= 0)[:, None], staging[place], corridors[people.corridor[rows]])
    others = people.client_of[rows][:, None] != everyone
    owed = (people.debt[rows] > 0)[:, None] & (people.creditor[rows][:, None] == everyone)
    return risk[:, None] * where * pressure * others, world.p.gangs.collateral * pressure * owed


def hold(world, rows, group) -> None:
    """The `group` of each row holds the person and demands a ransom; its owner pays the cost of holding."""
    p, people, t, draws = world.p.gangs, world.people, world.t, world.draws
    ids = people.id[rows]
    people.status[rows], people.holder[rows] = Status.HELD, group
    people.status_ends[rows] = t + draws.nights("held", t, ids, p.held_nights)
    people.demand[rows] = cents(draws.lognormal("ransom", t, ids, p.ransom_median, p.ransom_sd))
    people.leave_bed(rows)
    people.disengage(rows)
    np.add.at(world.beliefs.abuses, (people.origin[rows], group), 1.0)
    taken = np.bincount(group, minlength=world.groups.n)
    world.books.groups_pay(taken * cents(p.holding_cost), "holding")


def release(world) -> np.ndarray:
    """Captivity ends for some people: with a ransom, without one, or by death.

    Returns rows of the people killed in captivity.
    """
    p, people, t, draws = world.p.gangs, world.people, world.t, world.draws
    rows = rows_where((people.status == Status.HELD) & (people.status_ends <= t))
    ids, group = people.id[rows], people.holder[rows].astype(int)
    pays = draws.uniform("ransom paid", t, ids) < p.ransom_pay_chance
    due = np.where(pays, people.demand[rows], 0)
    paid = world.books.people_pay(rows, due, "ransom", to=group)
    dies = (paid == 0) & (draws.uniform("killed in holding", t, ids) < p.unpaid_death)
    hurt = ~dies & (draws.uniform("hurt in holding", t, ids) < p.holding_injury)
    collect_yield(world, paid)
    freed = rows[~dies]
    people.status[freed] = Status.RESTING
    people.status_ends[freed] = people.rested[freed] = t + p.recovery_nights
    people.status[rows[dies]] = Status.DEAD
    people.holder[rows] = -1
    settle_debts(people, rows, group, paid)
    public = draws.uniform("captive's death public", t, ids[dies]) < p.captive_publicity
    world.pressure.heat += world.p.police.heat_death * np.count_nonzero(public)
    world.count("released_paid", np.count_nonzero(paid > 0))
    world.count("released_unpaid", np.count_nonzero((paid == 0) & ~dies))
    world.count("deaths_groups", np.count_nonzero(dies))
    world.count("injuries_groups", np.count_nonzero(hurt))
    return rows[dies]


def settle_debts(people, rows, group, paid) -> None:
    """What was `paid` (n,), cents, to the `group` that a person owes is taken off the debt; other debts stay."""
    owed = people.debt[rows]
    people.debt[rows] = owed - np.where(people.creditor[rows] == group, np.minimum(paid, owed), 0)
    people.clear_creditors(rows)


def collect_yield(world, paid) -> None:
    """Owners update their running mean of the ransom paid per abduction, EUR; `paid` in cents (n,)."""
    if len(paid):
        learning = world.p.market.learning * min(1.0, len(paid) / 10)
        world.ransom_yield += (paid.mean() / CENTS - world.ransom_yield) * learning


RULES = {"quantal": Extortion(release, review_restraint, abduct)}
