"""One night on the border, from dusk to dawn: read this first.

The order of calls is the model's schedule.  All agents decide on the state at dusk; one draw decides each attempt;
money moves only in `sim/world/ledger.py`.  A call `rules.x` runs the alternative that the configuration names; `world`
holds the lasting state, and local names hold what lasts for this night only.
"""

from inspect import signature
from types import SimpleNamespace

import numpy as np

from sim.registry import extensions
from sim.registry.errors import ConfigurationError
from sim.rules import (
    arms,
    arrivals,
    bribes,
    bystanders,
    choice,
    decoys,
    dispatch,
    extortion,
    interception,
    learning,
    payment,
    police,
    price,
    protection,
    pushback,
    relocation,
    shelter,
    staffing,
    stages,
    structure,
    turf,
    worth,
)
from sim.world.expectations import remember_market
from sim.world.patrols import patrols_by_sector

# configuration key under `rules`: alternatives by name, each a function or a NamedTuple of one function a moment
ALTERNATIVES = {
    "arrivals": arrivals.RULES, "shelter": shelter.RULES, "price": price.RULES, "choice": choice.RULES,
    "dispatch": dispatch.RULES, "decoys": decoys.RULES, "interception": interception.RULES,
    "pushback": pushback.RULES, "payment": payment.RULES, "bribes": bribes.RULES, "extortion": extortion.RULES,
    "turf": turf.RULES, "police": police.RULES, "structure": structure.RULES, "learning": learning.RULES,
    "staffing": staffing.RULES, "arms": arms.RULES, "stages": stages.RULES,
}


def chosen_rules(p) -> SimpleNamespace:
    """The rules named in the configuration: ours, or those of other packages (`sim.registry.extensions`)."""
    return SimpleNamespace(**{key: alternative(key, getattr(p.rules, key)) for key in ALTERNATIVES})


def alternative(key: str, name: str):
    """One alternative of a rule; raises ConfigurationError if another package's rule has an unfit interface."""
    ours = ALTERNATIVES[key].get(name)
    return ours or fitting(key, name, extensions.load("rules", f"{key}.{name}"))


def fitting(key: str, name: str, rule):
    """The rule of another package; raises ConfigurationError unless it has the interface of our alternatives."""
    model = next(iter(ALTERNATIVES[key].values()))
    if not isinstance(model, tuple):
        accepts(f"rules.{key}={name}", rule, model)
    elif not isinstance(rule, type(model)):
        kind = type(model)
        raise ConfigurationError(f"rules.{key}={name}: must be a {kind.__module__}.{kind.__name__}, one function for "
                                 f"each of {', '.join(kind._fields)}; take those that it does not change from RULES")
    else:
        for moment, ours, theirs in zip(model._fields, model, rule):
            accepts(f"rules.{key}={name}, {moment}", theirs, ours)
    return rule


def accepts(what: str, function, model) -> None:
    """Raise ConfigurationError unless a function accepts the arguments of `model`, one of our alternatives."""
    expected = signature(model)
    try:
        signature(function).bind(*expected.parameters)
    except (TypeError, ValueError):
        raise ConfigurationError(f"{what}: must be a function of ({', '.join(expected.parameters)})") from None


def one_night(world, rules) -> np.ndarray:
    """Play one night, from dusk to dawn; returns rows of the people who leave the system."""
    world.open_night()

    # people arrive, return and find shelter
    rules.arrivals(world)
    rules.police.return_moved(world)
    killed_in_captivity = rules.extortion.release(world)
    dropped_out = choice.drop_out(world)
    rules.shelter(world)

    # owners review prices and offers, given the demand they saw
    if world.calendar.is_review(world.t):
        worth.review_worth(world)
        remember_market(world)
        price.review_scarcity(world)
        rules.stages(world)
        rules.price(world)
        rules.extortion.review(world)
        rules.bribes.review(world)
        rules.turf.review(world)
        world.demand.clear(world.groups.n)

    # people choose, parties leave, patrols meet some of them
    renewed = rules.payment.renew(world)
    rules.choice(world, renewed)
    parties = rules.dispatch(world)
    rules.payment.in_advance(world, parties)
    retained = rules.bribes.retain(world)
    patrols = rules.decoys(world, parties, patrols_by_sector(world))
    crossing = rules.interception(world, parties, patrols, retained)

    # attempts end, fees are paid, groups abduct
    out_of_pushback = rules.pushback(world, parties, crossing)
    crossed_or_died = rules.payment.on_return(world, parties, crossing)
    rules.extortion.abduct(world)

    # groups contest turf, police respond
    clashes = rules.turf.fight(world)
    killed_nearby = bystanders.hit(world, clashes)
    rules.bribes.rotate(world)
    rules.bribes.payroll(world)
    rules.police.act(world, parties, crossing)
    protection.charge(world)

    # groups hire, arm and settle with owners; people learn
    fighters = rules.turf.fighters_wanted(world)
    rules.staffing(world, fighters)
    relocation.relocate(world)
    rules.arms(world)
    rules.structure(world)
    rules.learning(world, parties, crossing)
    return np.concatenate([killed_in_captivity, dropped_out, out_of_pushback, crossed_or_died, killed_nearby])
