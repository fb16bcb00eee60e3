"""Fees in advance and on arrival, and what sectors earn (submodels.md, steps 8 and 12, Payment, Stages)."""

import math
from collections import Counter

from tests.twin.contract import attempt_costs, deposit, kept
from tests.twin.draws import cents
from tests.twin.money import group_pays, person_pays


def pay_in_advance(model):
    """Step 8: deposits, the price of an attempt, or a guarantee for those who hold none of this group."""
    model.earned = [0.0] * model.sector_count
    model.earned_by = Counter()  # by group and corridor
    receipts = Counter()
    for party in model.parties:
        for person in party.people if party.owner is not None else []:
            if model.p.rules.payment == "per_attempt":
                amount = person.fee
            elif model.p.rules.payment == "guarantee":
                amount = 0 if person.guarantee is person.client_of else person.fee
                person.guarantee = person.client_of
            else:
                amount = round(deposit(model) * person.fee)
            take_fee(model, person, amount, party.sector, receipts)
    pass_on(model, receipts)


def take_fee(model, person, amount, sector, receipts):
    """A client pays its group; the sector earned what is not passed on."""
    group = person.client_of
    paid = person_pays(model, person, amount, "fee", group)
    receipts[group.id] += paid
    earn(model, group, sector, paid / 100 * kept(model, group))


def earn(model, group, sector, euros):
    """A sector, and the group at its corridor, earned something."""
    model.earned[sector] += euros
    model.earned_by[group.id, model.corridor_of[sector]] += euros


def pass_on(model, receipts):
    """Houses and carriers get their part of one kind of receipts."""
    if model.p.rules.stages == "3":
        for number, paid in receipts.items():
            group = model.groups[number]
            group_pays(model, group, math.floor(paid * (1 - kept(model, group))), "operating")


def payment(model):
    """Step 12: fees and retry fees; prizes of sectors move."""
    p = model.p
    receipts = Counter()
    for person, party in model.across:
        group = person.client_of
        if group is not None:
            if p.rules.payment == "on_success":
                take_fee(model, person, person.fee - round(deposit(model) * person.fee), party.sector, receipts)
            group.crossings_sold += 1
        model.ends(person, "crossed")
    pass_on(model, receipts)
    for person in model.pushed_back:
        if person.client_of is not None and p.rules.payment == "on_success":
            person_pays(model, person, cents(p.market.retry_fee), "retry", person.client_of, means=False)
        person.disengage()
    for _, group, _, sector, _ in model.tried:
        if group is not None:
            earn(model, group, sector, -attempt_costs(model, group))
    for s in range(model.sector_count):
        model.prize[s] += p.gangs.prize_learning * (model.earned[s] - model.prize[s])
    for group in model.groups:
        for c in model.corridors:
            tonight = model.earned_by[group.id, c]
            group.earnings[c] += p.gangs.prize_learning * (tonight - group.earnings[c])
