"""Camps, flats and informal places (submodels.md, step 5)."""

from tests.twin.draws import cents, picked
from tests.twin.measures import shut
from tests.twin.money import group_pays, person_pays
from tests.twin.people import settle


def shelter(model):
    """Close camps, clear sites, find places for those who look for one, collect rents and debts."""
    close_camps(model)
    clear_sites(model)
    camps, t = model.p.camps, model.t
    looking = [
        person
        for person in model.present()
        if person.shelter is None
        or (person.shelter == "informal" and model.uniform("look again", t, person.id) < camps.look_again)
    ]
    looking.sort(key=lambda person: model.uniform("shelter order", t, person.id))
    return_to_camps(model, looking)
    fill_camps(model, [person for person in looking if person.shelter != "camp"])
    find_places(model, [person for person in looking if person.shelter is None])
    collect_rents(model)


def close_camps(model):
    """Camps whose day has come, or that a measure shuts, close; their people have no shelter."""
    for camp in model.camps:
        camp.open = model.closing.get(camp.name, model.t + 1) > model.t and not shut(model, camp)
        if not camp.open:
            for person in model.people:
                if person.camp is camp:
                    person.lose_shelter()


def clear_sites(model):
    """Police clear the informal places of some staging places."""
    for place in range(len(model.p.border.staging_regions)):
        if model.uniform("site cleared", model.t, place) < model.p.police.site_clearance:
            for person in model.present():
                if person.shelter == "informal" and person.place == place:
                    person.lose_shelter()


def return_to_camps(model, looking):
    """Some of those who left a camp for their last attempt find their place kept."""
    for person in looking:
        camp, person.left_camp = person.left_camp, None
        if person.shelter is not None or camp is None:
            continue
        if model.uniform("place kept", model.t, person.id) >= model.p.camps.own_camp:
            continue
        if camp.open and camp.occupancy < camp.capacity:
            enter(person, camp)


def enter(person, camp):
    """Take a place in a camp."""
    camp.occupancy += 1
    person.shelter = "camp"
    person.camp = camp
    person.place = None


def fill_camps(model, looking):
    """Seekers take free places region by region, camp by camp; an informal place is given up."""
    camps, t = model.p.camps, model.t
    seekers = []
    for person in looking:
        willing = person.trust * (1 if person.aware else camps.unaware_share)
        if model.uniform("seek camp", t, person.id) < willing:
            seekers.append(person)
    for region in range(len(camps.by_region)):
        for person in seekers:
            if person.shelter == "camp":
                continue
            if model.uniform("camp region", t, person.id) >= camps.nearness[region]:
                continue
            for camp in model.camps:
                if camp.open and camp.region == region and camp.occupancy < camp.capacity:
                    enter(person, camp)
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
    """Tenants pay from cash, their landlord may lend the rest; debtors repay; some tenants are put out."""
    rent = cents(model.p.camps.rent)
    tenants = [person for person in model.people if person.shelter == "flat"]
    refused = set()
    for person in tenants:
        missing = rent - person_pays(model, person, rent, "rent", person.landlord, means=False)
        if missing > 0 and person.creditor in (None, person.landlord):
            person.debt += missing
            person.creditor = person.landlord
        elif missing > 0:
            refused.add(person.id)
    repay(model)
    put_out(model, tenants, refused)


def repay(model):
    """Some debtors pay what they can."""
    for person in model.present():
        if person.debt > 0 and model.uniform("debt repaid", model.t, person.id) < model.p.camps.debt_repaid:
            settle(person, person_pays(model, person, person.debt, "rent", person.creditor))


def put_out(model, tenants, refused):
    """Tenants who owe too much, or to whom nobody lent, go to an informal place; other flats cost their landlords."""
    camps = model.p.camps
    remaining = {}
    for person in tenants:
        if person.debt > cents(camps.debt_limit) or person.id in refused:
            person.shelter = "informal"
            person.landlord = None
        else:
            remaining[person.landlord.id] = remaining.get(person.landlord.id, 0) + 1
    for number, count in remaining.items():
        group_pays(model, model.groups[number], count * cents(camps.flat_cost), "operating")
