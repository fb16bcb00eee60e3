"""Interception: the chance of a party, accidents by cause, and attempts until people are across."""

import numpy as np
import pytest

from conftest import first_night, play
from sim.registry.configuration import configure
from sim.registry.errors import ConfigurationError
from sim.rules.dispatch import Parties
from sim.rules.interception import CAUSES, attempt, tally_causes
from sim.world.patrols import encounter_rate, patrols_by_sector

NAMES = [f"deaths_{cause}" for cause in CAUSES]
DEADLY = "border.accident_rate=0.05"


def test_nobody_is_stopped_without_patrols():
    run = play("status_quo", "police.patrols=0").record().run
    assert run["interceptions"] == 0 and run["attempts"] > 0


def alone(world, rows):
    """Parties of one person each, without a group, all in the first sector."""
    n = len(rows)
    zero, key = np.zeros(n, int), world.people.id[rows]
    return Parties(rows, zero - 1, np.arange(n), zero - 1, zero, zero, key, zero + 1)


@pytest.mark.parametrize("patrols", [15, 40])
def test_attempts_until_across_are_geometric(patrols):
    """Without crowding each attempt is stopped with P = 1 − exp(−rate), so 1/(1 − P) are needed in the mean."""
    n = 4000
    world = first_night("border.handling_time=0", "border.accident_rate=0", f"police.patrols={patrols}", people=n)
    by_sector = patrols_by_sector(world)
    through = np.exp(-encounter_rate(world, by_sector, np.zeros(world.places.sectors))[0])  # 1 − P
    retained = np.zeros((world.groups.n, world.units.n), bool)
    trying, attempts, stopped = np.arange(n), 0, []
    for world.t in range(400):
        crossing = attempt(world, alone(world, trying), by_sector, retained)
        attempts += len(trying)
        stopped.append(crossing.intercepted.mean())
        trying = trying[crossing.intercepted]
        if not len(trying):
            break
    assert 0.05 < through < 0.95 and not len(trying)
    sd = np.sqrt(1 - through) / through
    assert attempts / n == pytest.approx(1 / through, abs=4 * sd / np.sqrt(n))
    assert stopped[0] == pytest.approx(1 - through, abs=4 * np.sqrt(through * (1 - through) / n))
    assert world.counts["attempts"] == world.counts["attempts_unaided"] and not world.counts["bribed_passages"]


def test_a_unit_on_retainer_lets_its_owners_parties_pass_and_no_others():
    n = 500
    world = first_night("border.accident_rate=0", "police.patrols=4000", "police.corruptible=0", people=n)
    by_sector, nobody = patrols_by_sector(world), np.zeros((world.groups.n, world.units.n), bool)
    clients = alone(world, np.arange(n))._replace(group=np.arange(n) % 2, owner=np.arange(n) % 2)
    retained = nobody.copy()
    retained[0] = True
    plain, bought = (attempt(world, clients, by_sector, each) for each in (nobody, retained))
    assert plain.intercepted[clients.group == 0].sum() > 100
    assert not bought.intercepted[clients.group == 0].any()
    assert (bought.intercepted == plain.intercepted)[clients.group == 1].all()


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


@pytest.mark.parametrize("value, said", [("[0.5,0.5]", "must be four shares"), ("[0.5,0.5,0.5,0]", "must sum to 1")])
def test_wrong_shares_are_refused_in_one_line(value, said):
    with pytest.raises(ConfigurationError) as refused:
        configure("status_quo", [f"border.death_causes={value}"])
    assert said in str(refused.value) and "\n" not in str(refused.value)
