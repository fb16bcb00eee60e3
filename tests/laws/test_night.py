"""The night: its schedule, what it hands on, and which alternatives it accepts."""

import ast
import inspect
from pathlib import Path

import numpy as np
import pytest

from conftest import SMALL, play
from experiments import diagrams
from sim import night
from sim.market import Market
from sim.night import ALTERNATIVES, fitting
from sim.registry.configuration import configure
from sim.registry.errors import ConfigurationError
from sim.rules.turf import RULES
from sim.world.people import Status

PAGE = Path(__file__).parents[2] / "docs" / "model.md"
MOMENTS = [(key, moment) for key, rules in ALTERNATIVES.items() for first in list(rules.values())[:1]
           for moment in getattr(first, "_fields", ())]


def test_the_page_lists_the_schedule_of_the_code():
    between = PAGE.read_text(encoding="utf-8").split("<!-- schedule -->\n")[1].split("\n<!-- /schedule -->")[0]
    assert between.splitlines() == diagrams.schedule()


@pytest.mark.parametrize("key, moment", MOMENTS)
def test_every_moment_of_a_rule_is_called(key, moment):
    assert (f"{key}.{moment}", True) in [call for _, _, calls in diagrams.stages() for call in calls]


def test_the_night_hands_on_what_lives_one_night_by_arguments():
    """Every local name is used again, and the world holds nothing under these names."""
    tree = ast.parse(inspect.getsource(night.one_night))
    given = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    assert {"renewed", "retained", "clashes", "parties", "crossing"} <= given <= used
    assert not given & set(vars(Market(configure("status_quo", SMALL), 1).world))


@pytest.mark.parametrize("scenario", ["dossier", "entry"])
def test_those_who_leave_for_good_are_those_who_are_through(scenario):
    market, leaving = Market(configure(scenario, [*SMALL, "gangs.clash_rate=1", "gangs.bystander_deaths=1"]), 3), []

    def watch(world, exits):
        status = world.people.status
        assert sorted(exits) == np.flatnonzero(status >= Status.PROCEDURE).tolist()
        leaving.append(np.bincount(status[exits], minlength=9))

    market.watchers.append(watch)
    while market.running:
        market.step()
    total = np.sum(leaving, axis=0)
    assert total.sum() == market.world.exited and (total[Status.PROCEDURE :] > 0).sum() >= 3


def never_at_war(world):
    """A moment of turf from another package: everybody keeps peace."""
    world.war[:] = False


def test_an_alternative_may_replace_one_moment():
    truce = RULES["decision"]._replace(review=never_at_war)
    fixed = "rules.turf=decision"
    market = Market(configure("fragmented", [*SMALL, fixed]), 5)
    market.rules.turf = fitting("turf", "truce", truce)
    while market.running:
        market.step()
    at_war = play("fragmented", fixed).record().nights["pairs_at_war"]
    assert market.record().nights["pairs_at_war"].sum() == 0 < at_war.sum()


@pytest.mark.parametrize("key, rule, said", [
    ("turf", never_at_war, "rules.turf=x: must be a sim.rules.turf.Turf, one function for each of review, fight"),
    ("police", lambda world, parties, crossing: None, "must be a sim.rules.police.Police"),
    ("turf", RULES["decision"]._replace(fight=lambda: []), "rules.turf=x, fight: must be a function of (world)"),
    ("choice", lambda world: None, "rules.choice=x: must be a function of (world, renewed)"),
    ("interception", lambda world, parties, patrols: None, "a function of (world, parties, patrols, retained)"),
    ("price", RULES["decision"], "rules.price=x: must be a function of (world)"), ("price", 5, "must be a function"),
])
def test_an_alternative_of_another_shape_is_refused_in_one_line(key, rule, said):
    with pytest.raises(ConfigurationError) as refused:
        fitting(key, "x", rule)
    assert said in str(refused.value) and "\n" not in str(refused.value)


@pytest.mark.parametrize("key", ALTERNATIVES)
def test_every_alternative_of_the_model_fits(key):
    for name, rule in ALTERNATIVES[key].items():
        assert fitting(key, name, rule) is rule
