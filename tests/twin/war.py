"""Impact, hostility, war and peace (submodels.md, Turf)."""

import math

from tests.twin.ownership import owners, together


def strength(model, group):
    """Arms, a borrowed name, and disarray after a leader's arrest."""
    gangs = model.p.gangs
    armed = min(group.weapons / max(group.fighters, 1), 1)
    return (1 + gangs.arms_effect * armed) * (1 + gangs.intimidation * group.brand) * (1 - group.disarray)


def impact(model, group, place):
    """What a group weighs in the contest of a place."""
    gangs, held = model.p.gangs, group.turf[place]
    effort = group.effort[place]
    if model.p.rules.turf == "contest":
        effort = max(effort, gangs.foothold * model.p.scale * held)
    if held <= 0 or effort <= 0:
        return 0.0
    return strength(model, group) * held**gangs.incumbency * effort**gangs.decisiveness


def impact_shares(model, reputed=False):
    """sigma by group and place; with standings if reputed."""
    shares = {group.id: [0.0] * model.place_count for group in model.groups}
    active = model.active()
    for place in range(model.place_count):
        power = [impact(model, group, place) * (math.exp(group.standing) if reputed else 1.0) for group in active]
        for group, x in zip(active, power):
            shares[group.id][place] = x / sum(power) if sum(power) > 0 else 0.0
    return shares


def prize_of_turf(model, place):
    """V_s: discounted value of what turf at a place brings a night."""
    gangs = model.p.gangs
    return model.prize[place] * gangs.turf_drift / (gangs.discount + gangs.turf_drift * (1 - gangs.incumbency))


def settle_pairs(model):
    """Pairs at war by owner: inactive pairs and groups together have peace; owners share their groups' wars."""
    fighting = set()
    if model.p.rules.turf == "contest":
        for a in model.active():
            for b in model.active():
                if a is not b and model.war[a.id, b.id]:
                    fighting.add((a.owner["conflict"], b.owner["conflict"]))
    for a in model.groups:
        for b in model.groups:
            if a is b:
                continue
            pair = a.owner["conflict"], b.owner["conflict"]
            apart = a.active and b.active and pair[0] != pair[1]
            if model.p.rules.turf == "pairwise":
                model.war[a.id, b.id] = apart
            elif model.p.rules.turf == "contest":
                model.war[a.id, b.id] = apart and pair in fighting
            elif not apart:
                model.war[a.id, b.id] = False


def review_war(model):
    """Owners decide on war and peace."""
    if model.p.rules.turf == "contest":
        settle_pairs(model)
        weigh_wars(model)
    elif model.p.rules.turf == "decision":
        review_peace(model)


def sums(rows, groups, places):
    """Sums over groups, by place."""
    return [sum(rows[group.id][i] for group in groups) for i in places]


def weigh_wars(model):
    """Each pair of owners begins or ends a war with a hazard that rises with what is gained."""
    gangs, t = model.p.gangs, model.t
    by_owner = owners(model, "conflict")
    places = range(model.place_count)
    reputed = impact_shares(model, reputed=True)
    sigma = {o: sums(reputed, groups, places) for o, groups in by_owner.items()}
    turf = {o: [sum(group.turf[i] for group in groups) for i in places] for o, groups in by_owner.items()}
    effort = {o: [sum(group.effort[i] for group in groups) for i in places] for o, groups in by_owner.items()}
    everyone = [sum(effort[o][i] for o in by_owner) for i in places]
    prize = [prize_of_turf(model, i) for i in places]
    gains = {}
    for a in by_owner:
        for b in by_owner:
            if a == b:
                continue
            won = kept = clashes = 0.0
            for i in places:
                s, v = sigma[a][i], prize[i]
                won += v * (turf[b][i] * s - turf[a][i] * sigma[b][i])
                kept += v * s * (turf[b][i] * (1 - s) + turf[a][i] * sigma[b][i])
                if everyone[i] > 0:
                    clashes += effort[a][i] * effort[b][i] / everyone[i]
            gains[a, b] = won - gangs.decisiveness * (1 - gangs.deterrence) * kept
            gains[a, b] -= gangs.clash_cost * gangs.clash_rate * clashes
    for a in by_owner:
        for b in by_owner:
            if a < b:
                change_state(model, t, a, b, by_owner, max(gains[a, b], gains[b, a]))


def change_state(model, t, a, b, by_owner, gain):
    """War begins if somebody gains, and ends if nobody does, with a chance."""
    gangs = model.p.gangs
    fighting = model.war[by_owner[a][0].id, by_owner[b][0].id]
    if gain == 0 or fighting == (gain > 0):
        return
    urge = 1.0
    if gangs.war_temperature > 0:
        urge = 1 - math.exp(-abs(gain) / (gangs.war_temperature * model.p.scale))
    chance = 1 - math.exp(-gangs.war_hazard * model.p.market.review_nights * urge)
    if model.uniform("war", t, a * 1024 + b) < chance:
        for j in by_owner[a]:
            for k in by_owner[b]:
                model.war[j.id, k.id] = model.war[k.id, j.id] = not fighting


def breaks_peace(patience, own, other, share, surprise):
    """Does an owner with that patience fight: is the surprise worth more than peace?"""
    deviate = own + surprise * other
    return deviate - own > patience * (deviate - share**2 * (own + other))


def review_peace(model):
    """rules.turf=decision. Trigger strategies: war iff one of the two would break the peace."""
    gangs = model.p.gangs
    places = range(model.place_count)
    fellows = {group.id: together(model, "conflict", group) for group in model.active()}
    patience = {}
    for j, groups in fellows.items():
        own = [group.patience for group in groups if group.active]
        patience[j] = sum(own) / len(own)
    turf = {j: [sum(k.turf[i] for k in groups) for i in places] for j, groups in fellows.items()}
    power = {j: sum(impact(model, k, i) for k in groups for i in places) for j, groups in fellows.items()}

    def stake(j, k):
        return sum(
            turf[j][i] * model.prize[i] * gangs.contestable for i in places if turf[k][i] > gangs.presence * (1 + 1e-9)
        )

    for a in model.groups:
        for b in model.groups:
            if a.id >= b.id:
                continue
            war = False
            if a.active and b.active and a.owner["conflict"] != b.owner["conflict"]:
                both = power[a.id] + power[b.id]
                share_a = power[a.id] / both if both > 0 else 0.0
                share_b = power[b.id] / both if both > 0 else 0.0
                held_a, held_b = stake(a.id, b.id), stake(b.id, a.id)
                war = breaks_peace(patience[a.id], held_a, held_b, share_a, gangs.surprise)
                war = war or breaks_peace(patience[b.id], held_b, held_a, share_b, gangs.surprise)
            model.war[a.id, b.id] = model.war[b.id, a.id] = war
