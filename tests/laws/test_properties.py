"""Laws as properties of whole runs, over random configurations and scenarios."""

import pickle

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conftest import SMALL, play
from sim.checkpoint import load, save
from sim.market import Market
from sim.registry.config_files import names
from sim.registry.configuration import configure
from sim.world.draws import Draws

scenarios = st.sampled_from(sorted(names("scenario")))
few = settings(max_examples=6, deadline=None, derandomize=True,
               suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])


def bytes_of(record):
    """Every column of a record."""
    return {name: column.tobytes() for table in (record.nights, record.groups) for name, column in table.items()}


@pytest.mark.long
@few
@given(scenarios, st.integers(0, 2**60), st.integers(1, 45))
def test_pausing_changes_nothing(tmp_path, scenario, seed, pause):
    market = Market(configure(scenario, SMALL), seed)
    for _ in range(pause):
        market.step()
    save(market, tmp_path / "state")
    market = load(tmp_path / "state")
    while market.running:
        market.step()
    assert bytes_of(market.record()) == bytes_of(play(scenario, seed=seed).record())


@few
@given(scenarios, st.integers(0, 2**60))
def test_recording_changes_nothing(scenario, seed):
    recorded, silent = (Market(configure(scenario, SMALL), seed) for _ in range(2))
    silent.recorder.take = lambda world, exits: None
    for _ in range(40):
        recorded.step()
        silent.step()
    for table in ("people", "groups", "units", "camps", "organisations"):
        first, second = getattr(recorded.world, table).state(), getattr(silent.world, table).state()
        assert all(first[name].tobytes() == second[name].tobytes() for name in first), table


OTHER_RULES = ["rules.price=imitate", "rules.payment=guarantee", "rules.choice=satisficing", "rules.bribes=retainer",
               "rules.turf=pairwise", "rules.arms=bulk", "rules.stages=3"]


@pytest.mark.parametrize("scenario, rules", [("dossier", []), ("entry", []), ("crackdown", []),
                                             ("dossier", OTHER_RULES), ("dossier", ["rules.price=learn"])])
def test_no_draw_is_used_twice(scenario, rules, monkeypatch):
    """Every key (mechanism, night, entity, draw) is asked for once."""
    asked = set()
    uniform, one = Draws.uniform, Draws.one

    def note(mechanism, night, entity, draw):
        key = (mechanism, night, int(entity), int(draw))
        assert key not in asked, key
        asked.add(key)

    def watched_uniform(self, mechanism, night, entities, draw=0):
        for entity in np.asarray(entities).ravel().tolist():
            note(mechanism, night, entity, draw)
        return uniform(self, mechanism, night, entities, draw)

    def watched_one(self, mechanism, night, entity=0, draw=0):
        note(mechanism, night, entity, draw)
        return one(self, mechanism, night, entity, draw)

    monkeypatch.setattr(Draws, "uniform", watched_uniform)
    monkeypatch.setattr(Draws, "one", watched_one)
    play(scenario, *rules, "nights=20", "gangs.entry=0.05", "gangs.split_chance=1", "police.leader_share=1")
    assert len(asked) > 10_000


@few
@given(scenarios, st.integers(0, 2**60))
def test_shares_and_stocks(scenario, seed):
    record = play(scenario, "nights=12", seed=seed).record()
    nights, groups = record.nights, record.groups
    for name, column in nights.items():
        if column.dtype.kind in "if":
            may_be_negative = name.startswith("balance_") or name == "not_arrived"  # more may come than usual
            assert (column[np.isfinite(column.astype(float))] >= 0).all() or may_be_negative, name
    count = len(groups["night"]) // len(nights["night"])
    for name in [n for n in groups if n.startswith("turf_S")]:
        assert groups[name].reshape(-1, count).sum(axis=1) == pytest.approx(1)
    by_status = nights["waiting"] + nights["resting"] + nights["held"] + nights["moved"]
    by_shelter = sum(nights[k] for k in ("in_camp", "informal", "flat", "unsheltered", "held", "moved"))
    assert (by_status == nights["people"]).all() and (by_shelter == nights["people"]).all()


def test_a_state_of_other_code_is_refused(tmp_path, monkeypatch):
    save(Market(configure("status_quo", SMALL), 1), tmp_path / "state")
    assert load(tmp_path / "state").night == Market(configure("status_quo", SMALL), 1).night
    monkeypatch.setattr("sim.identity.model_digest", lambda extensions=(): "0123456789abcdef")
    with pytest.raises(ValueError, match="saved by other code of the model"):
        load(tmp_path / "state")


def test_a_state_of_the_time_before_digests_is_refused(tmp_path):
    (tmp_path / "state").write_bytes(pickle.dumps(("0.1.0", None, None)))
    with pytest.raises(ValueError, match="saved by other code"):
        load(tmp_path / "state")
