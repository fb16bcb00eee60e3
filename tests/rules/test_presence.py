"""Presence of police: how it builds up and fades, whom it keeps back, finds and arrests, and who comes back."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import first_night, play, same
from sim.rules import choice, police, shelter
from sim.rules.dispatch import dispatch, taken_before
from sim.rules.police import arrests
from sim.world import posts
from sim.world.offers import offer
from sim.world.people import UNAIDED, Shelter, Status
from sim.world.presence import known_chance, remember

ABSENT = ("gangs.stationed=0", "police.presence_staging=0", "police.presence_capacity=0", "police.presence_find=0",
          "police.presence_arrests=0", "police.return_needs_drivers=0")
AT_FIRST = "police.calendar=[{kind:presence,from:2022-11-01,corridors:[rs_hu]}]"


def levels(memory, nights):
    """Presence by night under full operations on the nights given (a list of 0 and 1)."""
    world, found = first_night(f"police.presence_memory={memory}"), []
    for on in nights:
        remember(world, np.array([on, 0.0, 0.0]))
        found.append(world.presence.copy())
    return np.array(found)


def test_presence_tends_to_one_under_a_full_operation_and_fades_by_its_memory():
    there = levels(0.9, [1] * 50 + [0] * 10)
    assert there[:50, 0] == pytest.approx(1 - 0.9 ** np.arange(1, 51))
    assert there[50:, 0] == pytest.approx(there[49, 0] * 0.9 ** np.arange(1, 11))
    assert not there[:, 1:].any()


def test_without_memory_presence_ends_with_the_measure():
    assert levels(0, [1, 1, 0, 1])[:, 0].tolist() == [1, 1, 0, 1]


def test_operations_and_measures_of_the_calendar_leave_presence_where_they_are():
    one = play("status_quo", AT_FIRST, "police.heat_threshold=1e6", "nights=3").record().nights
    assert (np.diff(one["presence_rs_hu"]) > 0).all() and not one["presence_rs_ba"].any()
    all_over = play("status_quo", "police.operations=[{date: 2022-12-31}]", "police.heat_threshold=1e6",
                    "nights=3").record().nights
    assert (all_over["presence_rs_hu"] > 0).all() and (all_over["presence_rs_hu"] == all_over["presence_rs_ro"]).all()


def test_where_presence_has_no_effect_a_calendar_of_it_changes_nothing_else():
    plain, present = (play("status_quo", "police.heat_threshold=1e6", *ABSENT, *words).record()
                      for words in ((), (AT_FIRST,)))
    assert present.nights["presence_rs_hu"].any() and not plain.nights["presence_rs_hu"].any()
    for name in ("presence_rs_hu", "state_cost", "cost_operations"):
        plain.nights[name] = present.nights[name]
    same(plain, present)


def test_a_crackdown_is_the_same_by_its_own_keys_and_by_the_calendar():
    quiet = ("police.heat_threshold=1e6", "nights=25")
    keys = play("status_quo", *quiet, "police.crackdown_from=2023-01-04", "police.crackdown_nights=9",
                "police.crackdown_patrols=[0.5,0,2]").record()
    rows = play("status_quo", *quiet, "police.calendar=[{kind:operation,from:2023-01-04,until:2023-01-12},"
                "{kind:patrols,from:2023-01-04,nights:9,corridors:[rs_hu],strength:0.5},"
                "{kind:patrols,from:2023-01-04,nights:9,corridors:[rs_ro],strength:2}]").record()
    assert keys.nights["operation"].sum() == 9
    same(keys, rows)


# those who set out --------------------------------------------------------------------------------------------------
def waiting(*words, people=600, **columns):
    """People who wait in all corridors in turn, each as client of the first group unless said otherwise."""
    usual = {"client_of": 0, "engaged": -20, "corridor": np.arange(people) % 3}
    return first_night("gangs.treasury=1e7", *words, people=people, status=Status.WAITING, shelter=Shelter.INFORMAL,
                       place=1, cash=10**6, **{**usual, **columns})


def test_who_cannot_set_out_keeps_the_engagement_and_leaves_before_those_who_came_later():
    world = waiting("gangs.stationed=0", "police.presence_staging=1", "police.presence_capacity=0",
                    "gangs.guides=100000", "gangs.drivers=100000", client_of=np.where(np.arange(600) < 500, 0, UNAIDED))
    world.presence[:] = 0.0, 1.0, 50.0
    parties = dispatch(world)
    left = np.bincount(world.people.corridor[parties.rows], minlength=3)
    assert left[0] == 200 and left[2] == 0 and left[1] == pytest.approx(200 * np.exp(-1), abs=4 * np.sqrt(200 / 4))
    assert world.counts["kept_back"] == 600 - left.sum() and not world.demand.unserved.any()
    stay = world.people.status == Status.WAITING
    assert (world.people.engaged[stay] == -20).all() and set(world.people.client_of[stay]) == {0, UNAIDED}


def test_people_who_are_kept_back_for_a_whole_review_choose_again():
    world = waiting(people=4, client_of=np.array([0, UNAIDED, 0, UNAIDED]), engaged=np.array([-27, -27, -26, -26]))
    assert world.t == -20 and world.p.migrants.review == 7
    assert choice.choosers(world).tolist() == [0, 1]


def served(world):
    parties = dispatch(world)
    return np.bincount(world.people.corridor[parties.rows], minlength=3)


def test_a_group_serves_each_corridor_with_those_who_stand_there():
    world = waiting("gangs.stationed=1", "police.presence_staging=0")
    world.groups.guides[0], world.groups.drivers[0], world.posts[0] = 12, 100, (0.5, 0.25, 0.25)
    assert world.p.gangs.clients_per_guide == 10
    assert served(world).tolist() == [60, 30, 30]


def test_those_who_are_tied_to_no_corridor_serve_whoever_comes_first():
    world = waiting("gangs.stationed=0.5", "police.presence_staging=0", corridor=0, people=300)
    world.groups.guides[0], world.groups.drivers[0], world.posts[0] = 12, 100, (0.5, 0.25, 0.25)
    assert served(world).tolist() == [30 + 60, 0, 0]
    one_pool = waiting("gangs.stationed=0", people=300)
    one_pool.groups.guides[0], one_pool.groups.drivers[0] = 12, 100
    one_pool.people.corridor[:] = np.arange(300) % 3
    assert served(one_pool).tolist() == [40, 40, 40]


def test_presence_takes_places_at_posts_and_in_the_pool():
    world = waiting("gangs.stationed=1", "police.presence_staging=0", "police.presence_capacity=1")
    world.groups.guides[0], world.groups.drivers[0], world.posts[0] = 12, 100, (0.5, 0.25, 0.25)
    world.presence[:] = np.log(2), 0, np.log(3)
    assert served(world).tolist() == [30, 30, 10]
    pool = waiting("gangs.stationed=0", "police.presence_staging=0", "police.presence_capacity=1", corridor=1)
    pool.groups.guides[0], pool.groups.drivers[0] = 12, 100
    pool.presence[:] = 0, np.log(3), 0
    assert served(pool).tolist() == [0, 40, 0]


def test_places_are_rounded_without_bias():
    world = waiting("gangs.stationed=1", "police.presence_staging=0", corridor=0, people=40)
    world.groups.guides[0], world.groups.drivers[0], world.posts[0] = 1, 100, (0.13, 0.5, 0.37)
    number = []
    for world.t in range(300):
        number.append(served(world)[0])
        world.people.status[:], world.people.engaged[:] = Status.WAITING, -20
    assert set(number) == {1, 2} and np.mean(number) == pytest.approx(1.3, abs=4 * np.sqrt(0.21 / 300))


def test_owners_of_dispatch_pool_the_posts_of_their_groups():
    world = waiting("gangs.stationed=1", "police.presence_staging=0")
    groups = world.groups
    groups.guides[:], groups.drivers[:] = 0, 100
    groups.guides[:2], world.posts[0], world.posts[1] = 6, (1, 0, 0), (0, 1, 0)
    for group in (0, 1):
        world.ownership.give("dispatch", group, groups.n)
    assert served(world).tolist() == [60, 60, 0]  # clients of the first group alone


@given(st.lists(st.tuples(st.integers(0, 3), st.floats(1, 9)), max_size=30))
def test_places_taken_before_are_those_of_ones_own_queue(queue):
    queue = sorted(queue, key=lambda one: one[0])
    owner, places = np.array([o for o, _ in queue], int), np.array([x for _, x in queue], float)
    for k, before in enumerate(taken_before(owner, places)):
        assert before == pytest.approx(places[:k][owner[:k] == owner[k]].sum())


def test_people_know_the_chance_to_get_away():
    world = waiting("police.presence_staging=1", status_ends=0, client_of=-1, people=30)
    rows = np.arange(30)
    before = offer(world, rows)
    world.presence[:] = 0.0, 1.0, 2.0
    after, known = offer(world, rows), known_chance(world)
    assert known[0] == 0 and known[1] == pytest.approx(np.log(1 - (1 - np.exp(-1)) ** 7))
    here = known[world.people.corridor[rows]]
    on_offer = np.isfinite(before.groups[before.chooser_type])
    gain = after.groups[after.chooser_type][on_offer] - before.groups[before.chooser_type][on_offer]
    assert gain == pytest.approx(np.broadcast_to(here[:, None], on_offer.shape)[on_offer])
    assert after.here[0] - before.here[0] == pytest.approx(here) and (after.here[1] == before.here[1]).all()
    other = np.isfinite(before.elsewhere)
    assert after.elsewhere[other] - before.elsewhere[other] == pytest.approx(
        np.broadcast_to(known[:, None], other.shape)[other])


# those who are found ------------------------------------------------------------------------------------------------
def outside_camps(*words, **columns):
    world = first_night("police.routine_find=0", *words, people=900, shelter=Shelter.INFORMAL, place=0,
                        corridor=np.arange(900) % 3, cash=10**6, **columns)
    assert world.places.region[0] == 0
    return world


def found(world):
    police.find_and_move(world)
    return np.bincount(world.people.corridor[world.people.status == Status.MOVED], minlength=3)


def test_presence_finds_people_in_its_corridor():
    world = outside_camps("police.presence_find=0.3")
    world.presence[:] = 0, 1, 100
    number = found(world)
    assert number[0] == 0 and number[2] == 300
    assert number[1] == pytest.approx(300 * (1 - np.exp(-0.3)), abs=4 * np.sqrt(300 * 0.2))


def test_an_operation_that_the_calendar_imposes_finds_people_at_its_corridors_alone():
    world = outside_camps("police.operation_find=1", "police.operation_ramp=1", "police.presence_find=0",
                          "police.calendar=[{kind:operation,from:2022-12-01,corridors:[rs_ba]}]")
    police.run_operation(world)
    assert police.operation_by_corridor(world).tolist() == [0, 1, 0] and found(world).tolist() == [0, 300, 0]
    assert police.teams(world) == pytest.approx(1 / 3)


def test_an_imposed_operation_ends_with_its_measure_and_heat_starts_one_everywhere():
    world = first_night("police.operation_ramp=1", "police.operation_gap=0", "scale=1",
                        "police.calendar=[{kind:operation,from:2022-12-13,nights:3,corridors:[rs_ba],strength:0.5}]")
    strengths = []
    for world.t in range(-20, -14):
        police.run_operation(world)
        strengths.append(police.operation_by_corridor(world).tolist())
    assert strengths == [[0, 0, 0]] + [[0, 0.5, 0]] * 3 + [[0, 0, 0]] * 2
    world.pressure.heat = 1e9
    police.run_operation(world)
    assert police.operation_by_corridor(world).tolist() == [1, 1, 1]


@pytest.mark.parametrize("status", [Status.RESTING, Status.WAITING])
def test_being_moved_shortens_neither_rest_nor_waiting(status):
    """Found on the first night, back before the rest or wait is over, and ready on the very night that was set."""
    world = outside_camps("police.operation_find=1", "police.operation_ramp=1", "police.return_nights=1",
                          "police.return_needs_drivers=0", status=status, status_ends=-12)
    world.pressure.operation_since = world.t
    assert found(world).sum() == 900
    people = world.people
    for world.t in range(-19, -12):
        police.return_moved(world)
        assert not len(choice.choosers(world)), world.t
    assert (people.status == status).all() and (people.status_ends == -12).all()
    world.t = -12
    assert len(choice.choosers(world)) == 900


def test_who_is_back_after_the_rest_is_over_is_ready_at_once():
    world = outside_camps("police.operation_find=1", "police.operation_ramp=1", "police.return_nights=1",
                          "police.return_needs_drivers=0", status=Status.RESTING, status_ends=-19)
    world.pressure.operation_since = world.t
    found(world)
    world.t = -10
    police.return_moved(world)
    assert (world.people.status_ends == -10).all() and len(choice.choosers(world)) == 900


def back(world):
    """People of each corridor who come back when all are due."""
    world.people.status[:], world.people.status_ends[:] = Status.MOVED, world.t
    police.return_moved(world)
    return np.bincount(world.people.corridor[world.people.status != Status.MOVED], minlength=3)


def test_who_was_moved_needs_a_driver_to_come_back():
    world = outside_camps("police.return_needs_drivers=1")
    assert back(world).tolist() == [300] * 3  # as many drivers as at the opening
    world.groups.drivers[:] *= 10
    assert back(world).tolist() == [300] * 3  # more drivers bring nobody back sooner
    world.groups.drivers[:] //= 10
    world.posts[:] = world.posts * (0.5, 0, 1)
    number = back(world)
    assert number[1] == 0 and number[2] == 300 and number[0] == pytest.approx(150, abs=4 * np.sqrt(75))
    free = outside_camps("police.return_needs_drivers=0")
    free.groups.drivers[:] = 0
    assert back(free).tolist() == [300] * 3


def test_presence_keeps_drivers_from_bringing_people_back():
    world = outside_camps("police.return_needs_drivers=2", "police.presence_capacity=1")
    world.presence[:] = 0, np.log(2), 0
    number = back(world)
    assert number[[0, 2]].tolist() == [300] * 2 and number[1] == pytest.approx(75, abs=4 * np.sqrt(300 * 3 / 16))


# those who are arrested ---------------------------------------------------------------------------------------------
def test_presence_arrests_guides_and_drivers_where_they_stand():
    world = first_night("police.presence_arrests=0.02", "gangs.guides=400000", "gangs.drivers=200000")
    groups, before = world.groups, world.groups.members.copy()
    stood, one = world.posts.copy(), posts.crew(groups).copy()
    assert not arrests.arrest_crews(world).any() and (groups.members == before).all()
    world.presence[:] = 0, 1, 0
    lost = arrests.arrest_crews(world)
    assert (before - groups.members == lost).all() and lost.sum() > 100
    assert lost == pytest.approx(one * stood[:, 1] * (1 - np.exp(-0.02)), abs=2)
    remaining = world.posts[groups.active] * posts.crew(groups)[groups.active, None]
    expected = (stood * np.exp(-0.02 * world.presence) * one[:, None])[groups.active]
    assert remaining == pytest.approx(expected, abs=2) and world.posts.sum(axis=1) == pytest.approx(1)
    assert (world.earnings[groups.active, 1] < 0).all() and not world.earnings[:, [0, 2]].any()


def test_crews_in_prison_are_suspects_and_a_loss_to_their_group():
    world = first_night("police.presence_arrests=10", "police.leader_share=0")
    world.presence[:] = 100
    arrests.arrest(world, 0)
    groups = world.groups
    assert not groups.guides.any() and not groups.drivers.any() and groups.fighters.any()
    assert world.counts["suspects_arrested"] == world.pressure.prison_serbia > 0
    assert (groups.raid_loss[groups.active] > 0).all() and not world.leaders_taken.any()
    assert world.posts.sum(axis=1) == pytest.approx(1)


def test_teams_on_a_payroll_spare_crews():
    world = first_night("police.presence_arrests=10", "police.payroll_effect=1", "police.interior_teams=300")
    world.units.payer[world.units.interior], world.presence[:] = 0, 100
    lost = arrests.arrest_crews(world)
    assert lost[0] == 0 and lost[1:][world.groups.active[1:]].all()


# camps --------------------------------------------------------------------------------------------------------------
def test_camps_that_a_measure_shuts_empty_and_open_again_unless_they_have_closed():
    world = first_night("camps.closures=[{camp: C02, date: 2022-12-14}]",
                        "police.calendar=[{kind:camps,from:2022-12-13,nights:3,camps:[C01,C02]}]",
                        people=30, shelter=Shelter.CAMP, camp=np.arange(30) % 3)
    opened = []
    for world.t in range(-20, -14):
        shelter.close_camps(world)
        opened.append(world.camps.open[:3].tolist())
    assert opened == [[True] * 3] + [[False, False, True]] * 3 + [[True, False, True]] * 2
    assert (world.people.shelter == Shelter.CAMP).tolist() == [k % 3 == 2 for k in range(30)]
