"""Camps, flats and informal places (submodels.md, step 5)."""

from tests.twin.draws import cents, picked
from tests.twin.money import group_pays, person_pays


def shelter(model):
    """Close camps, find places for those without, collect rents."""
    close_camps(model)
    without = [person for person in model.present() if person.shelter is None]
    without.sort(key=lambda person: model.uniform("shelter order", model.t, person.id))
    fill_camps(model, without)
    find_places(model, [person for person in without if person.shelter is None])
    collect_rents(model)


def close_camps(model):
    """Camps whose day has come close; their people have no shelter."""
    for camp in model.camps:
        if camp.open and model.closing.get(camp.name, model.t + 1) <= model.t:
            camp.open = False
            for person in model.people:
                if person.camp is camp:
                    person.lose_shelter()


def fill_camps(model, without):
    """Seekers take free places region by region, camp by camp."""
    camps, t = model.p.camps, model.t
    seekers = []
    for person in without:
        willing = person.trust * (1 if person.aware else camps.unaware_share)
        if model.uniform("seek camp", t, person.id) < willing:
            seekers.append(person)
    for region in range(len(camps.by_region)):
        for person in seekers:
            if person.shelter is not None:
                continue
            if model.uniform("camp region", t, person.id) >= camps.nearness[region]:
                continue
            for camp in model.camps:
                if camp.open and camp.region == region and camp.occupancy < camp.capacity:
                    camp.occupancy += 1
                    person.shelter = "camp"
                    person.camp = camp
                    break


def find_places(model, without):
    """A flat, as long as beds last, else an informal place; both at a staging place."""
    camps, t = model.p.camps, model.t
    taken = sum(person.shelter == "flat" for person in model.people)
    beds = sum(group.fixers for group in model.active()) * model.p.gangs.beds_per_fixer - taken
    for person in without:
        person.place = picked(model.uniform("staging place", t, person.id), model.p.border.staging_weights)
        person.shelter = "informal"
        able = person.cash >= 7 * cents(camps.rent)
        if able and model.uniform("seek flat", t, person.id) < camps.flat_share and beds >= 1:
            beds -= 1
            person.shelter = "flat"
            weights = [group.turf[model.sector_count + person.place] for group in model.groups]
            person.landlord = model.groups[picked(model.uniform("landlord", t, person.id), weights)]


def collect_rents(model):
    """Tenants pay from cash; what is missing is debt; beyond the limit they are put out."""
    camps = model.p.camps
    rent = cents(camps.rent)
    remaining = {}
    for person in model.people:
        if person.shelter != "flat":
            continue
        landlord = person.landlord
        paid = person_pays(model, person, rent, "rent", landlord, means=False)
        if paid < rent:
            person.debt += rent - paid
            person.creditor = landlord
        if person.debt > cents(camps.debt_limit):
            person.shelter = "informal"
            person.landlord = None
        else:
            remaining[landlord.id] = remaining.get(landlord.id, 0) + 1
    for number, tenants in remaining.items():
        group_pays(model, model.groups[number], tenants * cents(camps.flat_cost), "operating")
