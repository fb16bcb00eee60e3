"""Conservation of people and money, in every scenario and over random configurations."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conftest import play
from sim.registry.config_files import names
from sim.world import invariants
from sim.world.ledger import FLOWS


@pytest.mark.parametrize("scenario", names("scenario"))
def test_every_scenario_keeps_every_law(scenario):
    market = play(scenario)  # checks=true: raises on the first night a law is broken
    assert market.record().run["arrivals"] > 0


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
@given(
    patrols=st.integers(0, 300), capacity=st.integers(0, 400), pushback=st.floats(0, 1), cash=st.floats(1, 5000),
    groups=st.integers(1, 12), levers=st.integers(0, 1023), entry=st.floats(0, 0.1), attempt_cost=st.floats(0.01, 500),
    abduction=st.floats(0, 0.2), treasury=st.floats(0, 1e6), seed=st.integers(0, 2**40),
)
def test_laws_hold_for_random_configurations(patrols, capacity, pushback, cash, groups, levers, entry, attempt_cost,
                                             abduction, treasury, seed):
    from sim.world.ownership import LEVERS

    on = [f"organisation.levers.{name}={bool(levers >> k & 1)}" for k, name in enumerate([*LEVERS, "central_costs"])]
    market = play("fragmented", *on, f"police.patrols={patrols}", f"camps.capacity={capacity}",
                  f"police.pushback_share={pushback}", f"migrants.cash_median={cash}", f"gangs.count={groups}",
                  f"gangs.entry={entry}", f"market.attempt_cost={attempt_cost}", f"gangs.abduction_rate={abduction}",
                  f"gangs.treasury={treasury}", "organisation.control=1", "organisation.affine=all", "nights=15",
                  "warmup=10", seed=seed)
    nights = market.record().nights
    assert (nights["crossings"] + nights["interceptions"] <= nights["attempts"]).all()


nobody = np.zeros(0, int)  # leaves for good


def test_a_lost_cent_is_noticed():
    market = play("status_quo", "nights=2", "warmup=2")
    market.world.people.cash[0] += 1
    with pytest.raises(AssertionError, match="cents"):
        invariants.check(market.world, nobody)


def test_a_lost_person_is_noticed():
    market = play("status_quo", "nights=2", "warmup=2")
    market.world.people.drop(np.array([0]))
    with pytest.raises(AssertionError):
        invariants.check(market.world, nobody)


def test_an_overfull_camp_is_noticed():
    market = play("status_quo", "nights=2", "warmup=2")
    market.world.camps.capacity[:] = 0
    with pytest.raises(AssertionError, match="overfull"):
        invariants.check(market.world, nobody)


def test_somebody_who_leaves_twice_or_unnoticed_is_noticed():
    market = play("status_quo", "nights=2", "warmup=2")
    with pytest.raises(AssertionError, match="people with a final status"):
        invariants.check(market.world, np.array([0]))


@pytest.mark.parametrize("account", ["people", "groups", "organisations"])
def test_a_balance_changes_by_the_flows_that_are_recorded(account):
    """Of every night's columns: balance = balance of the night before + what flows in − what flows out."""
    nights = play("dossier", "gangs.entry=0.05", "gangs.buy_share=0.5").record().nights
    cents = {name: np.rint(100 * nights[f"flow_{name}"]).astype(int) for name in FLOWS}
    balance = np.rint(100 * nights[f"balance_{account}"]).astype(int)
    change = sum(cents[name] * ((to == account) - int(source == account)) for name, (source, to) in FLOWS.items())
    assert (np.diff(balance) == change[1:]).all() and change.any()


def test_no_camp_closes_without_a_date(small_market):
    assert set(small_market.record().nights["camps_open"]) == {small_market.world.camps.n}
