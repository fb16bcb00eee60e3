"""Police: operations on their dates, who is found and moved, arrests, deployment, prisons."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import first_night, play
from sim.registry.configuration import configure
from sim.registry.errors import ConfigurationError
from sim.rules import police
from sim.rules.dispatch import Parties
from sim.rules.interception import Crossing
from sim.rules.police import arrests
from sim.world.people import NEVER, Shelter, Status

QUIET = "police.heat_threshold=1000000"


def operations(*overrides):
    return play("status_quo", QUIET, "nights=25", "start_date=2022-11-20", *overrides).record().nights


def test_an_operation_begins_on_its_date_and_lasts_its_nights():
    nights = operations("police.operations=[{date:2022-11-25}]")
    assert nights["date"][nights["operations"] == 1].tolist() == [np.datetime64("2022-11-25").item()]
    assert nights["operation"].sum() == configure().police.operation_nights
    assert nights["operation"][5:12].all()


def test_without_dates_and_heat_there_is_none_and_nothing_else_differs_before():
    dated, plain = operations("police.operations=[{date:2022-12-05}]"), operations()
    assert plain["operations"].sum() == 0 and dated["operations"].sum() == 1
    for name in plain:
        assert np.array_equal(plain[name][:15], dated[name][:15], equal_nan=plain[name].dtype.kind == "f"), name


def test_a_date_within_a_running_operation_starts_no_second_one():
    nights = operations("police.operations=[{date:2022-11-25},{date:2022-11-27}]")
    assert nights["operations"].sum() == 1


@pytest.mark.parametrize("row", ["{day:2022-11-25}", "{date:2022-11-25,nights:3}", "{date:2022-13-01}"])
def test_a_wrong_record_is_refused_in_one_line(row):
    with pytest.raises(ConfigurationError) as refused:
        configure("status_quo", [f"police.operations=[{row}]"])
    assert "police.operations" in str(refused.value) and "\n" not in str(refused.value)


def test_an_operation_ramps_up_to_full_strength():
    world, strengths = first_night("police.operation_ramp=4"), []
    assert police.operation_strength(world) == 0
    world.pressure.operation_since = 0
    for world.t in range(6):
        strengths.append(police.operation_strength(world))
    assert strengths == [0.25, 0.5, 0.75, 1, 1, 1]


def lasts(heat, *overrides):
    """Nights that an operation lasts while heat is held at `heat`."""
    world = first_night("police.operation_nights=5", "police.operation_longest=9", "scale=1", *overrides)
    world.pressure.operation_since = world.t = 0
    while world.pressure.in_operation:
        world.t += 1
        world.pressure.heat = heat
        police.run_operation(world)
    return world.t


def test_heat_at_its_threshold_prolongs_an_operation_up_to_a_limit():
    assert lasts(3.49) == 5 and lasts(3.5) == 9
    assert lasts(3.5, "police.operation_longest=1") == 5


def on_payroll(*overrides):
    """A night on which the first group pays every interior team."""
    world = first_night("police.interior_teams=300", "police.suspects_per_found=0", *overrides)
    world.units.payer[world.units.interior] = 0
    return world


def test_teams_on_a_payroll_arrest_the_payers_rivals_and_nobody_else():
    world = on_payroll("police.arranged_arrests=30")
    taken = arrests.arranged_arrests(world)
    assert taken[0] == 0 and taken.sum() == world.units.interior.sum() and not taken[~world.groups.active].any()
    assert not arrests.arranged_arrests(on_payroll("police.arranged_arrests=0")).any()
    for group in range(world.groups.n):
        world.ownership.give("bribe", group, world.groups.n)
    assert not arrests.arranged_arrests(world).any()  # one owner of all has no rivals


def test_arranged_arrests_put_rivals_in_prison():
    world = on_payroll("police.arranged_arrests=30")
    before = world.groups.members.copy()
    arrests.arrest(world, 0)
    assert world.pressure.prison_serbia == world.counts["suspects_arrested"] > 0
    assert world.groups.members[0] == before[0] and world.groups.members.sum() < before.sum()


def test_an_arrest_costs_a_recruit_and_half_of_the_business_at_the_odds_of_a_split():
    world = first_night("police.leader_share=0.02", "gangs.split_chance=0.5", "gangs.entrant_horizon=100", "scale=1")
    world.groups.profit[:2] = 1000.0, -1000.0
    worth = arrests.worth_of_a_member(world)
    assert worth[:2] == pytest.approx([300 + 0.02 * 0.5 * 0.5 * 1000 * 100, 300])


def test_leaders_are_arrested_as_often_in_a_smaller_copy_of_the_market():
    whole, half = (arrests.chance_of_leader(first_night(f"scale={scale}"), 8 * scale) for scale in (1, 0.5))
    assert whole == pytest.approx(half) and 0 < whole < 8 * 0.01


@pytest.fixture
def moved():
    """A world in which everybody outside camps in the north has been found and moved."""
    world = first_night("police.routine_find=1", people=120, client_of=2, engaged=1)
    people, k = world.people, np.arange(120)
    people.shelter[:] = k % 4
    people.place[:] = np.where(k % 4 >= 2, k // 4 % len(world.places.region), -1)
    people.camp[:] = np.where(people.shelter == Shelter.CAMP, 3, -1)
    people.landlord[:] = np.where(people.shelter == Shelter.FLAT, 1, -1)
    before = people.state()
    police.find_and_move(world)
    return world, before


def test_those_who_sleep_outside_camps_in_the_north_are_moved_and_nobody_else_is(moved):
    world, before = moved
    outside = (before["shelter"] == Shelter.INFORMAL) | (before["shelter"] == Shelter.FLAT)
    north = outside & (world.places.region[before["place"]] == 0)
    assert (world.people.status == Status.MOVED).tolist() == north.tolist() and 0 < north.sum() < outside.sum()
    assert world.counts["found_and_moved"] == north.sum()


def test_those_who_are_moved_lose_bed_and_group_and_the_others_keep_them(moved):
    world, before = moved
    people, away = world.people, world.people.status == Status.MOVED
    assert (people.shelter[away] == Shelter.NONE).all() and (people.client_of[away] == -1).all()
    assert (people.engaged[away] == NEVER).all()
    for name in ("camp", "place", "landlord"):
        assert (getattr(people, name)[away] == -1).all()
    for name in ("shelter", "camp", "place", "landlord", "client_of", "engaged"):
        assert (getattr(people, name) == before[name])[~away].all(), name


def test_those_who_were_moved_come_back_when_their_time_is_up_and_pay_for_the_way(moved):
    world, _ = moved
    people = world.people
    people.cash += 100_000
    world.t = int(np.median(people.status_ends[people.status == Status.MOVED]))
    due = (people.status == Status.MOVED) & (people.status_ends <= world.t)
    police.return_moved(world)
    assert (people.status[due] != Status.MOVED).all() and (people.status == Status.MOVED).any()
    assert world.books.flow["transport"] == due.sum() * world.p.border.return_cost * 100


@given(st.integers(0, 2**32))
def test_arrests_take_no_more_members_and_rifles_than_there_are(seed):
    world, r = first_night(), np.random.default_rng(seed)
    groups = world.groups
    for role in ("guides", "drivers", "fixers", "fighters", "weapons"):
        getattr(groups, role)[:] = r.integers(0, 9, groups.n)
    before, rifles, taken = groups.members.copy(), groups.weapons.copy(), r.integers(0, groups.members + 1)
    seized = arrests.remove_members(world, taken)
    for role in ("guides", "drivers", "fixers", "fighters", "weapons"):
        assert (getattr(groups, role) >= 0).all(), role
    assert (before - groups.members <= taken).all() and (rifles - groups.weapons == seized).all()
    assert (before - groups.members)[taken == before].tolist() == before[taken == before].tolist()


def stopped_in(world, sectors):
    """Parties of one person that were all intercepted, one in each of the sectors given."""
    n = len(sectors)
    one, sector = np.ones(n, int), np.array(sectors)
    parties = Parties(np.arange(n), -one, np.arange(n), -one, world.places.corridor[sector], sector, np.arange(n), one)
    yes = one.astype(bool)
    return parties, Crossing(~yes, yes, ~yes, yes)


def test_patrols_move_to_where_people_were_stopped_and_a_floor_remains():
    world = first_night()
    for _ in range(300):
        police.redeploy(world, *stopped_in(world, [0, 0, 1]))
    weight, here = world.patrol_weight, world.places.in_corridor[0]
    assert weight[0] > weight[1] > weight[here][2:].max() == world.p.police.patrol_floor
    assert (weight[~here] == 1).all()


@given(st.floats(0, 500), st.floats(0, 500))
def test_prisoners_are_released_and_none_is_made(serbia, hungary):
    world = first_night()
    state = world.pressure
    state.prison_serbia, state.prison_hungary, pool = serbia, hungary, world.labour_pool
    police.prisons(world)
    out = serbia - state.prison_serbia + hungary - state.prison_hungary
    assert out == pytest.approx((serbia + hungary) / world.p.police.sentence_nights, abs=1e-9)
    assert world.labour_pool - pool == pytest.approx(world.p.police.return_share * out, abs=1e-9)


def attacked(fighters, rifles, nights=400):
    """Mean attacks a night by a tenth of so many fighters."""
    world = first_night("police.attack_rate=1")
    world.groups.fighters[:10], world.groups.weapons[:10] = fighters, rifles
    for world.t in range(nights):
        police.attacks_on_officers(world)
    return world.counts["officers_attacked"] / nights


def test_attacks_rise_with_fighters_and_with_their_arms():
    """Groups of half the fighters attack half as often, though their rifles stay."""
    many, few, armed = attacked(8, 0), attacked(4, 0), attacked(4, 4)
    for found, mean in ((many, 40), (few, 20), (armed, 60)):
        assert found == pytest.approx(mean, abs=4 * np.sqrt(mean / 400))
    assert attacked(2, 8) == pytest.approx(30, abs=4 * np.sqrt(30 / 400))  # a rifle without a fighter attacks nobody


def test_a_leaders_arrest_leaves_a_group_in_disarray():
    world = first_night("police.leader_share=1", "police.suspects_per_found=1")
    arrests.arrest(world, 2000)
    taken = world.leaders_taken > 0
    assert taken.any() and (world.groups.disarray[taken] == world.p.gangs.leader_weakness).all()
    assert (world.groups.disarray[~taken] == 0).all()
