"""Turf: laws of every alternative, and the alternatives in which peace needs patience or nobody decides."""

import numpy as np
import pytest

from conftest import first_night, play, same
from sim.rules import turf
from sim.rules.turf import decision
from sim.rules.turf.decision import best_effort

JOINT = ("organisation.control=1", "organisation.levers.internal_peace=true")


@pytest.mark.parametrize("n", [2, 3, 5, 10])
def test_best_efforts_reach_tullock(n):
    prize, cost = 1000.0, 40.0
    x = np.full(n, 1.0)
    for _ in range(4000):
        x += 0.05 * (best_effort(prize, x.sum() - x, cost) - x)
    assert x == pytest.approx((n - 1) * prize / n**2 / cost, rel=1e-6)


def test_effort_is_nothing_without_rivals_or_prize():
    assert best_effort(1000.0, 0.0, 40.0) == 0 and best_effort(0.0, 5.0, 40.0) == 0


def test_pairwise_fights_need_no_decision():
    """Patience decides nothing, and every two owners fight."""
    first, second = (play("fragmented", "rules.turf=pairwise", f"gangs.patience={p}", "gangs.patience_sd=0").record()
                     for p in (0.1, 0.9))
    same(first, second)
    active = first.nights["groups_active"]
    assert (first.nights["pairs_at_war"] == active * (active - 1) // 2).all()


def test_pairwise_one_owner_fights_nobody():
    record = play("centralised", "rules.turf=pairwise", "organisation.leakage=0", "organisation.succession=0",
                  "gangs.entry=0", "gangs.split_chance=0", "gangs.clash_rate=1").record()
    assert record.run["clashes"] == 0
    rivals = play("fragmented", "rules.turf=pairwise", "gangs.clash_rate=1").record()
    assert rivals.run["clashes"] > 0


@pytest.mark.parametrize("rule", [turf.RULES["contest"], turf.RULES["decision"]], ids=["contest", "decision"])
def test_nobody_fights_or_gains_turf_at_peace_without_leakage(rule):
    world = first_night("gangs.truce_leakage=0", "organisation.leakage=0", "gangs.clash_rate=1")
    world.war[:] = False
    before = world.turf.copy()
    assert rule.fight(world) == [] and (world.turf == before).all()


@pytest.mark.parametrize("rule", turf.RULES.values(), ids=turf.RULES)
def test_turf_stays_shares_and_fighters_are_lost_in_clashes_alone(rule):
    world = first_night("gangs.clash_rate=1", "gangs.lethality=0.1", "gangs.fighters=2000")
    world.war = ~np.eye(world.groups.n, dtype=bool)
    fighters, clashes = world.groups.fighters.sum(), 0
    for world.t in range(30):
        found = rule.fight(world)
        assert len({key for key, _ in found}) == len(found)  # each pair and place once: keys of draws
        assert all(0 <= place < world.places.total for _, place in found)
        clashes += len(found)
    assert world.turf.sum(axis=0) == pytest.approx(1) and (world.turf >= 0).all()
    assert clashes == world.counts["clashes"] > 0
    assert fighters - world.groups.fighters.sum() == world.counts["fighters_killed"] == world.groups.losses.sum() > 0
    assert (world.groups.fighters >= 0).all()


@pytest.mark.parametrize("rule", turf.RULES.values(), ids=turf.RULES)
def test_fighters_wanted_rise_with_the_prize(rule):
    world = first_night()
    wanted = []
    for prize in (0.0, 1e3, 1e4):
        world.prize[:] = prize
        wanted.append(rule.fighters_wanted(world))
        assert wanted[-1].shape == (world.groups.n,)
    assert (wanted[0] == 0).all() and wanted[0].sum() < wanted[1].sum() < wanted[2].sum()


@pytest.mark.parametrize("rule", turf.RULES.values(), ids=turf.RULES)
def test_two_owners_have_one_answer(rule):
    """War or peace holds between owners: not through some of an organisation's groups and not through others."""
    answers = set()
    for seed in range(6):
        world = first_night(*JOINT, "gangs.war_temperature=0", "gangs.war_hazard=1", scenario="status_quo", seed=seed)
        owner, active = world.ownership.owner["conflict"], world.groups.active
        assert 1 < (owner >= world.groups.n).sum() < active.sum()
        world.prize[:] = np.random.default_rng(seed).uniform(0, 3e3, world.places.total)
        world.groups.patience[:] = np.random.default_rng(seed).uniform(0, 1, world.groups.n)
        rule.fight(world)
        rule.review(world)
        for a in np.unique(owner[active]):
            for b in np.unique(owner[active]):
                found = np.unique(world.war[np.ix_((owner == a) & active, (owner == b) & active)])
                assert len(found) == 1 and not (a == b and found[0])
                answers.add((a == b, bool(found[0])))
    assert (False, True) in answers  # otherwise nothing was asked


def test_patience_keeps_peace_and_impatience_breaks_it():
    world = first_night()
    world.prize[:] = 1e4
    for patience, war in ((0.999999, False), (0.0, True)):
        world.groups.patience[:] = patience
        decision.decide_war(world)
        assert world.war.any() == war and (world.war == world.war.T).all() and not world.war.diagonal().any()
