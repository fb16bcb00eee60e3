"""Parties are formed and sent, decoys drawn (submodels.md, steps 8 and 9)."""

import math

from tests.twin.agents import Party
from tests.twin.contract import owners_passage_value, passage_value
from tests.twin.draws import cents, picked, rounded
from tests.twin.fees import pay_in_advance
from tests.twin.learning import sector_belief
from tests.twin.measures import joint_work, total
from tests.twin.money import group_pays, groups_pay_together, person_pays
from tests.twin.ownership import owners, together
from tests.twin.presence import capacity_left, setting_out


def dispatch(model):
    """Step 8."""
    ready = ready_to_go(model)
    served = serve_clients(model, [person for person in ready if person.client_of is not None])
    going = [(-1, None, person) for person in ready if person.alone]
    going += [(owner, owner, person) for owner, person in served]
    going.sort(key=lambda row: (row[0], row[2].corridor, row[2].engaged, row[2].id))
    model.parties = []
    while going:
        owner, corridor = going[0][1], going[0][2].corridor
        together = [person for _, o, person in going if o == owner and person.corridor == corridor]
        form_parties(model, owner, corridor, together)
        going = going[len(together) :]
    for party in model.parties:
        party.group = party.people[0].client_of
        choose_sector(model, party)
        for person in party.people:
            set_out(model, person, party)
    clients = {group.id: [x for _, x in served if x.client_of is group] for group in model.active()}
    price = cents(model.p.market.attempt_cost)
    for group in model.active():
        group_pays(model, group, len(clients[group.id]) * price, "operating")
        if clients[group.id]:
            fares = sum(person.fare for person in clients[group.id]) / 100 / len(clients[group.id])
            group.fares += model.p.market.learning * (fares - group.fares)
    pay_in_advance(model)


def form_parties(model, owner, corridor, people):
    """Parties of about equal size."""
    size = model.p.migrants.unaided_party if owner is None else model.p.gangs.party_size
    number = max(1, round(len(people) / size))
    parties = [Party(owner, corridor) for _ in range(number)]
    for place, person in enumerate(people):
        parties[place * number // len(people)].people.append(person)
    model.parties += parties


def ready_to_go(model):
    """Clients and people alone who can set out tonight; police keep the others back."""
    ready = []
    chance = [setting_out(model, c) for c in model.corridors]
    for person in model.people:
        if person.status != "waiting" or not (person.alone or person.client_of is not None):
            continue
        if model.uniform("setting out", model.t, person.id) < chance[person.corridor]:
            ready.append(person)
        else:
            model.tally["kept_back"] += 1
    return ready


def serve_clients(model, clients):
    """Clients in order of (owner, night engaged, id): first from posts at their corridors, then from free places."""
    gangs, price = model.p.gangs, cents(model.p.market.attempt_cost)
    served = []
    for owner, groups in owners(model, "dispatch").items():
        queue = [x for x in clients if x.client_of.owner["dispatch"] == owner]
        queue.sort(key=lambda x: (x.engaged, x.id))
        places = {group.id: places_of(gangs, group, price) for group in groups}
        going = served_from_posts(model, owner, groups, places, queue)
        left = [person for person in queue if person.id not in going]
        going |= served_from_the_rest(model, (1 - gangs.stationed) * sum(places.values()), left)
        for person in queue:
            count = model.memory.served if person.id in going else model.memory.unserved
            count[person.client_of.id] += 1
            model.tally["unserved"] += person.id not in going
        served += [(owner, person) for person in queue if person.id in going]
    return served


def served_from_posts(model, owner, groups, places, queue):
    """Ids of the first in the queue for each corridor, as far as its posts go."""
    going = set()
    for c in model.corridors:
        posted = sum(group.posts[c] * places[group.id] for group in groups)
        posted *= model.p.gangs.stationed * capacity_left(model, c)
        number = rounded(posted, model.uniform("posts", model.t, owner * len(model.corridors) + c))
        going |= {person.id for person in [x for x in queue if x.corridor == c][:number]}
    return going


def served_from_the_rest(model, places, left):
    """Ids of those who go with guides and drivers that are tied to no corridor."""
    going, taken = set(), 0.0
    for person in left:
        if taken < places:
            going.add(person.id)
        taken += 1 / capacity_left(model, person.corridor)
    return going


def places_of(gangs, group, attempt_cost):
    """How many clients a group can take tonight."""
    money = max(group.treasury, 0) // attempt_cost if attempt_cost > 0 else math.inf
    return min(group.guides * gangs.clients_per_guide, group.drivers * gangs.clients_per_driver, money)


def choose_sector(model, party):
    """Turf times the exponent of believed success; uniform for those alone."""
    sectors = model.sectors_of[party.corridor]
    weights = [1.0] * len(sectors)
    if party.owner is not None:
        groups = together(model, "dispatch", party.group)
        slope = model.p.gangs.dispatch_slope
        if model.p.gangs.dispatch_stake > 0:
            slope *= owners_passage_value(model, party.owner, "dispatch") / model.p.gangs.dispatch_stake
        turf = [sum(group.turf[s] for group in groups) for s in sectors]
        if sum(turf) > 0:
            weights = [x * math.exp(slope * sector_belief(model, groups, s)) for x, s in zip(turf, sectors)]
    party.sector = sectors[picked(model.uniform("sector", model.t, party.id), weights)]


def set_out(model, person, party):
    """Transport and costs of an attempt; an informant in the camp tips."""
    p, name = model.p, p_corridor(model, person)
    model.tally["attempts"] += 1
    model.tally[f"attempts_{name}"] += 1
    transport = cents(p.border.transport_cost[person.region])
    if party.owner is None:
        model.tally["attempts_unaided"] += 1
        person_pays(model, person, transport, "unaided")
        person_pays(model, person, cents(p.migrants.unaided_cost), "unaided")
    else:
        model.tally["attempts_aided"] += 1
        person.fare = person_pays(model, person, transport, "transport", person.client_of)
    person.alone = False
    person.left_camp = person.camp
    if person.shelter == "camp" and person.camp.informant:
        person.tipped_until = model.t + p.gangs.tip_nights
    person.lose_shelter()
    person.status = "dispatched"


def p_corridor(model, person):
    """Name of a person's corridor."""
    return model.p.border.corridors[person.corridor]


def interception_rate(model, sector, patrols, parties):
    """The rate at which a party of ordinary people without a guide meets a patrol."""
    border = model.p.border
    phi = border.search_rate
    phi *= model.p.police.joint_work_factor ** joint_work(model, model.corridor_of[sector])
    length = model.length[sector]
    crowding = 1 + phi * border.handling_time * parties / length
    return phi * (patrols / length) * border.difficulty[model.corridor_of[sector]] / crowding


def decoy_spending(gain, unit):
    """D = d0 ln(B / d0), nothing below d0."""
    return unit * math.log(gain / unit) if gain > unit else 0.0


def moved_patrols(patrols, target, share):
    """A share of the others' patrols moves to the target."""
    moved = [k * (1 - share) for k in patrols]
    moved[target] = patrols[target] + share * (sum(patrols) - patrols[target])
    return moved


def decoys(model):
    """Step 9: where the patrols are tonight."""
    model.patrols = [0.0] * model.sector_count
    model.parties_in = [0] * model.sector_count
    for party in model.parties:
        model.parties_in[party.sector] += 1
    spent = {}
    for corridor, sectors in enumerate(model.sectors_of):
        units = sum(unit.corridor == corridor for unit in model.units)
        units *= 1 + total(model, "patrols", corridor)
        weights = sum(model.patrol_weight[s] for s in sectors)
        patrols = [units * model.patrol_weight[s] / weights for s in sectors]
        if model.p.rules.decoys != "none":
            patrols = draw_away(model, corridor, sectors, patrols, spent)
        for s, number in zip(sectors, patrols):
            model.patrols[s] = number
    for group in model.active():
        groups_pay_together(model, group, cents(spent.get(group.id, 0.0)), "decoys", "decoy")


def draw_away(model, corridor, sectors, patrols, spent):
    """The owner with the most to gain pays for decoys in a corridor."""
    gangs = model.p.gangs
    target = min(range(len(sectors)), key=lambda i: (model.parties_in[sectors[i]], i))
    pulled = moved_patrols(patrols, target, gangs.decoy_pull)

    def caught(i, number):
        rate = interception_rate(model, sectors[i], number, model.parties_in[sectors[i]])
        return 1 - math.exp(-rate * math.exp(-gangs.skill))

    saved = [caught(i, patrols[i]) - caught(i, pulled[i]) for i in range(len(sectors))]
    gains = {}
    for party in model.parties:
        if party.owner is None or party.corridor != corridor:
            continue
        for person in party.people:
            owner = person.client_of.owner["decoy"]
            value = passage_value(model, person.client_of, person.fee / 100, "decoy")
            gains[owner] = gains.get(owner, 0.0) + value * saved[party.sector - sectors[0]]
    if not gains:
        return patrols
    best = max(sorted(gains), key=lambda owner: gains[owner])
    unit = gangs.decoy_unit * model.p.scale
    spending = decoy_spending(gains[best], unit)
    if spending <= 0:
        return patrols
    payers = owners(model, "decoy")[best]
    for group in payers:
        spent[group.id] = spent.get(group.id, 0.0) + spending / len(payers)
    return moved_patrols(patrols, target, gangs.decoy_pull * (1 - math.exp(-spending / unit)))
