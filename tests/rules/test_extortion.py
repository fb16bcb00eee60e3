"""Extortion: who restrains whom, who is abducted, and how captivity ends."""

import numpy as np
import pytest

from conftest import first_night
from sim.rules import extortion
from sim.rules.extortion import loss_per_abduction
from sim.world.people import NEVER, Shelter, Status
from sim.world.shares import demand_slopes


def restraint(outside_share, n, group, market, joint, dissimilarity):
    """Loss per abduction of one of n equal groups, EUR per EUR of margin."""
    s = np.full((1, n), (1 - outside_share) / n)
    aided = s.sum(axis=1)
    by_appeal = -demand_slopes(s / s.sum(), aided, aided**2, np.ones_like(s), dissimilarity)
    together = np.ones((n, n), bool) if joint else np.eye(n, dtype=bool)
    return loss_per_abduction(np.ones(n), by_appeal, s[0], np.full(n, 1 / n), together, group, market)[0]


@pytest.mark.parametrize("outside_share", [0.1, 0.3, 0.5, 0.8])
@pytest.mark.parametrize("group, market", [(1, 0.2), (1, 1), (1, 5), (3, 20)])
@pytest.mark.parametrize("dissimilarity", [0.35, 0.6, 1.0])
def test_restraint_switches_sign_where_theory_says(outside_share, group, market, dissimilarity):
    n = 400  # small groups
    joint, separate = (restraint(outside_share, n, group, market, one, dissimilarity) for one in (True, False))
    theory = market * outside_share - group * (1 / dissimilarity - outside_share)
    assert joint - separate == pytest.approx(theory, abs=0.02 * (group + market))
    assert np.sign(joint - separate) == np.sign(theory) or abs(theory) < 0.02 * (group + market)


def test_a_captive_who_may_die_is_a_client_who_may_be_lost():
    """Owners to whom a client who stays is worth more restrain more, and not if no captive dies."""
    intensity = {}
    for worth, deadly in ((0, 1), (5000, 1), (5000, 0)):
        world = first_night(f"gangs.unpaid_death={deadly}")
        world.groups.client_worth[:] = worth
        extortion.review_restraint(world)
        intensity[worth, deadly] = world.groups.intensity[world.groups.active]
    assert (intensity[5000, 1] < intensity[0, 1] - 1e-3).all()
    assert intensity[5000, 0] == pytest.approx(intensity[0, 1])


def captives(*overrides, n=200, **columns):
    """A world in which n people are held by the first group, all due to be released tonight."""
    world = first_night(*overrides, people=n, status=Status.HELD, holder=0, status_ends=-99, demand=100_000, debt=50,
                        creditor=0, **columns)
    return world, extortion.release(world)


def test_a_ransom_that_is_paid_frees():
    world, killed = captives("gangs.ransom_pay_chance=1", "gangs.unpaid_death=1", cash=200_000)
    assert len(killed) == 0 and (world.people.status == Status.RESTING).all()
    assert (world.people.cash == 100_000).all() and world.counts["released_paid"] == world.people.n


def test_those_whose_ransom_is_not_paid_may_be_killed():
    world, killed = captives("gangs.ransom_pay_chance=0", "gangs.unpaid_death=0.5", cash=200_000)
    dead = np.flatnonzero(world.people.status == Status.DEAD)
    assert dead.tolist() == killed.tolist() and 60 < len(dead) < 140
    assert world.counts["deaths_groups"] == len(dead) == world.people.n - world.counts["released_unpaid"]
    assert world.books.flow["ransom"] == 0


def test_captivity_ends_and_with_a_ransom_a_debt_to_the_holder():
    world, _ = captives("gangs.ransom_pay_chance=1", cash=200_000)
    assert not world.people.debt.any() and (world.people.holder == -1).all() and (world.people.creditor == -1).all()


def test_a_ransom_to_a_third_party_leaves_the_debt():
    world = first_night("gangs.ransom_pay_chance=1", people=2, status=Status.HELD, holder=0, status_ends=-99,
                        demand=30, debt=50, creditor=[1, 0], cash=200_000)
    extortion.release(world)
    assert world.people.debt.tolist() == [50, 20] and world.people.creditor.tolist() == [1, 0]


@pytest.mark.parametrize("publicity", [0, 0.5, 1])
def test_public_deaths_of_captives_raise_heat(publicity):
    world, killed = captives("gangs.ransom_pay_chance=0", "gangs.unpaid_death=1",
                             f"gangs.captive_publicity={publicity}")
    public = world.pressure.heat / world.p.police.heat_death
    assert len(killed) == 200 and (public == 200 * publicity if publicity != 0.5 else 60 < public < 140)


def test_nobody_is_abducted_in_a_camp_and_those_abducted_lose_bed_and_group():
    world = first_night("gangs.abduction_rate=1", people=300, status=Status.WAITING, client_of=1, engaged=3, place=1)
    people = world.people
    people.shelter[:] = np.where(np.arange(300) % 2, Shelter.CAMP, Shelter.INFORMAL)
    people.camp[:] = np.where(np.arange(300) % 2, 4, -1)
    extortion.abduct(world)
    held = people.status == Status.HELD
    assert world.counts["abductions"] == held.sum() > 10 and not held[people.camp == 4].any()
    assert (people.shelter[held] == Shelter.NONE).all() and (people.place[held] == -1).all()
    assert (people.client_of[held] == -1).all() and (people.engaged[held] == NEVER).all()
    assert (people.holder[held] != 1).all()  # nobody's own group abducts without a debt
    assert world.beliefs.abuses.sum() == held.sum()


def test_no_intensity_no_abduction():
    world = first_night("gangs.abduction_rate=1", people=100, shelter=Shelter.INFORMAL, place=1)
    world.groups.intensity[:] = 0
    extortion.abduct(world)
    assert not (world.people.status == Status.HELD).any()


@pytest.mark.parametrize("gain, bound", [(1e6, 1.0), (-1e6, 0.0)])
def test_intensity_moves_to_the_better_side(gain, bound):
    world = first_night()
    world.ransom_yield = gain
    for _ in range(200):
        extortion.review_restraint(world)
    active = world.groups.active
    assert world.groups.intensity[active] == pytest.approx(bound, abs=1e-3)
    assert (world.groups.intensity[~active] == 0.5).all()
