"""Weekly reviews of groups and their owners (submodels.md, step 6 and Reviews)."""

import math
from collections import Counter, namedtuple
from types import SimpleNamespace

from tests.twin.contract import (
    absorbed,
    absorbed_alone,
    cost,
    crossings_per_price,
    exit_rate,
    margin,
    owners_passage_value,
    prices_received,
    worth_to_owner,
)
from tests.twin.draws import NORMAL, logistic
from tests.twin.ownership import owners, together
from tests.twin.prices import answer_of_people, review_price, review_stages
from tests.twin.war import review_war

Terms = namedtuple("Terms", "price cost received crossings shadow")


def review(model):
    """Worth of clients, scarcity, price, restraint, toll, war; then the memory of demand is cleared."""
    model.memory.terms = {
        group.id: Terms(
            group.price,
            cost(model, group, shadow=False),
            prices_received(model, group),
            crossings_per_price(model, group),
            group.shadow,
        )
        for group in model.groups
    }
    review_worth(model)
    review_scarcity(model)
    review_stages(model)
    review_price(model)
    review_restraint(model)
    review_bribes(model)
    review_war(model)
    clear_memory(model)


def new_memory(night):
    """Sums over choosers since a review: see Memory of demand."""
    return SimpleNamespace(
        since=night, choosers=0, exits=0, intercepted=0, pushed_back=0, nights=0,
        terms={}, absorbed={}, absorbed_alone=0.0,
        demand=Counter(), alone=0.0, by_price=Counter(), by_appeal=Counter(), offer_by_price=Counter(),
        staying=0.0, coming=0.0, arrivals=0.0,
        alone_by_price=Counter(), alone_by_appeal=Counter(), served=Counter(), unserved=Counter(),
    )  # fmt: skip


def clear_memory(model):
    """The sums begin anew; those of the last interval are kept, with costs, for what groups expect."""
    model.memory.nights = model.t - model.memory.since
    model.memory.absorbed = {group.id: absorbed(model, group) for group in model.groups}
    model.memory.absorbed_alone = absorbed_alone(model)
    if model.memory.choosers > 0:
        model.last_interval = model.memory
    model.memory = new_memory(model.t)
    for group in model.groups:
        group.former_review_profit = group.review_profit
        group.review_profit = 0


def review_worth(model):
    """The chance of return, and what a client in the system is worth to each group."""
    market, seen = model.p.market, model.memory
    step = 1 - (1 - market.learning) ** market.review_nights
    if seen.intercepted > 0:
        model.return_chance += step * (seen.pushed_back / seen.intercepted - model.return_chance)
    if seen.choosers == 0:
        return
    stay = market.client_discount * (1 - exit_rate(seen.exits, seen.choosers))
    for group in model.groups:
        earned = seen.demand[group.id] * margin(model, group) / seen.choosers if seen.demand[group.id] else 0.0
        group.worth += step * (earned / (1 - stay) - group.worth)


def review_scarcity(model):
    """The shadow price of a place moves with the share turned away."""
    market = model.p.market
    for group in model.groups:
        served = model.memory.served[group.id]
        unserved = model.memory.unserved[group.id]
        share = unserved / (served + unserved) if served + unserved else 0.0
        group.shadow += market.price_step * (market.scarcity * share - group.shadow)


def demand_shares(model):
    """Shares of the groups in running demand."""
    everyone = sum(group.demand for group in model.active())
    return {group.id: group.demand / everyone if everyone > 0 else 0.0 for group in model.active()}


def demand_driven_away(row, alone, margins, fellows, worth, absorption, absorption_alone, kept_away=0.0):
    """H_lj: what group l's abductions cost the owner of j, in margins less the clients who come back.

    kept_away is R N_l: people who leave or do not come because what is on offer is worth less.
    """
    lost = sum(margins[k] * row[k] for k in fellows)
    gone = sum(effect * e for effect, e in zip(row, absorption)) + alone * absorption_alone
    return lost - worth * (gone - kept_away)


def loss_per_abduction(j, rows, demand, share, group_aversion, market_aversion):
    """What one more abduction by j costs, from H_lj of all groups l."""
    if demand[j] <= 0:
        return 0.0
    return (group_aversion * rows[j] + market_aversion * share[j] * sum(rows)) / demand[j]


def review_restraint(model):
    """Intensity moves towards a quantal response to gain less loss."""
    gangs, m, seen = model.p.gangs, model.p.migrants, model.memory
    everyone = range(len(model.groups))
    appeal = [[seen.by_appeal[j, k] for k in everyone] for j in everyone]
    demand = [seen.demand[j] for j in everyone]
    margins = [margin(model, group) for group in model.groups]
    absorption = [absorbed(model, group) for group in model.groups]
    alone = absorbed_alone(model)
    share = demand_shares(model)
    answer = answer_of_people(model)
    for group in model.active():
        fellows = [other.id for other in together(model, "restraint", group)]
        worth = worth_to_owner(model, "restraint", group)
        rows = [
            demand_driven_away(
                appeal[k], seen.alone_by_appeal[k], margins, fellows, worth, absorption, alone, answer * demand[k]
            )
            for k in everyone
        ]
        loss = loss_per_abduction(group.id, rows, demand, share, m.abuse_aversion, m.market_abuse_aversion)
        gain = model.expected_ransom - gangs.holding_cost - gangs.abduction_heat_cost
        gain -= (1 - gangs.ransom_pay_chance) * gangs.unpaid_death * worth
        wanted = logistic((gain - loss) / gangs.restraint_temperature)
        group.intensity += gangs.restraint_step * (wanted - group.intensity)


def best_toll(gain, median, sd):
    """b with F(b) = f(b) (G - b), thresholds lognormal: bisection."""
    if gain <= 0:
        return 0.0
    low, high = 0.0, gain
    for _ in range(200):
        b = (low + high) / 2
        z = math.log(b / median) / sd
        below = math.erfc(-z / math.sqrt(2)) / 2
        if below > NORMAL.pdf(z) / (sd * b) * (gain - b):
            high = b
        else:
            low = b
    return (low + high) / 2


def review_bribes(model):
    """Every owner of bribes sets tolls by the size of a party, or retainers."""
    p = model.p
    for owner, groups in owners(model, "bribe").items():
        gain = owners_passage_value(model, owner, "bribe") * p.police.toll_reach
        if p.rules.bribes == "toll":
            set_tolls(model, groups, gain)
        elif p.rules.bribes == "retainer":
            set_retainers(model, groups, gain)


def set_tolls(model, groups, gain):
    """One toll for every size of a party."""
    police, full = model.p.police, model.p.gangs.party_size
    tolls = {
        size: best_toll(size * gain, police.reservation_bribe, police.reservation_bribe_sd)
        for size in range(1, math.floor(1.5 * full) + 1)
    }
    for group in groups:
        group.tolls = tolls
        group.toll = tolls[full]


def set_retainers(model, groups, gain):
    """One offer per unit and night for every corridor."""
    police = model.p.police
    for corridor in model.corridors:
        units = sum(unit.corridor == corridor for unit in model.units)
        met = sum(group.met[corridor] for group in groups)
        worth = met / units * model.p.gangs.party_size * gain if units else 0.0
        median = police.retainer_crossings * police.reservation_bribe
        offer = best_toll(worth, median, police.reservation_bribe_sd)
        for group in groups:
            group.retainers[corridor] = offer
