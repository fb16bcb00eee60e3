"""Rules on the whole model: limits, symmetries, scale."""

import numpy as np
import pytest

from conftest import play
from sim.world.patrols import meeting_rate, patrols_by_sector


def test_nobody_is_stopped_without_patrols():
    run = play("status_quo", "police.patrols=0").record().run
    assert run["interceptions"] == 0 and run["attempts"] > 0


def test_nobody_is_pushed_back_when_pushbacks_end():
    run = play("pushback_end").record().run
    assert run["pushbacks"] == 0 and run["procedures"] > 0


def test_no_camp_no_camp_people():
    assert play("status_quo", "camps.capacity=0").record().run["in_camps_mean"] == 0


def test_no_bribes_without_the_rule():
    run = play("status_quo", "rules.bribes=none", "police.corruptible=0").record().run
    assert run["bribes"] == 0


def test_holling_rate_saturates_and_falls_with_crowds(small_market):
    world = small_market.world
    few = meeting_rate(world, patrols_by_sector(world), np.zeros(12))
    many = meeting_rate(world, patrols_by_sector(world), np.full(12, 1e9))
    phi, h = world.p.border.search_rate, world.p.border.handling_time
    density = patrols_by_sector(world) / world.places.length * world.places.difficulty
    assert few == pytest.approx(phi * density, rel=0.06)  # joint work may add 5 %
    assert many * 1e9 / world.places.length * h == pytest.approx(density, rel=1e-4)  # each patrol holds 1/h parties


def test_patrols_are_conserved(small_market):
    world = small_market.world
    assert patrols_by_sector(world).sum() == pytest.approx((~world.units.interior).sum())


def test_attempts_are_geometric_without_dropout():
    run = play("status_quo", "scale=0.3", "nights=120", "warmup=60", "migrants.leave_hazard=0",
               "migrants.leave_per_failure=0", "police.pushback_share=1", "border.legal_access=0",
               "gangs.abduction_rate=0", "checks=false").record().run
    assert run["attempts_per_crossing"] == pytest.approx(1 / run["success_rate"], rel=1e-12)
    assert run["crossings"] / run["arrivals"] == pytest.approx(1, abs=0.3)


def test_a_group_without_turf_or_members_changes_nothing():
    few = play("fragmented", "gangs.free_rows=0", "gangs.entry=0", "gangs.split_chance=0").record()
    more = play("fragmented", "gangs.free_rows=3", "gangs.entry=0", "gangs.split_chance=0").record()
    for name in few.nights:
        assert few.nights[name] == pytest.approx(more.nights[name], rel=1e-9, nan_ok=True) if name != "date" else True
