"""Every alternative of a rule keeps every law, and the registry knows it."""

import numpy as np
import pytest

from conftest import play
from sim.night import ALTERNATIVES
from sim.registry.parameters import registry

OTHERS = [f"rules.{key}={name}" for key in ALTERNATIVES for name in registry()[f"rules.{key}"].choices[1:]]


@pytest.mark.long
@pytest.mark.parametrize("rule", OTHERS)
@pytest.mark.parametrize("scenario", ["dossier", "entry"])
def test_every_alternative_keeps_every_law(scenario, rule):
    record = play(scenario, rule, "nights=25", "gangs.entry=0.02", "gangs.split_chance=1").record()  # checks=true
    assert record.run["crossings"] > 0
    for name, column in record.nights.items():
        assert name == "date" or np.isfinite(column.astype(float)).all() or name == "trust", name


@pytest.mark.parametrize("key", ALTERNATIVES)
def test_the_registry_names_every_alternative_and_the_first_is_the_default(key):
    entry = registry()[f"rules.{key}"]
    assert list(entry.choices) == list(ALTERNATIVES[key]) and entry.default == entry.choices[0]
