"""Staffing: members come out of one pool and go back to it, for money."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import first_night
from sim.rules import staffing
from sim.world.calendar import STAFF, is_weekly
from sim.world.groups import ROLES

seeds = st.integers(0, 2**32)


def staffed(seed, *overrides):
    """Groups with any numbers of members and any treasuries."""
    world, r = first_night(*overrides), np.random.default_rng(seed)
    for role in ROLES:
        getattr(world.groups, role)[:] = r.integers(0, 30, world.groups.n) * world.groups.active
    world.groups.treasury[:] = r.integers(0, 200_000, world.groups.n)
    world.labour_pool = float(r.integers(0, 200))
    return world, r.integers(0, 60, world.groups.n)


@settings(max_examples=40)
@given(seeds)
def test_hiring_moves_people_between_groups_and_the_pool(seed):
    world, fighters = staffed(seed)
    everybody = world.labour_pool + world.groups.members.sum()
    staffing.hire(world, fighters)
    assert world.labour_pool + world.groups.members.sum() == pytest.approx(everybody)
    assert world.labour_pool >= -1e-9 and (world.groups.treasury >= 0).all()
    assert all((getattr(world.groups, role) >= 0).all() for role in ROLES)


@settings(max_examples=40)
@given(seeds)
def test_members_who_are_not_paid_return_to_the_pool(seed):
    world, _ = staffed(seed)
    everybody, treasury = world.labour_pool + world.groups.members.sum(), world.groups.treasury.sum()
    staffing.pay_wages(world)
    assert world.labour_pool + world.groups.members.sum() == pytest.approx(everybody)
    assert treasury - world.groups.treasury.sum() == world.books.flow["wages"]


def test_a_rich_group_keeps_all_its_members():
    world, _ = staffed(3)
    world.groups.treasury[:] = 10**9
    before = world.groups.members.copy()
    staffing.pay_wages(world)
    assert (world.groups.members == before).all()


def test_groups_hire_once_a_week():
    world, changed = first_night("gangs.labour_inflow=0", "gangs.treasury=1e7"), []
    for world.t in range(14):
        before = world.groups.fighters.copy()
        staffing.staff(world, before + 10)
        changed.append((world.groups.fighters != before).any())
    assert changed == [is_weekly(night, STAFF) for night in range(14)]


def test_a_pool_that_nobody_draws_on_settles_where_as_many_come_as_go():
    world = first_night("gangs.labour_inflow=3", "gangs.labour_outflow=0.05", "scale=1", "gangs.hiring_step=0",
                        "gangs.contest_step=0", "gangs.treasury=1e9")
    for world.t in range(400):
        staffing.staff(world, world.groups.fighters)
    assert world.labour_pool == pytest.approx(3 / 0.05, rel=1e-6)


def test_a_pipeline_brings_fighters_from_outside_the_pool():
    pools, arrivals = [], []
    for pipeline in (0, 200):
        world = first_night(f"organisation.pipeline={pipeline}", "organisation.control=1", "organisation.affine=all",
                            "organisation.levers.recruitment_pipeline=true", "gangs.hiring_cost=0")
        step = {"fighters": np.full(world.groups.n, 5)}
        staffing.arrive_by_pipeline(world, step)
        pools.append(world.labour_pool)
        arrivals.append(world.counts["pipeline_arrivals"])
        assert (step["fighters"] >= 0).all() and step["fighters"].sum() == 5 * world.groups.n - arrivals[-1]
    assert pools[0] == pools[1] and arrivals[0] == 0 < arrivals[1]


def test_numbers_of_members_do_not_depend_on_how_finely_they_are_counted():
    """A gap of a fraction of a person closes on average by that fraction: nothing is rounded up."""
    changes = []
    for seed in range(200):
        world = first_night("gangs.hiring_cost=0", "gangs.smallest_crew=0", seed=seed)
        before = world.groups.fighters.copy()
        staffing.hire(world, before + 1.0)
        changes.append((world.groups.fighters - before)[world.groups.active].mean())
    step = world.p.gangs.contest_step
    assert np.mean(changes) == pytest.approx(step, abs=4 * np.sqrt(step * (1 - step) / (200 * 10)))


@given(seeds, st.floats(0, 300), st.floats(0.001, 0.999))
def test_a_pool_that_is_too_small_is_shared_out_in_whole_persons(seed, pool, u):
    vacancies = np.random.default_rng(seed).integers(0, 30, (4, 5))
    joining = staffing.ration(vacancies, pool, u)
    assert joining.sum() == min(vacancies.sum(), int(pool)) and (joining >= 0).all()
    assert (np.abs(joining - vacancies * joining.sum() / max(vacancies.sum(), 1)) < 1).all()


def test_every_vacancy_has_the_same_chance_of_a_scarce_recruit():
    vacancies = np.array([[3, 1], [0, 4], [7, 2], [1, 2]])
    u = (np.arange(1000) + 0.5) / 1000
    mean = np.mean([staffing.ration(vacancies, 7.9, each) for each in u], axis=0)
    assert mean == pytest.approx(vacancies * 7 / vacancies.sum(), abs=1e-2)


def test_a_pipeline_brings_all_its_fighters_to_the_organisations_own_groups():
    world = first_night("organisation.pipeline=30", "organisation.control=1", "organisation.affine=majority", "scale=1",
                        "organisation.levers.recruitment_pipeline=true")
    own = world.ownership.owner["recruit"] >= world.groups.n
    step = {"fighters": np.full(world.groups.n, 1000)}
    staffing.arrive_by_pipeline(world, step)
    assert 0 < own.sum() < world.groups.active.sum() and (step["fighters"][~own] == 1000).all()
    assert world.counts["pipeline_arrivals"] == pytest.approx(7 * 30, abs=int(own.sum()))
