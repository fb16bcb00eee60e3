"""Presence of police at corridors, and what it denies (submodels.md, steps 2 and 8, Utilities, Police)."""

import math

from tests.twin.measures import total


def setting_out(model, corridor):
    """s_c: the chance that people can set out tonight."""
    return math.exp(-model.p.police.presence_staging * model.presence[corridor])


def log_getting_away(model, corridor):
    """ln sigma_c: the chance to set out within `review` nights."""
    s = setting_out(model, corridor)
    if s in (0, 1):
        return 0.0 if s else -math.inf
    return math.log(-math.expm1(model.p.migrants.review * math.log1p(-s)))  # exact also where s is tiny


def capacity_left(model, corridor):
    """The share of places that presence leaves."""
    return math.exp(-model.p.police.presence_capacity * model.presence[corridor])


def drivers_at(model, corridor):
    """D_c: drivers of active groups who can work at a corridor."""
    number = sum(group.posts[corridor] * group.drivers for group in model.active())
    return number * capacity_left(model, corridor)


def finds_driver(model, person):
    """Does somebody who was moved find a driver tonight?"""
    opening = model.opening_drivers[person.corridor]
    left = min(1.0, drivers_at(model, person.corridor) / opening) if opening > 0 else 1.0
    return model.uniform("driver found", model.t, person.id) < left**model.p.police.return_needs_drivers


def remain(model, strength):
    """R_c moves towards tonight's operation and the measures of presence."""
    kept = model.p.police.presence_memory
    for c in model.corridors:
        tonight = strength[c] + total(model, "presence", c)
        model.presence[c] = kept * model.presence[c] + (1 - kept) * tonight
