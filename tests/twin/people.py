"""Arrivals, return of the moved, releases and leaving (submodels.md, steps 1-4)."""

import math

from tests.twin.agents import Person
from tests.twin.draws import cents, geometric, logistic, picked
from tests.twin.money import person_pays
from tests.twin.news import (
    after_arrivals,
    expected_arrivals,
    first_delay,
    number_of_arrivals,
    remember_coming,
    worth_of_staying,
)
from tests.twin.presence import finds_driver


def arrivals(model):
    """Step 1: who comes tonight, and with what."""
    m, t = model.p.migrants, model.t
    mean, weights = expected_arrivals(model)
    remember_coming(model, mean, weights)
    number, model.tally["not_arrived"] = number_of_arrivals(model, mean, weights)
    model.tally["arrivals"] = number
    delay = first_delay(model)
    came = [0 for _ in weights]
    for index in range(number):
        identity = ((t + 4096) << 24) + index
        person = Person(model, identity)
        person.origin = picked(model.uniform("origin", t, identity), weights)
        came[person.origin] += 1
        person.cash = cents(m.cash_median * math.exp(m.cash_sd * model.normal("cash", t, identity)))
        person.means = cents(m.means_median * math.exp(m.means_sd * model.normal("means", t, identity)))
        person.trust = min(max(m.trust + m.trust_sd * model.normal("trust", t, identity), 0.0), 1.0)
        person.aware = model.uniform("aware", t, identity) < m.awareness
        person.frailty = math.exp(-(m.frailty_sd**2) / 2 + m.frailty_sd * model.normal("frailty", t, identity))
        person.tastes = tastes(model, identity)
        person.corridor = person.tastes.index(0.0)
        person.rest(t + geometric(delay, model.uniform("first delay", t, identity)))
        model.flows["brought"] += person.cash
        model.people.append(person)
    after_arrivals(model, mean, came)


def tastes(model, identity):
    """tau_c: lasting tastes for corridors, 0 for the one that a person likes best."""
    luck = [model.uniform("taste for a corridor", 0, identity, c) for c in model.corridors]
    shares = model.p.border.corridor_shares
    likings = [math.log(max(share, 1e-9)) - math.log(-math.log(u)) for share, u in zip(shares, luck)]
    return [y - max(likings) for y in likings]


def returns(model):
    """Step 2: those moved south who find a driver come back."""
    for person in model.people:
        if person.status == "moved" and person.until <= model.t and finds_driver(model, person):
            person.status, until = person.before
            person.until = max(until, model.t)
            sectors = model.sectors_of[person.corridor]
            weights = [sum(group.turf[s] for s in sectors) for group in model.groups]
            driver = model.groups[picked(model.uniform("driver home", model.t, person.id), weights)]
            person_pays(model, person, cents(model.p.border.return_cost), "transport", driver)


def settle(person, amount):
    """A debt shrinks; a debt of 0 has no creditor."""
    person.debt = max(person.debt - amount, 0)
    if person.debt == 0:
        person.creditor = None


def releases(model):
    """Step 3: those held are let go, or die."""
    gangs, t = model.p.gangs, model.t
    number = paid_in_all = 0
    for person in model.people:
        if person.status != "held" or person.until > t:
            continue
        number += 1
        paid = 0
        if model.uniform("ransom paid", t, person.id) < gangs.ransom_pay_chance:
            paid = person_pays(model, person, person.demand, "ransom", person.holder)
        paid_in_all += paid
        if person.creditor is person.holder:
            settle(person, paid)
        person.holder = None
        if paid == 0 and model.uniform("killed in holding", t, person.id) < gangs.unpaid_death:
            model.tally["deaths_groups"] += 1
            if model.uniform("captive's death public", t, person.id) < gangs.captive_publicity:
                model.heat += model.p.police.heat_death
            model.ends(person, "dead")
            continue
        model.tally["released_paid" if paid > 0 else "released_unpaid"] += 1
        person.rest(t + gangs.recovery_nights)
        if model.uniform("hurt in holding", t, person.id) < gangs.holding_injury:
            model.tally["injuries_groups"] += 1
    if number:
        step = model.p.market.learning * min(1, number / 10)
        model.expected_ransom += step * (paid_in_all / 100 / number - model.expected_ransom)


def leaving(model):
    """Step 4: some give up, a few enter a legal procedure."""
    m, t = model.p.migrants, model.t
    for person in model.present():
        u = model.uniform("leaving", t, person.id)
        left = m.leave_hazard + m.leave_per_failure * person.failures
        worth = worth_of_staying(model, person)
        if worth is not None:
            stops = logistic((m.outside_value - worth) / m.stopping_scale)
            left += m.stopping_rate * stops
            model.memory.staying += m.stopping_rate * stops * (1 - stops) / m.stopping_scale
        if u < left:
            model.tally["left"] += 1
            model.ends(person, "left")
        elif u < left + model.p.border.legal_access * person.trust * person.aware:
            model.tally["procedures"] += 1
            model.ends(person, "procedure")
