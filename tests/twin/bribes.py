"""Tolls and retainers of patrols (submodels.md, step 10 and Bribes)."""

import math

from tests.twin.draws import cents
from tests.twin.money import groups_pay_together, pooled_treasury
from tests.twin.ownership import owners


def retain(model):
    """rules.bribes=retainer: units that take an owner's offer are paid if its treasuries hold the bill."""
    for unit in model.units:
        unit.retained_by = set()
    if model.p.rules.bribes != "retainer":
        return
    for owner, groups in owners(model, "bribe").items():
        bought, bill = [], 0.0
        for unit in model.units:
            if unit.corridor is None:
                continue
            offer = groups[0].retainers[unit.corridor]
            if offer > 0 and model.p.police.retainer_crossings * unit.threshold <= offer:
                bought.append(unit)
                bill += offer
        if bought and pay_bill(model, groups, bill):
            for unit in bought:
                unit.retained_by.add(owner)


def pay_bill(model, groups, bill):
    """A bill split by running demand; nothing if the treasuries together do not hold it."""
    if sum(group.treasury for group in groups) < cents(bill):
        return False
    demand = sum(group.demand for group in groups)
    for group in groups:
        share = group.demand / demand if demand > 0 else 1 / len(groups)
        groups_pay_together(model, group, cents(bill * share), "toll", "bribe")
    return True


def lets_pass(model, party):
    """Does a party that met a patrol go on for a bribe?"""
    units = [unit for unit in model.units if unit.corridor == party.corridor]
    if model.p.rules.bribes == "none" or not units:
        return False
    group = party.group
    unit = units[math.floor(model.uniform("unit met", model.t, party.id) * len(units))]
    if model.p.rules.bribes == "retainer":
        return group.owner["bribe"] in unit.retained_by
    toll = group.tolls.get(len(party.people), 0.0)
    if toll <= 0 or toll < unit.threshold or pooled_treasury(model, group, "bribe") < cents(toll):
        return False
    groups_pay_together(model, group, cents(toll), "toll", "bribe")
    return True


def remember_met(model):
    """Running mean of a group's parties met by patrols a night, by corridor."""
    for group in model.groups:
        for corridor in model.corridors:
            number = sum(party.met and party.group is group and party.corridor == corridor for party in model.parties)
            group.met[corridor] += model.p.market.learning * (number - group.met[corridor])
