"""Bribes: the toll's first-order condition, retainers, payroll and rotation."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from pytest import approx
from scipy.stats import lognorm

from conftest import first_night, play
from sim.rules import bribes, interception
from sim.rules.bribes import best_toll
from sim.rules.dispatch import Parties
from sim.world.calendar import ACCOUNTS
from sim.world.ledger import CENTS


@given(st.floats(500, 30_000), st.floats(300, 20_000), st.floats(0.3, 1.5))
def test_the_toll_meets_its_first_order_condition(gain, median, sd):
    b = float(best_toll(gain, median, sd))
    law = lognorm(sd, scale=median)
    profit = lambda x: law.cdf(x) * (gain - x)  # noqa: E731
    assert law.cdf(b) == approx(law.pdf(b) * (gain - b), rel=1e-5, abs=1e-12)
    assert profit(b) >= max(profit(0.98 * b), profit(1.02 * b)) - 1e-9


def test_no_bribes_without_the_rule():
    run = play("status_quo", "rules.bribes=none", "police.corruptible=0").record().run
    assert run["bribes"] == 0


def on_retainer(**more):
    """A world in which every officer can be bribed, with retainers reviewed once."""
    world = play("fragmented", "rules.bribes=retainer", "police.corruptible=1", "warmup=10", "nights=20").world
    for name, value in more.items():
        setattr(world, name, value)
    bribes.retainer(world)
    return world


def nightly(world):
    """EUR of retainers tonight, and which units let whose parties pass."""
    world.books.open_night()
    retained = bribes.retain(world)
    return world.books.flow["toll"] / CENTS, retained


def test_a_retainer_costs_the_same_however_many_pass():
    world = on_retainer()
    before, _ = nightly(world)
    world.people.client_of[:] = 0  # everybody a client of the first group
    assert nightly(world)[0] == before > 0


def test_a_small_party_is_offered_less_and_each_toll_is_the_best_for_its_size():
    world = first_night()
    bribes.toll(world)
    size, tolls = world.p.gangs.party_size, world.tolls[0]
    assert tolls[0] == 0 and (np.diff(tolls) > 0).all() and tolls[size] == world.groups.bribe[0]
    worth = bribes.reached(world)[0]
    for n in (1, 5, size, size + 5):
        best = best_toll(n * worth, world.p.police.reservation_bribe, world.p.police.reservation_bribe_sd)
        assert tolls[n] == approx(float(best))


def test_what_a_party_pays_is_the_toll_of_its_size():
    """All parties are stopped, every officer takes anything, and half of the parties are half full."""
    world = play("fragmented", "police.corruptible=1").world
    world.tolls[:] = np.arange(world.tolls.shape[1]) * 10.0
    world.units.integrity[:] = 1.0
    size = np.array([14, 7, 3, 1])
    party = np.repeat(np.arange(4), size)
    ids = np.zeros(4, int)
    parties = Parties(np.zeros(25, int), np.zeros(25, int), party, ids, ids, ids, np.arange(4), size)
    world.groups.treasury[0] += 10**6
    world.books.balance["groups"] += 10**6
    world.books.open_night()
    passed = interception.bribed(world, parties, np.ones(4, bool), bribes.nobody_retained(world))
    assert passed.all() and world.books.flow["toll"] == 10 * 25 * CENTS


def test_an_owner_whose_clients_come_back_offers_less():
    world = first_night()
    bribes.toll(world)
    before = world.groups.bribe.copy()
    world.groups.client_worth[:] = 300.0
    bribes.toll(world)
    assert (world.groups.bribe < before)[world.groups.active].all()
    world.groups.client_worth[:] = 1e5
    bribes.toll(world)
    assert not world.groups.bribe.any()


def test_a_retainer_has_an_economy_of_scale_and_a_toll_has_none():
    world = on_retainer()
    world.groups.treasury += 10**9
    world.books.balance["groups"] += 10**9 * world.groups.n
    cost, toll = [], []
    for parties in (0.5, 2.0, 8.0):
        world.parties_met[:] = parties * world.groups.active[:, None]
        bribes.retainer(world)
        paid, retained = nightly(world)
        cost.append(paid / (parties * max(retained[world.groups.active].sum(), 1)))
        bribes.toll(world)
        toll.append(world.groups.bribe.copy())
    assert cost[0] > cost[1] > cost[2]
    assert (toll[0] == toll[1]).all() and (toll[1] == toll[2]).all()


def test_without_decoys_and_bribes_nothing_is_spent_on_them():
    nights = play("dossier", "rules.decoys=none", "rules.bribes=none", "police.corruptible=1").record().nights
    usual = play("dossier", "police.corruptible=1").record().nights
    for flow in ("flow_decoys", "flow_toll"):
        assert nights[flow].sum() == 0 < usual[flow].sum()


def test_units_on_a_retainer_let_parties_pass():
    run = play("fragmented", "rules.bribes=retainer", "police.corruptible=1").record().run
    none = play("fragmented", "rules.bribes=none", "police.corruptible=1").record().run
    assert run["bribed_passages"] > 0 and none["bribed_passages"] == 0


def payrolled(threshold, *overrides):
    """A first night on which every interior team asks so many EUR in 30 nights, and one group stands to lose most."""
    world = first_night("gangs.treasury=1e7", *overrides)
    world.t, world.units.integrity[world.units.interior] = ACCOUNTS, threshold
    world.groups.raid_loss[0], world.groups.raid_loss[1] = 900.0, 300.0
    bribes.payroll(world)
    return world, world.units.payer[world.units.interior]


def test_interior_teams_go_to_the_owner_with_most_to_lose():
    _, payer = payrolled(1.0)
    assert (payer == 0).all()


def test_a_team_whose_threshold_nobody_reaches_serves_nobody():
    world, payer = payrolled(1e9)
    assert (payer == -1).all() and world.books.flow["payroll"] == 0


def test_a_team_that_is_not_paid_serves_nobody():
    world, _ = payrolled(30.0)
    world.t, world.groups.treasury[:] = ACCOUNTS + 1, 0
    bribes.payroll(world)
    assert (world.units.payer == -1).all()


def test_new_officers_are_on_nobodys_payroll_and_ask_anew():
    world, _ = payrolled(1.0, "police.rotation_nights=1", "police.corruptible=1")
    before = world.units.integrity.copy()
    bribes.rotate(world)
    assert (world.units.payer == -1).all() and (world.units.integrity != before).all()
