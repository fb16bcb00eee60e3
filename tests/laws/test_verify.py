"""Every limit holds, and every kind of check fails when its rule is broken on purpose."""

import numpy as np
import pytest

from sim.__main__ import main
from sim.rules import price
from sim.verify import Check, force, limits, market, people, whole

MANY_NIGHTS = ("relabelling", "scale", "tullock", "eroding_prize", "massey_singer", "head_tax", "restraint_in_a_run",
               "little", "arrivals")  # limits that play many or large markets


@pytest.mark.parametrize("name", [pytest.param(name, marks=[pytest.mark.long] * (name in MANY_NIGHTS))
                                  for name in limits()])
def test_the_limit_holds(name):
    for check in limits()[name]():
        assert check.holds, check


def fails(limit) -> bool:
    return any(not check.holds for check in limit())


def broken(function, change):
    """The function with its result changed."""
    return lambda *args, **more: change(function(*args, **more))


BREAKS = {
    # limit: (module, function, what goes wrong)
    "attempts: rate a tenth too high": (people.attempts, "sim.rules.interception", "encounter_rate", lambda x: 1.1 * x),
    "dropout: rate a tenth too high": (people.dropout, "sim.rules.interception", "encounter_rate", lambda x: 1.1 * x),
    "massey_singer: rate doubled": (people.massey_singer, "sim.rules.interception", "encounter_rate", lambda x: 2 * x),
    "tail: rate doubled": (people.tail, "sim.rules.interception", "encounter_rate", lambda x: 2 * x),
    "holling: rate doubled": (people.holling, "sim.rules.interception", "encounter_rate", lambda x: 2 * x),
    "bertrand: markup doubled": (market.bertrand, "sim.rules.price", "best_markups", lambda x: 2 * x),
    "joint: markup a twentieth short": (market.joint, "sim.rules.price", "best_markups", lambda x: 0.95 * x),
    "means: markup doubled": (market.means, "sim.rules.price", "best_markups", lambda x: 2 * x),
    "doubling: an amount that is not in the registry": (market.doubling, "sim.rules.price", "best_markups",
                                                        lambda x: x + 50),
    "head_tax: tax left out": (market.head_tax, "sim.world.derived", "tax_per_crossing", lambda x: 0 * x),
    "tullock: effort doubled": (force.tullock, "sim.rules.turf", "best_effort", lambda x: 2 * x),
    "eroding_prize: effort doubled": (force.eroding_prize, "sim.rules.turf", "best_effort", lambda x: 2 * x),
    "owner_of_all: fights itself": (force.owner_of_all, "sim.rules.turf", "best_effort", lambda x: x + 1),
    "best_response: effort doubled": (force.best_response, "sim.verify.force", "best_effort", lambda x: 2 * x),
    "idle_group: rows that do nothing count": (whole.idle_group, "sim.world.offers", "client_shares",
                                               lambda x: 0 * x + 1 / len(x)),
    "toll: half of the best": (force.toll, "sim.verify.force", "best_toll", lambda x: 0.5 * x),
    "square_law: one side spared": (force.square_law, "sim.verify.force", "lanchester", lambda x: (x[0] + 1, x[1])),
    "restraint: wrong sign": (force.restraint, "sim.verify.force", "loss_per_abduction", lambda x: -x),
    "restraint in a run: wrong sign": (force.restraint_in_a_run, "sim.rules.extortion", "loss_per_abduction",
                                       lambda x: -x),
    "decoys: doubled": (force.decoys, "sim.verify.force", "equilibrium_spending", lambda x: 2 * x),
    "arrivals: a tenth too many": (people.arrivals, "sim.rules.arrivals", "poisson_quantile",
                                   lambda k: (1.1 * k).astype(int)),
}


@pytest.mark.long
@pytest.mark.parametrize("case", BREAKS)
def test_a_broken_rule_is_caught(case, monkeypatch):
    import importlib

    limit, module, function, change = BREAKS[case]
    module = importlib.import_module(module)
    monkeypatch.setattr(module, function, broken(getattr(module, function), change))
    assert fails(limit)


def test_a_share_left_out_of_the_slopes_is_caught(monkeypatch):
    """Without the cross effects the owner of all prices like separate owners."""
    monkeypatch.setattr(price, "best_markups",
                        lambda demand, by_price, success, together: -success * demand / np.diag(by_price))
    assert fails(market.joint)


@pytest.mark.long
def test_a_margin_that_grows_with_the_interval_is_caught(monkeypatch):
    """Demand summed over the interval, not divided by its slope, makes the resting price depend on the step."""
    real = price.best_markups
    monkeypatch.setattr(price, "best_markups", lambda demand, *more: real(demand, *more) + 0.2 * demand)
    assert fails(market.time_step)


def test_a_leak_of_money_is_caught(monkeypatch):
    from sim.world.ledger import Books

    real = Books.cash_out
    monkeypatch.setattr(Books, "cash_out", lambda self, rows: real(self, rows[:-1]))
    assert fails(whole.conservation)


@pytest.mark.long
def test_a_lever_that_does_more_than_hand_over_is_caught(monkeypatch):
    from sim.world import control

    def join(world, group, organisation):
        world.groups.patience[group] = 0.99

    monkeypatch.setattr("sim.world.opening.join", join)
    assert fails(whole.levers_off)
    assert control.join is not join


def test_pay_for_half_a_month_is_caught(monkeypatch):
    monkeypatch.setattr("sim.rules.bribes.MONTH", 15)
    assert fails(force.payroll)


@pytest.mark.long
def test_a_border_that_does_not_scale_is_caught(monkeypatch):
    from sim.rules import interception

    real = interception.encounter_rate
    monkeypatch.setattr(interception, "encounter_rate", lambda world, *more: world.p.scale * real(world, *more))
    assert fails(whole.scale)


@pytest.mark.long
def test_an_origin_that_is_refused_by_its_number_is_caught(monkeypatch):
    from sim.world import offers

    def refused(world, turf, believed):
        utility = real(world, turf, believed)
        utility[2] -= 8.0
        return utility

    real = offers.attraction
    monkeypatch.setattr(offers, "attraction", refused)
    assert fails(whole.relabelling)


@pytest.mark.long
def test_an_infringed_stock_identity_is_caught(monkeypatch):
    real = people.exits
    monkeypatch.setattr(people, "exits", lambda *words, **more: real(*words, **more) | {
        "stay": 1 + real(*words, **more)["stay"]})
    assert fails(people.little)


def test_a_draw_used_twice_is_caught(monkeypatch):
    real = people.Draws.uniform
    monkeypatch.setattr(people.Draws, "uniform", lambda self, mechanism, night, ids, draw=0: real(self, mechanism,
                                                                                                 night, ids))
    assert fails(people.draws)


def test_a_nan_never_holds():
    assert not Check("x", 1.0, float("nan"), 1.0).holds


def test_the_command(capsys):
    assert main(["verify", "decoys"]) == 0 and "decoy spending" in capsys.readouterr().out
    assert main(["verify", "bertrnd"]) == 2 and "did you mean `bertrand`" in capsys.readouterr().err
