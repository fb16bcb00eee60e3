"""The contest for turf, clashes and bystanders (submodels.md, step 14 and Turf)."""

import math

from tests.twin.draws import poisson, rounded
from tests.twin.ownership import owners
from tests.twin.war import impact, impact_shares, prize_of_turf, settle_pairs, strength


def turf(model):
    """Step 14."""
    for group in model.groups:
        group.disarray *= model.p.gangs.leader_memory
    move_staging_prizes(model)
    settle_pairs(model)
    place_fighters(model)
    drift(model)
    fight(model)


def move_staging_prizes(model):
    """Staging places are worth tonight's ransoms and rents."""
    weights = model.p.border.staging_weights
    earned = (model.flows["ransom"] + model.flows["rent"]) / 100
    for index, weight in enumerate(weights):
        place = model.sector_count + index
        goal = earned * weight / sum(weights)
        model.prize[place] += model.p.gangs.prize_learning * (goal - model.prize[place])


def hostility(model, a, b):
    """h between two groups, in the eyes of those who decide on efforts."""
    if a.owner["conflict"] == b.owner["conflict"]:
        return 0.0
    return 1.0 if model.war[a.id, b.id] else model.p.gangs.deterrence


def desired(model):
    """Desired fighters by group and place, on efforts as they stand."""
    return desired_in_contest(model) if model.p.rules.turf == "contest" else best_responses(model)


def desired_in_contest(model):
    """y: the wage of the last fighter is what turf it wins and keeps is worth."""
    gangs, active = model.p.gangs, model.active()
    sigma = impact_shares(model)
    wanted = {}
    for group in active:
        fellows = [other for other in active if other.owner["conflict"] == group.owner["conflict"]]
        rivals = [(other, hostility(model, group, other)) for other in active if other not in fellows]
        wanted[group.id] = []
        for i in range(model.place_count):
            own_share = sum(sigma[other.id][i] for other in fellows)
            own_turf = sum(other.turf[i] for other in fellows)
            their_turf = sum(h * other.turf[i] for other, h in rivals)
            their_share = sum(h * sigma[other.id][i] for other, h in rivals)
            gain = their_turf * (1 - own_share) + own_turf * their_share
            value = gangs.decisiveness * prize_of_turf(model, i) * sigma[group.id][i]
            wanted[group.id].append(value * gain / gangs.fighter_wage)
    return wanted


def best_effort(prize, rivals, unit_cost):
    """Best response in a contest whose rivals spend `rivals`."""
    return max(0.0, math.sqrt(max(prize, 0.0) * rivals / unit_cost) - rivals)


def best_responses(model):
    """Each active group's part of its owner's best response at every place (rules.turf=decision, pairwise)."""
    gangs = model.p.gangs
    places = range(model.place_count)
    effort = {}
    for group in model.groups:
        spent = effort.setdefault(group.owner["conflict"], [0.0] * model.place_count)
        for i in places:
            spent[i] += group.effort[i]
    wanted = {}
    for owner, groups in owners(model, "conflict").items():
        turf = [sum(group.turf[i] for group in groups) for i in places]
        for group in groups:
            wanted[group.id] = []
            for i in places:
                rivals = sum(effort[other][i] for other in effort if other != owner)
                best = best_effort(gangs.contestable * model.prize[i], rivals, gangs.fighter_wage)
                wanted[group.id].append(best * group.turf[i] / turf[i] if turf[i] > 0 else 0.0)
    return wanted


def place_fighters(model):
    """Fighters are spread in proportion to what is desired and to guards."""
    guard = model.p.gangs.guard * model.p.scale
    wanted = {} if model.p.rules.turf == "pairwise" else desired(model)
    for group in model.groups:
        if not group.active:
            group.effort = [0.0] * model.place_count
            continue
        weights = group.turf
        if wanted:
            weights = [max(y + guard * held, 0.0) for y, held in zip(wanted[group.id], group.turf)]
        total = sum(weights)
        group.effort = [group.fighters * weight / total if total > 0 else 0.0 for weight in weights]


def drift(model):
    """Between groups at war turf moves towards shares of impact."""
    speed, active = model.p.gangs.turf_drift, model.active()
    places = range(model.place_count)
    sigma = impact_shares(model)
    power = {group.id: [impact(model, group, i) for i in places] for group in active}
    change = {group.id: [0.0] * model.place_count for group in active}
    for a in active:
        for b in active:
            if a is b or not model.war[a.id, b.id]:
                continue
            for i in places:
                if model.p.rules.turf == "contest":
                    change[a.id][i] += speed * (b.turf[i] * sigma[a.id][i] - a.turf[i] * sigma[b.id][i])
                    continue
                both = power[a.id][i] + power[b.id][i]
                if both > 0:
                    lead = (power[a.id][i] - power[b.id][i]) / both
                    change[a.id][i] += speed * a.turf[i] * b.turf[i] * lead
    for group in active:
        group.turf = [held + moved for held, moved in zip(group.turf, change[group.id])]


def fight(model):
    """Clashes of pairs at places."""
    gangs, t = model.p.gangs, model.t
    active = model.active()
    model.clashes = []
    total = [sum(group.effort[i] for group in active) for i in range(model.place_count)]
    for a in active:
        for b in active:
            if a.id >= b.id:
                continue
            chance = 1.0
            if not model.war[a.id, b.id]:
                inside = a.owner["conflict"] == b.owner["conflict"]
                chance = model.p.organisation.leakage if inside else gangs.truce_leakage
            for place in range(model.place_count):
                if total[place] <= 0:
                    continue
                rate = gangs.clash_rate * chance * a.effort[place] * b.effort[place] / total[place]
                key = (a.id * 1024 + b.id) * 1024 + place
                if model.uniform("clash", t, key) < 1 - math.exp(-rate):
                    clash(model, a, b, place, key)


def lanchester(first, second, effect_first, effect_second, duration):
    """What is left of both sides of a fight by the square law; it ends when a side is gone."""
    speed = math.sqrt(effect_first * effect_second)
    if speed == 0:
        return (
            max(0.0, first - effect_second * second * duration),
            max(0.0, second - effect_first * first * duration),
        )
    grown, fallen = math.cosh(speed * duration), math.sinh(speed * duration)
    left_first = first * grown - second * math.sqrt(effect_second / effect_first) * fallen
    left_second = second * grown - first * math.sqrt(effect_first / effect_second) * fallen
    balance = effect_first * first**2 - effect_second * second**2  # what the square law keeps
    if left_first <= 0 < balance or left_second <= 0 < balance:
        return math.sqrt(balance / effect_first), 0.0
    if left_first <= 0 or left_second <= 0:
        return 0.0, math.sqrt(-balance / effect_second)
    return left_first, left_second


def clash(model, a, b, place, key):
    """One clash: losses, turf, standing, report."""
    gangs, t = model.p.gangs, model.t
    side_a = min(gangs.engaged_fighters, a.effort[place] / model.p.scale)
    side_b = min(gangs.engaged_fighters, b.effort[place] / model.p.scale)
    strong_a, strong_b = strength(model, a), strength(model, b)
    power_a, power_b = impact(model, a, place), impact(model, b, place)
    left_a, left_b = lanchester(
        side_a, side_b, gangs.lethality * strong_a, gangs.lethality * strong_b, gangs.clash_duration
    )
    severity = math.exp(gangs.severity_sd * model.normal("severity", t, key) - gangs.severity_sd**2 / 2)
    died = 0
    for number, (group, side, left) in enumerate(((a, side_a, left_a), (b, side_b, left_b))):
        killed = poisson((side - left) * severity, model.uniform("fighters killed", t, key, number))
        killed = min(killed, math.ceil(side), group.fighters)
        group.fighters -= killed
        group.losses += killed
        model.tally["fighters_killed"] += killed
        died += killed
    if model.p.rules.turf == "contest":
        winner, loser = win_by_impact(model, a, b, power_a, power_b, key)
    else:
        lead = strong_a * left_a - strong_b * left_b
        if abs(lead) < 1e-9 * (strong_a + strong_b):
            lead = model.uniform("clash tie", t, key) - 0.5
        winner, loser = (a, b) if lead > 0 else (b, a)
    moved = gangs.turf_moved * loser.turf[place]
    loser.turf[place] -= moved
    winner.turf[place] += moved
    public = model.uniform("clash reported", t, key) < gangs.reporting + (gangs.publicity_death if died else 0.0)
    model.tally["clashes"] += 1
    model.tally["clashes_reported"] += public
    model.clashes.append((key, place, public, max(a.brand, b.brand)))


def win_by_impact(model, a, b, power_a, power_b, key):
    """The winner by shares of impact; standings move with the surprise."""
    reputed_a, reputed_b = power_a * math.exp(a.standing), power_b * math.exp(b.standing)
    chance = power_a / (power_a + power_b) if power_a + power_b > 0 else 0.5
    believed = reputed_a / (reputed_a + reputed_b) if reputed_a + reputed_b > 0 else 0.5
    winner, loser = (a, b) if model.uniform("clash winner", model.t, key) < chance else (b, a)
    surprise = model.p.gangs.strength_learning * (1 - (believed if winner is a else 1 - believed))
    winner.standing += surprise
    loser.standing -= surprise
    return winner, loser


def bystanders(model):
    """People killed and hurt near clashes."""
    gangs, t = model.p.gangs, model.t
    for key, place, _, _ in model.clashes:
        killed = rounded(gangs.bystander_deaths, model.uniform("bystander deaths", t, key))
        hurt = rounded(gangs.bystander_injuries, model.uniform("bystander injuries", t, key))
        if killed + hurt == 0:
            continue
        near = [person for person in model.present() if is_near(model, person, place)]
        near.sort(key=lambda person: model.uniform("bystander", t, person.id, key))
        for person in near[:killed]:
            model.tally["deaths_clashes"] += 1
            model.ends(person, "dead")
        model.tally["injuries_clashes"] += len(near[killed : killed + hurt])
    warm(model)


def warm(model):
    """Heat by public clashes and by deaths in clashes."""
    rules = model.p.police
    for _, _, public, brand in model.clashes:
        if public:
            model.heat += rules.heat_clash * (1 + rules.heat_brand * brand)
    model.heat += rules.heat_death * (model.tally["fighters_killed"] + model.tally["deaths_clashes"])


def is_near(model, person, place):
    """At the staging place, or without shelter in the sector's corridor."""
    if place >= model.sector_count:
        return person.place == place - model.sector_count
    return person.shelter is None and person.corridor == model.corridor_of[place]
