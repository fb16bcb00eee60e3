"""The calendar of police and state: which measures are in force tonight (submodels.md, Police)."""

import math
from types import SimpleNamespace

WITHOUT_END = math.inf


def set_up(model):
    """The records of the calendar, and what older keys say."""
    police = model.p.police
    model.measures = [measure(model, row) for row in police.calendar]
    if police.crackdown_nights > 0:
        first = model.night_of(police.crackdown_from)
        last = first + police.crackdown_nights - 1
        add(model, "operation", first, last, 1.0, model.corridors)
        for corridor in model.corridors:
            add(model, "patrols", first, last, police.crackdown_patrols[corridor], [corridor])
    add(model, "joint_work", model.night_of(police.joint_work_from), WITHOUT_END, 1.0, model.corridors)


def add(model, kind, first, last, strength, corridors):
    """A measure from an older key."""
    model.measures.append(
        SimpleNamespace(kind=kind, first=first, last=last, strength=strength, corridors=list(corridors))
    )


def measure(model, row):
    """One record of police.calendar."""
    first, last = model.night_of(row["from"]), WITHOUT_END
    if "until" in row:
        last = model.night_of(row["until"])
    elif "nights" in row:
        last = first + row["nights"] - 1
    named = row.get("corridors", "all")
    corridors = [c for c in model.corridors if named == "all" or model.p.border.corridors[c] in named]
    return SimpleNamespace(
        kind=row["kind"], first=first, last=last, strength=row.get("strength", 1.0), corridors=corridors,
        nationality=row.get("nationality"), camps=row.get("camps", "all"),
    )  # fmt: skip


def in_force(model, kind, corridor=None, night=None):
    """Measures of a kind in force tonight (or on another night), anywhere or at one corridor."""
    night = model.t if night is None else night
    return [
        x for x in model.measures
        if x.kind == kind and x.first <= night <= x.last and (corridor is None or corridor in x.corridors)
    ]  # fmt: skip


def total(model, kind, corridor):
    """The strengths of the measures of a kind in force at a corridor, added up."""
    return sum(x.strength for x in in_force(model, kind, corridor))


def joint_work(model, corridor):
    """J_c."""
    return total(model, "joint_work", corridor)


def visas(model, origin):
    """v_o: the factors of the visa measures for an origin, multiplied."""
    name = model.p.migrants.origins[origin]
    return math.prod(x.strength for x in in_force(model, "visas") if x.nationality == name)


def shut(model, camp):
    """Is a camp shut by a measure tonight?"""
    return any(x.camps == "all" or camp.name in x.camps for x in in_force(model, "camps"))
