"""Payment: what each contract makes people pay, and who comes back on a guarantee."""

import numpy as np
import pytest

from conftest import first_night, play
from sim.rules import payment
from sim.rules.dispatch import Parties
from sim.rules.interception import Crossing
from sim.rules.structure import endings
from sim.world.derived import attempt_cost
from sim.world.ledger import CENTS
from sim.world.people import Status

FIXED = 500  # EUR, the price of every group on every night
ONLY_FEES = (  # nothing but fees is paid, everyone can pay them, and nobody tries alone
    f"market.price_floor={FIXED}", f"market.price_ceiling={FIXED}", f"gangs.opening_price={FIXED}",
    "market.retry_fee=0", "border.transport_cost=[0,0,0]", "border.return_cost=0", "camps.flat_share=0",
    "gangs.abduction_rate=0", "migrants.cash_median=1e6", "migrants.unaided_risk=20", "migrants.unaided_cost=0",
    "migrants.switching_cost=0", "police.pushback_share=1", "police.goods_lost_chance=0", "gangs.entry=0",
    "police.suspects_per_found=0",
)


def paid(contract, *more):
    """People still there after a run: what they paid in EUR, attempts, failures; and totals over the run."""
    market = play("fragmented", f"rules.payment={contract}", *ONLY_FEES, "warmup=0", "nights=40", *more)
    people = market.world.people
    nights = market.record().nights
    total = {name: nights[name].sum() for name in ("flow_fee", "attempts_aided", "attempts", "crossings")}
    return people.outlay / CENTS, people.attempts, people.failures, total


@pytest.mark.parametrize("patrols", [40, 160])
def test_on_success_a_price_is_paid_per_crossing_and_nothing_by_who_failed(patrols):
    outlay, _, failures, total = paid("on_success", f"police.patrols={patrols}")
    assert failures.max() > 1 and (outlay == 0).all()
    assert total["flow_fee"] == FIXED * total["crossings"] > 0


@pytest.mark.parametrize("patrols", [40, 160])
def test_a_guarantee_costs_one_price_whatever_the_success(patrols):
    outlay, attempts, _, total = paid("guarantee", f"police.patrols={patrols}")
    assert attempts.max() > 3
    assert (outlay == np.where(attempts > 0, FIXED, 0)).all()
    assert total["flow_fee"] < 0.9 * FIXED * total["attempts"]


@pytest.mark.parametrize("patrols", [40, 160])
def test_per_attempt_each_try_costs_a_price_so_a_crossing_costs_price_over_success(patrols):
    outlay, attempts, _, total = paid("per_attempt", f"police.patrols={patrols}")
    assert attempts.max() > 3 and (outlay == FIXED * attempts).all()
    success = total["crossings"] / total["attempts_aided"]
    assert total["flow_fee"] / total["crossings"] == pytest.approx(FIXED / success, rel=1e-12)


def test_a_deposit_is_paid_by_all_who_leave_and_the_rest_by_who_crossed():
    outlay, attempts, _, total = paid("on_success", "market.deposit=0.3")
    assert attempts.max() > 2 and outlay == pytest.approx(0.3 * FIXED * attempts)
    assert total["flow_fee"] == pytest.approx(FIXED * (0.3 * total["attempts_aided"] + 0.7 * total["crossings"]))


@pytest.mark.parametrize("deposit", [0, 0.3, 1])
def test_the_mean_price_is_the_price_whatever_the_deposit(deposit):
    run = play("fragmented", *ONLY_FEES, f"market.deposit={deposit}").record().run
    assert run["price_mean"] == pytest.approx(FIXED)


@pytest.mark.parametrize("crossed", [0, 5, 10])
def test_a_prize_counts_the_cost_of_every_attempt_and_the_fees_of_those_across(crossed):
    world = first_night("gangs.prize_learning=1", people=10, fee=50_000, cash=10**6, client_of=0)
    world.groups.fares[:] = 40.0
    each = attempt_cost(world)[0]
    parties = Parties(np.arange(10), np.zeros(10, int), np.zeros(10, int), *np.zeros((3, 1), int), np.zeros(1, int),
                      np.array([10]))
    across = np.arange(10) < crossed
    crossing = Crossing(across, ~across, np.zeros(10, bool), np.zeros(1, bool))
    rule = payment.RULES["on_success"]
    world.prize[:] = 777.0
    rule.in_advance(world, parties)
    rule.on_return(world, parties, crossing)
    assert world.prize[0] == pytest.approx(crossed * 500 - 10 * each)
    assert (world.prize[1 : world.places.sectors] == 0).all() and (world.prize[world.places.sectors :] == 777).all()


def test_a_guarantee_ends_with_the_group_that_gave_it():
    world = play("fragmented", "rules.payment=guarantee").world
    group = int(np.bincount(world.people.guarantor[world.people.guarantor >= 0]).argmax())
    endings.end(world, group)
    assert not (world.people.guarantor == group).any() and (world.people.guarantor >= 0).any()


def test_who_holds_a_guarantee_comes_back_when_rested_and_nobody_else_does():
    world = first_night(people=6, guarantor=[2, 2, -1, 3, 2, 2], status_ends=[0, 9, 0, 0, 0, 0],
                        client_of=[-1, -1, -1, -1, 5, -1])
    world.t, world.people.status[5] = 0, Status.HELD
    renewed = payment.RULES["guarantee"].renew(world)
    assert np.flatnonzero(renewed).tolist() == [2, 3] and renewed.sum() == 2
    assert world.people.client_of.tolist() == [2, -1, -1, 3, 5, -1]
    assert world.beliefs.engagements.sum() == 2


@pytest.mark.parametrize("name", ["on_success", "per_attempt"])
def test_without_guarantees_nobody_comes_back_unasked(name):
    world = first_night(people=5, guarantor=1)
    assert not payment.RULES[name].renew(world).any() and (world.people.client_of == -1).all()
