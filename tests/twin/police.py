"""Operations, raids, arrests, heat, redeployment and prisons (submodels.md, step 16 and Police)."""

import math

from tests.twin.agents import ROLES
from tests.twin.draws import geometric, picked, poisson, rounded
from tests.twin.measures import in_force, joint_work
from tests.twin.ownership import together
from tests.twin.payroll import teams
from tests.twin.posts import crew, miss, stand
from tests.twin.presence import remain

ARREST_ORDER = ("fighters", "drivers", "fixers", "guides")


def police(model):
    """Step 16, in the order of the text."""
    strength = operation(model)
    found = find(model, strength)
    arrest_suspects(model, found)
    arrest_guides(model)
    attacks = attack(model, max(strength))
    warm(model, attacks)
    redeploy(model)
    remain(model, strength)
    prisons(model)


def operation(model):
    """Operations end and start; heat fades; strength tonight by corridor."""
    rules, t = model.p.police, model.t
    imposed = in_force(model, "operation")
    last_over = not imposed and in_force(model, "operation", night=t - 1)
    running = model.operation_since is not None and not imposed
    lasted = t - model.operation_since if running else 0
    cooled = lasted >= rules.operation_nights and model.heat < rules.heat_threshold * model.p.scale
    longest = max(rules.operation_nights, rules.operation_longest)
    if running and (last_over or cooled or lasted >= longest):
        model.operation_since = None
        model.operation_ended = t
    rested = t - model.operation_ended >= rules.operation_gap
    dated = t in [model.night_of(row["date"]) for row in rules.operations]
    hot = rested and model.heat >= rules.heat_threshold * model.p.scale
    if model.operation_since is None and (hot or dated or imposed):
        model.operation_since = t
        model.tally["operations"] += 1
    model.heat *= rules.heat_memory
    if model.operation_since is None:
        return [0.0 for _ in model.corridors]
    model.tally["operation"] = 1
    ramp = min(1.0, (t - model.operation_since + 1) / rules.operation_ramp)
    return [ramp * (largest(model, c) if imposed else 1.0) for c in model.corridors]


def largest(model, corridor):
    """The largest strength of the operations imposed at a corridor."""
    return max((x.strength for x in in_force(model, "operation", corridor)), default=0.0)


def find(model, strength):
    """People outside camps in the north are found and moved south."""
    rules, t = model.p.police, model.t
    routine = [rules.routine_find + x * (rules.operation_find - rules.routine_find) for x in strength]
    missed = [math.exp(-rules.presence_find * r) for r in model.presence]
    chance = [f + (1 - f) * (1 - x) for f, x in zip(routine, missed)]
    found = 0
    for person in model.present():
        if person.place is None or model.p.border.staging_regions[person.place] != 0:
            continue
        if model.uniform("found", t, person.id) < chance[person.corridor]:
            found += 1
            person.before = (person.status, person.until)
            person.lose_shelter()
            person.disengage()
            person.status = "moved"
            person.until = t + geometric(rules.return_nights, model.uniform("return", t, person.id))
    model.tally["found_and_moved"] = found
    return found


def arrest_suspects(model, found):
    """Suspects by group, rifles, roles, leaders, raid losses."""
    rules, t = model.p.police, model.t
    mean = found * rules.suspects_per_found
    mean *= rules.joint_work_raids ** max(joint_work(model, c) for c in model.corridors)
    suspects = poisson(mean, model.uniform("suspects", t, 0))
    active = model.active()
    weights = [group.members * at_risk(model, group) for group in active]
    arrested = {group.id: 0 for group in active}
    if sum(weights) > 0:
        for suspect in range(suspects):
            arrested[active[picked(model.uniform("suspect's group", t, suspect), weights)].id] += 1
    for group in arranged(model):
        arrested[group.id] += 1
    for group in active:
        number = min(arrested[group.id], group.members)
        model.tally["suspects_arrested"] += number
        raid(model, group, number)


def arranged(model):
    """Groups in which teams on a payroll arrest a rival of their payer tonight."""
    found = []
    for team in teams(model):
        chance = model.p.police.arranged_arrests / 30
        if team.serves is None or model.uniform("rival arrested", model.t, team.id) >= chance:
            continue
        rivals = [group for group in model.active() if group.owner["bribe"] != team.serves.owner["bribe"]]
        weights = [group.members for group in rivals]
        if sum(weights) > 0:
            found.append(rivals[picked(model.uniform("rival's group", model.t, team.id), weights)])
    return found


def spared(model, group):
    """Share of the teams that serve the groups whose bribes are decided with this one's."""
    fellows = together(model, "bribe", group)
    interior = teams(model)
    return sum(team.serves in fellows for team in interior) / len(interior)


def at_risk(model, group):
    """How exposed a group's members are to arrest."""
    return group.exposure * (1 - model.p.police.payroll_effect * spared(model, group))


def member_worth(model, group):
    """omega: what a member arrested adds to a group's raid loss."""
    gangs = model.p.gangs
    odds = 1 - (1 - model.p.police.leader_share) ** (1 / model.p.scale)
    at_stake = odds * gangs.split_chance / 2 * max(group.profit, 0.0) * gangs.entrant_horizon
    return gangs.hiring_cost + at_stake


def raid(model, group, arrested):
    """What a group loses tonight."""
    rules, gangs, t = model.p.police, model.p.gangs, model.t
    rifles = 0
    if arrested:
        before = group.members
        share = min(arrested / before * rules.seizure, 1)
        rifles = min(group.weapons, rounded(group.weapons * share, model.uniform("rifles seized", t, group.id)))
        group.weapons -= rifles
        model.tally["weapons_seized"] += rifles
        numbers = {role: getattr(group, role) for role in ROLES}
        left = arrested
        for index, role in enumerate(ARREST_ORDER):
            taken = rounded(arrested * numbers[role] / before, model.uniform("role arrested", t, group.id, index))
            taken = min(taken, numbers[role], left)
            setattr(group, role, numbers[role] - taken)
            left -= taken
        model.prison_serbia += arrested
        if model.uniform("leader taken", t, group.id) < 1 - (1 - rules.leader_share) ** (arrested / model.p.scale):
            group.leader_taken = True
            group.disarray = gangs.leader_weakness
    arrested += arrest_crew(model, group)
    loss = arrested * member_worth(model, group) + rifles * gangs.rifle_price
    group.raid_loss += rules.raid_learning * (loss - group.raid_loss)


def arrest_crew(model, group):
    """Presence arrests guides and drivers where they stand; how many."""
    rate = model.p.police.presence_arrests * at_risk(model, group)
    hit = [a * (1 - math.exp(-rate * r)) for a, r in zip(group.posts, model.presence)]
    before, arrested = crew(group), 0
    numbers = {}
    for index, role in enumerate(("guides", "drivers")):
        number = getattr(group, role)
        u = model.uniform("crew arrested", model.t, group.id, index)
        numbers[role] = min(number, rounded(number * sum(hit), u))
        arrested += numbers[role]
    stand(group, [a - share for a, share in zip(group.posts, hit)])
    miss(model, group, [before * share for share in hit], member_worth(model, group))
    for role, number in numbers.items():
        setattr(group, role, getattr(group, role) - number)
    model.prison_serbia += arrested
    model.tally["suspects_arrested"] += arrested
    return arrested


def arrest_guides(model):
    """Guides of stopped parties."""
    before = {group.id: crew(group) for group in model.groups}
    caught = {}
    for party in model.parties:
        if not party.stopped or party.owner is None or party.group.guides == 0:
            continue
        if model.uniform("guide caught", model.t, party.id) < model.p.police.guide_arrest:
            caught.setdefault(party.group.id, [0 for _ in model.corridors])[party.corridor] += 1
            party.group.guides -= 1
            model.prison_hungary += 1
            model.tally["guides_arrested"] += 1
    for number, taken in caught.items():
        group = model.groups[number]
        stand(group, [max(a * before[number] - n, 0) for a, n in zip(group.posts, taken)])
        miss(model, group, taken, member_worth(model, group))


def attack(model, strength):
    """Attacks on officers."""
    rules = model.p.police
    fighting = sum(group.fighters / 2 + min(group.weapons, group.fighters) for group in model.active())
    mean = rules.attack_rate * fighting * (1 + rules.militancy * strength)
    number = poisson(mean, model.uniform("attacks", model.t, 0))
    model.tally["officers_attacked"] = number
    return number


def warm(model, attacks):
    """Heat by attacks (that of clashes is in turf.py)."""
    rules = model.p.police
    model.heat += rules.heat_attack * attacks


def redeploy(model):
    """Weights of a corridor's sectors move towards their share of its interceptions."""
    rules = model.p.police
    for sectors in model.sectors_of:
        caught = sum(model.interceptions_in[s] for s in sectors)
        if caught:
            for s in sectors:
                goal = model.interceptions_in[s] / caught * len(sectors)
                moved = model.patrol_weight[s] + rules.redeployment * (goal - model.patrol_weight[s])
                model.patrol_weight[s] = max(moved, rules.patrol_floor)


def prisons(model):
    """Sentences end; on the release date many go at once; some join the pool."""
    rules = model.p.police
    out_serbia = model.prison_serbia / rules.sentence_nights
    out_hungary = model.prison_hungary / rules.sentence_nights
    if model.t == model.release:
        out_hungary = min(rules.release_persons * model.p.scale, model.prison_hungary)
    model.prison_serbia -= out_serbia
    model.prison_hungary -= out_hungary
    model.labour_pool += rules.return_share * (out_serbia + out_hungary)
