"""Abduction (submodels.md, step 13)."""

import math

from tests.twin.draws import cents, geometric, picked
from tests.twin.money import group_pays


def exposure(model, person):
    """How exposed a person outside camps is."""
    gangs, m, t = model.p.gangs, model.p.migrants, model.t
    weight = gangs.exposure_informal
    if t - person.last_pushback <= gangs.exposure_nights:
        weight += gangs.exposure_pushback
    if person.debt > 0:
        weight += gangs.exposure_debt
    if person.tipped_until >= t:
        weight += gangs.exposure_tip
    return weight * (1 - m.protection * m.coverage * person.aware)


def extortion(model):
    """Step 13."""
    gangs, t = model.p.gangs, model.t
    base = gangs.abduction_rate
    active = model.active()
    in_corridor = {(group.id, c): model.corridor_turf(group, c) for group in active for c in model.corridors}
    for person in model.present():
        if person.shelter == "camp":
            continue
        exposed = exposure(model, person)
        rates = []
        for group in active:
            if person.place is None:
                turf = in_corridor[group.id, person.corridor]
            else:
                turf = group.turf[model.sector_count + person.place]
            rates.append(0.0 if group is person.client_of else exposed * base * group.intensity * turf)
        if person.debt > 0 and person.creditor is not None and person.creditor.active:
            rates.append(gangs.collateral * base * person.creditor.intensity)
        else:
            rates.append(0.0)
        if model.uniform("abduction", t, person.id) < 1 - math.exp(-sum(rates)):
            abductor = picked(model.uniform("abductor", t, person.id), rates)
            collateral = abductor == len(active)
            model.tally["abductions_collateral" if collateral else "abductions_predatory"] += 1
            abduct(model, person, person.creditor if collateral else active[abductor])


def abduct(model, person, group):
    """A person is held."""
    gangs, t = model.p.gangs, model.t
    model.tally["abductions"] += 1
    model.abuses[person.origin, group.id] += 1
    person.lose_shelter()
    person.status = "held"
    person.holder = group
    person.disengage()
    person.until = t + geometric(gangs.held_nights, model.uniform("held", t, person.id))
    person.demand = cents(gangs.ransom_median * math.exp(gangs.ransom_sd * model.normal("ransom", t, person.id)))
    group_pays(model, group, cents(gangs.holding_cost), "holding")
