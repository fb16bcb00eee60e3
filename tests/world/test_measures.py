"""Measures: when and where each is in force, and those that older keys describe."""

import numpy as np
import pytest

from conftest import first_night
from sim.registry.configuration import configure
from sim.world.calendar import Calendar
from sim.world.patrols import encounter_rate, patrols_by_corridor

NONE = "police.joint_work_from=2100-01-01"


def measures(*rows, older=(NONE,)):
    return Calendar(configure("status_quo", [f"police.calendar=[{','.join(rows)}]", *older])).measures


def nights(found, kind):
    return [t for t in range(-40, 60) if found.active(t, kind)]


def test_a_measure_is_in_force_on_its_first_and_its_last_night_and_between():
    two = measures("{kind:presence,from:2023-01-03,until:2023-01-05}", "{kind:patrols,from:2023-01-11,nights:2}")
    assert nights(two, "presence") == [2, 3, 4] and nights(two, "patrols") == [10, 11]
    assert nights(two, "operation") == nights(two, "joint_work") == []
    assert nights(measures("{kind:presence,from:2023-02-20}"), "presence") == list(range(50, 60))


def test_strengths_add_up_at_their_corridors_and_the_largest_is_known():
    two = measures("{kind:presence,from:2023-01-01,corridors:[rs_hu,rs_ro],strength:0.5}",
                   "{kind:presence,from:2023-01-01,corridors:[rs_ro],strength:2}")
    assert two.sum(3, "presence").tolist() == [0.5, 0, 2.5] and two.largest(3, "presence").tolist() == [0.5, 0, 2]
    assert two.sum(-1, "presence").tolist() == two.largest(-1, "presence").tolist() == [0, 0, 0]


def test_a_crackdown_is_an_operation_with_its_patrols_and_joint_work_has_no_end():
    old = measures(older=("police.crackdown_from=2023-01-06", "police.crackdown_nights=3",
                          "police.crackdown_patrols=[0.5,0,2]", "police.joint_work_from=2023-02-20"))
    assert nights(old, "operation") == nights(old, "patrols") == [5, 6, 7]
    assert old.largest(6, "operation").tolist() == [1, 1, 1] and old.sum(6, "patrols").tolist() == [0.5, 0, 2]
    assert nights(old, "joint_work") == list(range(50, 60))


def test_patrols_and_joint_work_act_where_they_are_in_force():
    from_start = "from:2022-12-01"
    plain = first_night(NONE, scenario="status_quo")
    more = first_night(NONE, f"police.calendar=[{{kind:patrols,{from_start},corridors:[rs_ba],strength:1}},"
                             f"{{kind:joint_work,{from_start},corridors:[rs_ro],strength:2}}]", scenario="status_quo")
    assert (patrols_by_corridor(more) / patrols_by_corridor(plain)).tolist() == [1, 2, 1]
    sectors = np.ones(plain.places.sectors)
    ratio = encounter_rate(more, sectors, 0 * sectors) / encounter_rate(plain, sectors, 0 * sectors)
    assert ratio == pytest.approx(np.where(plain.places.corridor == 2, plain.p.police.joint_work_factor**2, 1))


def test_visa_measures_name_an_origin_and_a_factor():
    row = "{kind:visas,from:2023-01-05,nights:2,nationality:B,strength:0.3}"
    calendar = first_night(f"police.calendar=[{row}]").calendar
    assert [calendar.visas(t) for t in (3, 4, 5, 6)] == [[], [("B", 0.3)], [("B", 0.3)], []]


def test_patrols_that_are_withdrawn_are_never_fewer_than_none():
    away = first_night("police.calendar=[{kind:patrols,from:2022-12-01,strength:-0.8},"
                       "{kind:patrols,from:2022-12-01,strength:-0.8}]")
    assert not patrols_by_corridor(away).any()
