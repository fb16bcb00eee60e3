"""Accidents by cause: they add up, the shares and the season hold, and which cause it was changes nothing else."""

import numpy as np
import pytest

from conftest import play
from sim.registry.configuration import configure
from sim.registry.parameters import ConfigurationError
from sim.rules.interception import CAUSES, tally_causes
from sim.world.calendar import Calendar

NAMES = [f"deaths_{cause}" for cause in CAUSES]
DEADLY = "border.accident_rate=0.05"


@pytest.fixture(scope="module")
def nights():
    return play("status_quo", DEADLY).record().nights


def test_causes_add_up_every_night(nights):
    assert nights["deaths_environment"].sum() > 20
    assert (sum(nights[name] for name in NAMES) == nights["deaths_environment"]).all()


def test_run_outcomes_add_up():
    run = play("status_quo", DEADLY, "nights=10").record().run
    assert sum(run[name] for name in NAMES) == run["deaths_environment"]


def test_the_cause_changes_nothing_else(nights):
    other = play("status_quo", DEADLY, "border.death_causes=[0,0,0,1]", "border.cold_season=0").record().nights
    assert other["deaths_other"].sum() == other["deaths_environment"].sum()
    for name in nights:
        if name not in NAMES:
            assert np.array_equal(nights[name], other[name], equal_nan=nights[name].dtype.kind == "f"), name


class Counted:
    """A world that has people die on one night."""

    def __init__(self, world, day):
        self.p, self.draws, self.calendar = world.p, world.draws, world.calendar
        self.t, self.counts = day, {}

    def count(self, name, number):
        self.counts[name] = number


def test_shares_are_those_configured_and_exposure_has_its_season(small_market):
    world, many = small_market.world, np.arange(200_000)
    by_day = []
    for day in (14, 14 + 183):  # January and July of the first year
        counted = Counted(world, day)
        tally_causes(counted, many)
        by_day.append([counted.counts[name] / len(many) for name in NAMES])
    for night, found in zip((14, 197), by_day):
        weights = np.array(world.p.border.death_causes) * [1, 1, world.calendar.cold(night), 1]
        assert found == pytest.approx(weights / weights.sum(), abs=0.005)
    assert by_day[0][CAUSES.index("exposure")] > 5 * by_day[1][CAUSES.index("exposure")]


def test_the_season_of_exposure_has_mean_1_over_years():
    calendar = Calendar(configure())
    assert np.mean([calendar.cold(night) for night in range(4 * 365 + 1)]) == pytest.approx(1, abs=1e-3)


@pytest.mark.parametrize("value, said", [("[0.5,0.5]", "must be four shares"), ("[0.5,0.5,0.5,0]", "must sum to 1")])
def test_wrong_shares_are_refused_in_one_line(value, said):
    with pytest.raises(ConfigurationError) as refused:
        configure("status_quo", [f"border.death_causes={value}"])
    assert said in str(refused.value) and "\n" not in str(refused.value)
