"""The state before the first night (submodels.md, The first night)."""

import math

from tests.twin.agents import ROLES, Camp, Group, Organisation, Unit
from tests.twin.draws import cents
from tests.twin.ownership import any_lever, join, leave


def largest_remainder(total, shares):
    """Whole numbers in proportion to shares; ties to the earlier."""
    exact = [total * share / sum(shares) for share in shares]
    numbers = [math.floor(x + 1e-12) for x in exact]
    order = sorted(range(len(shares)), key=lambda i: (-(round(exact[i] - numbers[i], 12)), i))
    for i in order[: total - sum(numbers)]:
        numbers[i] += 1
    return numbers


def sizes(gangs):
    """Relative sizes of the groups."""
    if gangs.large_share == 0 or gangs.large_count == 0 or gangs.large_count >= gangs.count:
        return [1 / gangs.count] * gangs.count
    rest = gangs.count - gangs.large_count
    large = [gangs.large_share / gangs.large_count] * gangs.large_count
    return large + [(1 - gangs.large_share) / rest] * rest


def set_up_groups(model):
    """Groups and free rows."""
    p, gangs = model.p, model.p.gangs
    night = -p.warmup
    origins = []
    for origin, number in enumerate(largest_remainder(gangs.count, gangs.origin_shares)):
        origins += [origin] * number
    model.groups = [Group(model, number) for number in range(gangs.count + gangs.free_rows)]
    for group in model.groups:
        leave(model, group)
        drawn = gangs.patience + gangs.patience_sd * model.normal("patience", night, group.id)
        group.patience = min(max(drawn, 0.0), 0.99)
    for group, size, origin in zip(model.groups, sizes(gangs), origins):
        group.active = True
        group.standing = math.sqrt(gangs.strength_learning) / 2 * model.normal("standing", night, group.id)
        group.origin = origin
        for role in ROLES:
            setattr(group, role, max(1, round(getattr(gangs, role) * p.scale * size)))
        group.weapons = round(gangs.armed_share * group.fighters)
        group.treasury = cents(gangs.treasury * p.scale * size)
        group.demand = p.migrants.arrivals * p.scale * size
        group.price = gangs.opening_price
        group.brand = gangs.brand if origin == 0 else 0.0
    model.war = {(a.id, b.id): False for a in model.groups for b in model.groups if a is not b}


def set_up_turf(model):
    """Home stretches and overlap, and fighters spread like turf."""
    overlap = model.p.gangs.overlap
    active = model.active()
    everyone = sum(group.members for group in active)
    start = 0.0
    for group in active:
        size = group.members / everyone
        end = start + size
        place = 0
        for cells in [*model.p.border.sectors, len(model.p.border.staging_regions)]:
            for cell in range(cells):
                home = max(0.0, min(end * cells, cell + 1) - max(start * cells, cell))
                group.turf[place] = overlap * size + (1 - overlap) * home
                place += 1
        start = end
        group.effort = [group.fighters * turf / model.place_count for turf in group.turf]


def set_up_camps(model):
    """Camps by region in order."""
    camps, night = model.p.camps, -model.p.warmup
    model.camps = []
    for region, number in enumerate(camps.by_region):
        for _ in range(number):
            index = len(model.camps)
            informant = model.uniform("informant", night, index) < camps.informant_share
            capacity = round(camps.capacity * model.p.scale)
            model.camps.append(Camp(f"C{index + 1:02d}", region, capacity, informant))


def new_officer(model, unit, night):
    """A new officer: on nobody's payroll, with a threshold of their own (step 15)."""
    police = model.p.police
    unit.serves = None
    unit.threshold = math.inf
    if model.uniform("corruptible", night, unit.id) < police.corruptible:
        interior = unit.corridor is None
        median = police.interior_reservation_bribe if interior else police.reservation_bribe
        sd = police.interior_reservation_bribe_sd if interior else police.reservation_bribe_sd
        unit.threshold = median * math.exp(sd * model.normal("integrity", night, unit.id))


def set_up_units(model):
    """Patrol units by corridor, then interior teams."""
    police = model.p.police
    patrols = round(police.patrols * model.p.scale)
    model.units = []
    for number in range(patrols):
        middle = (number + 0.5) / patrols
        cumulated = 0.0
        corridor = len(police.patrol_shares) - 1
        for index, share in enumerate(police.patrol_shares):
            cumulated += share
            if middle < cumulated:
                corridor = index
                break
        model.units.append(Unit(number, corridor))
    for _ in range(max(1, round(police.interior_teams * model.p.scale))):
        model.units.append(Unit(len(model.units), None))
    for unit in model.units:
        new_officer(model, unit, -model.p.warmup - 1)


def set_up_organisations(model):
    """O1 and O2, and the groups under O1 from the start."""
    rules = model.p.organisation
    model.organisations = [Organisation(len(model.groups)), Organisation(len(model.groups) + 1)]
    appealed = [group for group in model.active() if rules.affine == "all" or group.origin == 0]
    if any_lever(model):
        for group in appealed[: round(rules.control * len(appealed))]:
            join(model, group, model.organisations[0])
