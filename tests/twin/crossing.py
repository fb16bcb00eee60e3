"""Crossing and pushback (submodels.md, steps 10 and 11)."""

import math

from tests.twin.bribes import lets_pass, remember_met
from tests.twin.dispatch import interception_rate, p_corridor
from tests.twin.draws import picked


def crossing(model):
    """Step 10."""
    model.across, model.intercepted, model.tried = [], [], []
    model.interceptions_in = [0] * model.sector_count
    for party in model.parties:
        meet_patrol(model, party)
        for person in party.people:
            try_to_cross(model, person, party)
        noticed = party.stopped
        if not party.met:
            noticed = model.uniform("noticed", model.t, party.id) < model.p.police.noticed_share
        if noticed:
            model.tally["attempts_recorded"] += len(party.people)
    remember_met(model)


def meet_patrol(model, party):
    """Does the party meet a patrol, and does the patrol take a bribe?"""
    t, people = model.t, party.people
    frailty = sum(person.frailty for person in people) / len(people)
    skill = 0.0
    if party.owner is not None:
        skill = sum(person.client_of.skill for person in people) / len(people)
    rate = interception_rate(model, party.sector, model.patrols[party.sector], model.parties_in[party.sector])
    party.met = model.uniform("interception", t, party.id) < 1 - math.exp(-rate * frailty * math.exp(-skill))
    party.stopped = party.met
    if party.met and party.owner is not None and lets_pass(model, party):
        model.tally["bribed_passages"] += len(people)
        party.stopped = False


def try_to_cross(model, person, party):
    """Accident, interception or success."""
    success = False
    if model.uniform("accident", model.t, person.id) < model.p.border.accident_rate:
        model.tally["deaths_environment"] += 1
        model.tally[f"deaths_{cause_of_death(model, person)}"] += 1
        model.ends(person, "dead")
    elif party.stopped:
        model.intercepted.append((person, party))
        model.tally["interceptions"] += 1
        model.interceptions_in[party.sector] += 1
    else:
        success = True
        model.across.append((person, party))
        model.tally["crossings"] += 1
        model.tally[f"crossings_{p_corridor(model, person)}"] += 1
    model.tried.append((person.origin, person.client_of, person.corridor, party.sector, success))


def cause_of_death(model, person):
    """What an accident was."""
    border = model.p.border
    drowning, vehicle, exposure, other = border.death_causes
    turn = 2 * math.pi * (model.day_of_year() - border.cold_peak) / 365.25
    exposure *= 1 + border.cold_season * math.cos(turn)
    number = picked(model.uniform("cause of death", model.t, person.id), [drowning, vehicle, exposure, other])
    return ("drowning", "vehicle", "exposure", "other")[number]


def pushback(model):
    """Step 11."""
    police, t = model.p.police, model.t
    model.pushed_back = []
    model.memory.intercepted += len(model.intercepted)
    for person, _ in model.intercepted:
        if model.uniform("pushback", t, person.id) >= police.pushback_share:
            model.tally["procedures"] += 1
            model.ends(person, "procedure")
            continue
        model.tally["pushbacks"] += 1
        if model.uniform("killed by authorities", t, person.id) < police.death_share:
            model.tally["deaths_authorities"] += 1
            model.ends(person, "dead")
            continue
        if model.uniform("goods lost", t, person.id) < police.goods_lost_chance:
            lost = math.floor(person.cash * police.goods_lost_share)
            person.cash -= lost
            model.flows["goods_lost"] += lost
        if model.uniform("injury", t, person.id) < police.injury_share:
            model.tally["injuries_authorities"] += 1
        count_failure(person)
        person.last_pushback = t
        person.trust *= 1 - police.trust_lost
        person.rest(t + 1 + math.floor(model.uniform("rest", t, person.id) * police.rest_nights))
        model.pushed_back.append(person)
        model.memory.pushed_back += 1


def count_failure(person):
    """Failures in all, alone, and with the last group that failed this person."""
    person.failures += 1
    if person.client_of is None:
        person.failures_alone += 1
        return
    if person.failed_by is not person.client_of:
        person.failed_by, person.failures_with = person.client_of, 0
    person.failures_with += 1
