"""Patrols: none is lost between corridors and sectors, and crowds are met less."""

import numpy as np
import pytest

from sim.world.patrols import encounter_rate, patrols_by_sector


def test_holling_rate_saturates_and_falls_with_crowds(small_market):
    world = small_market.world
    few = encounter_rate(world, patrols_by_sector(world), np.zeros(12))
    many = encounter_rate(world, patrols_by_sector(world), np.full(12, 1e9))
    phi, h = world.p.border.search_rate, world.p.border.handling_time
    density = patrols_by_sector(world) / world.places.length * world.places.difficulty
    assert few == pytest.approx(phi * density, rel=0.06)  # joint work may add 5 %
    assert many * 1e9 / world.places.length * h == pytest.approx(density, rel=1e-4)  # each patrol holds 1/h parties


def test_patrols_are_conserved(small_market):
    world = small_market.world
    assert patrols_by_sector(world).sum() == pytest.approx((~world.units.interior).sum())
