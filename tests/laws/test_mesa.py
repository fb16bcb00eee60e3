"""Genuine Mesa agents on a Mesa model, over columns."""

import mesa
import numpy as np
import pytest

from conftest import SMALL, play
from sim.market import Market
from sim.registry.configuration import configure
from sim.registry.errors import ConfigurationError
from sim.world.camps import Camp
from sim.world.groups import Gang, Organisation
from sim.world.people import Migrant
from sim.world.police import Police


@pytest.fixture()
def market():
    return play("status_quo", "nights=3")


def test_all_five_kinds_are_agents(market):
    kinds = market.agents_by_type
    assert {Migrant, Gang, Organisation, Police, Camp} <= set(kinds)
    assert len(kinds[Migrant]) == market.world.people.n
    assert len(kinds[Camp]) == 17
    assert all(isinstance(agent, mesa.Agent) for agent in market.agents)


def test_agents_read_and_write_their_row(market):
    person = next(iter(market.agents_by_type[Migrant]))
    row = market.world.people.row_of(person.key)
    assert person.cash == market.world.people.cash[row]
    person.trust = 0.25
    assert market.world.people.trust[row] == np.float32(0.25)
    gang = next(iter(market.agents_by_type[Gang].select(lambda g: g.active)))
    assert gang.members == gang.guides + gang.drivers + gang.fixers + gang.fighters


def test_select_and_aggregate(market):
    people = market.agents_by_type[Migrant]
    rich = people.select(lambda m: m.cash > 100_000)
    assert len(rich) == (market.world.people.cash > 100_000).sum()
    assert people.agg("cash", sum) == market.world.people.cash.sum()


def test_faces_follow_the_night(market):
    before = {m.key for m in market.agents_by_type[Migrant]}
    for _ in range(10):
        market.step()
    now = {m.key for m in market.agents_by_type[Migrant]}
    assert now == set(market.world.people.id.tolist()) and now != before


def test_looking_changes_nothing():
    looked, alone = (Market(configure("status_quo", SMALL), seed=3) for _ in range(2))
    collector = mesa.DataCollector(
        model_reporters={"people": lambda m: len(m.agents_by_type[Migrant])},
        agenttype_reporters={Gang: {"price": "price"}},
    )
    for _ in range(25):
        looked.step()
        collector.collect(looked)
        alone.step()
    assert len(collector.get_model_vars_dataframe()) == 25
    assert len(collector.get_agenttype_vars_dataframe(Gang)) == 25 * looked.world.groups.n
    for table in ("people", "groups", "units", "camps"):
        first, second = getattr(looked.world, table).state(), getattr(alone.world, table).state()
        assert all(first[name].tobytes() == second[name].tobytes() for name in first)


def test_two_models_do_not_share_columns():
    one, two = (Market(configure("status_quo", SMALL), seed=k) for k in (1, 2))
    for _ in range(5):
        one.step(), two.step()
    person = next(iter(one.agents_by_type[Migrant]))
    other = next(iter(two.agents_by_type[Migrant]))
    trust = other.trust
    person.trust = 0.123
    assert other.trust == trust


def test_release_lets_a_model_go():
    import gc
    import weakref

    markets = [Market(configure("status_quo", SMALL), seed=1) for _ in range(3)]
    watch = [weakref.ref(m) for m in markets]
    for m in markets:
        m.step()
        len(m.agents)
        m.release()
    del m, markets
    gc.collect()
    assert not any(w() for w in watch)


@pytest.mark.parametrize("seed", [-1, 2**63, 2**64 + 1, 1.5, "3", True, float("nan")])
def test_a_seed_that_would_be_cut_is_refused(seed):
    with pytest.raises(ConfigurationError, match=r"seed=.*: must be a whole number from 0 to 9223372036854775807"):
        Market(configure("status_quo", SMALL), seed)


def test_seeds_of_numpy_are_those_of_python():
    def recorded(seed):
        market = Market(configure("status_quo", [*SMALL, "nights=2", "warmup=0"]), seed)
        while market.running:
            market.step()
        return market.record().run

    assert repr(recorded(np.uint64(2**63 - 1))) == repr(recorded(2**63 - 1))  # a NaN is not equal to itself
