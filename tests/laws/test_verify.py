"""Every limit holds, and every kind of check fails when its rule is broken on purpose."""

import importlib
from types import SimpleNamespace

import numpy as np
import pytest

from sim.__main__ import main
from sim.rules import price
from sim.verify import (
    Check,
    answers,
    border,
    contest,
    deviation,
    force,
    limits,
    market,
    mechanisms,
    people,
    structure,
    theory,
    whole,
    worth,
)
from sim.verify.wrapped import EvenDraws
from sim.world.calendar import Calendar

MANY_NIGHTS = ("relabelling", "scale", "tullock", "eroding_prize", "massey_singer", "head_tax", "restraint_in_a_run",
               "little", "arrivals", "stopping", "shock", "answers", "small_smugglers", "legal_ways",
               "two_sectors", "cartels", "short_operation", "kept_presence", "returning", "small", "tail", "time_step",
               "dropout", "attempts", "passage", "levers_off", "free_entry")  # limits that play many or large markets


@pytest.mark.parametrize("name", [pytest.param(name, marks=[pytest.mark.long] * (name in MANY_NIGHTS))
                                  for name in limits() if name != "deviation"])
def test_the_limit_holds(name):
    """`deviation` takes too long: `python -m sim verify deviation`; small runs of it are tested below."""
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
    "payroll_at_defaults: a member is worth a recruit alone": (
        mechanisms.payroll_at_defaults, "sim.rules.police.arrests", "worth_of_a_member", lambda x: 0 * x + 300),
    "holling: rate doubled": (people.holling, "sim.rules.interception", "encounter_rate", lambda x: 2 * x),
    "bertrand: markup doubled": (market.bertrand, "sim.rules.price", "best_markups", lambda x: 2 * x),
    "joint: markup a twentieth short": (market.joint, "sim.rules.price", "best_markups", lambda x: 0.95 * x),
    "means: markup doubled": (market.means, "sim.rules.price", "best_markups", lambda x: 2 * x),
    "doubling: an amount that is not in the registry": (market.doubling, "sim.rules.price", "best_markups",
                                                        lambda x: x + 50),
    "head_tax: tax left out": (market.head_tax, "sim.world.derived", "tax_per_crossing", lambda x: 0 * x),
    "tullock: effort doubled": (contest.tullock, "sim.rules.turf.contest", "best_efforts", lambda x: 2 * x),
    "eroding_prize: effort doubled": (contest.eroding_prize, "sim.rules.turf.contest", "best_efforts",
                                      lambda x: 2 * x),
    "owner_of_all: fights itself": (contest.owner_of_all, "sim.rules.turf.contest", "best_efforts", lambda x: x + 1),
    "owners_of_several: rivals' share counted twice": (contest.owners_of_several, "sim.rules.turf.contest",
                                                       "hostility", lambda h: 2 * h),
    "peace_saves: peace as dear as war": (contest.peace_saves, "sim.rules.turf.contest", "hostility",
                                          lambda h: (h > 0).astype(float)),
    "best_response: effort doubled": (contest.best_response, "sim.verify.contest", "best_effort", lambda x: 2 * x),
    "idle_group: rows that do nothing count": (whole.idle_group, "sim.world.offers", "client_shares",
                                               lambda x: 0 * x + 1 / len(x)),
    "expectations: markup a twentieth short": (structure.expectations, "sim.world.demand_system", "best_markups",
                                               lambda x: 0.95 * x),
    "free_entry: newcomers see ten times the profit": (structure.free_entry, "sim.rules.structure.entry",
                                                       "newcomers_prospect", lambda x: (10 * x[0], x[1])),
    "toll: half of the best": (force.toll, "sim.verify.force", "best_toll", lambda x: 0.5 * x),
    "square_law: one side spared": (contest.square_law, "sim.verify.contest", "lanchester", lambda x: (x[0] + 1, x[1])),
    "restraint: wrong sign": (force.restraint, "sim.verify.force", "loss_per_abduction", lambda x: -x),
    "restraint in a run: wrong sign": (force.restraint_in_a_run, "sim.rules.extortion", "loss_per_abduction",
                                       lambda x: -x),
    "returning: no worth of clients": (worth.returning, "sim.rules.price", "worth_of_staying", lambda x: 0 * x),
    "returning: rivals and trying alone absorb nobody": (worth.returning, "sim.rules.price", "absorbed_alone",
                                                         lambda x: 0 * x),
    "returning: nobody stays away": (worth.returning, "sim.rules.price", "response", lambda x: 0 * x),
    "worth: a tenth too high": (worth.worth, "sim.rules.worth", "worth_per_event", lambda x: 1.1 * x),
    "small: every owner takes the worth of all": (worth.small, "sim.rules.worth", "worth_per_event",
                                                  lambda x: 0 * x + x.sum()),
    "passage: the client is gone if stopped": (worth.passage, "sim.world.worth", "worth_of_staying", lambda x: 0 * x),
    "small_smugglers: dearer attempts are passed over": (theory.small_smugglers, "sim.world.derived", "attempt_cost",
                                                         lambda x: 0 * x + 50.0),
    "cartels: the owner of all prices like separate owners": (theory.cartels, "sim.rules.price", "best_markups",
                                                              lambda x: 0 * x + 270.0),
    "posts: a corridor seems to pay twice": (border.posts, "sim.rules.relocation", "earned_by_each",
                                             lambda x: x * (1, 1, 2)),
    "setting_out: a chance a tenth too low": (border.setting_out, "sim.rules.dispatch", "chance_to_set_out",
                                              lambda s: 0.9 * s),
    "places: a twentieth too many": (border.places, "sim.rules.dispatch", "freedom", lambda x: 1.05 * x),
    "short_operation: its trace is felt a hundredfold": (border.short_operation, "sim.rules.dispatch",
                                                         "chance_to_set_out", lambda s: s**100),
    "decoys: doubled": (force.decoys, "sim.verify.force", "equilibrium_spending", lambda x: 2 * x),
    "stopping: a fifth too many give up": (answers.stopping, "sim.rules.choice", "stopping", lambda x: 1.2 * x),
    "unchanged_news: a hundredth more come": (answers.unchanged_news, "sim.world.news", "answer", lambda f: 1.01 * f),
    "arrivals: a tenth too many": (people.arrivals, "sim.rules.arrivals", "poisson_quantile",
                                   lambda k: (1.1 * k).astype(int)),
}


@pytest.mark.long
@pytest.mark.parametrize("case", BREAKS)
def test_a_broken_rule_is_caught(case, monkeypatch):
    limit, module, function, change = BREAKS[case]
    module = importlib.import_module(module)
    monkeypatch.setattr(module, function, broken(getattr(module, function), change))
    assert fails(limit)


def gain(members, decision, multiple, **size) -> float:
    """Gain of an owner of so many groups from a multiple of what the rule decides, in one pair of small runs."""
    size = deviation.Size(**{"scale": 1, "warmup": 60, "nights": 60, "settled": 30, "seeds": 1, "echoes": 0} | size)
    task = deviation.Task(members, (decision,), 5, size, {decision: (multiple,)})
    return deviation.gains(task)[decision, multiple]


@pytest.mark.long
@pytest.mark.parametrize("decision", deviation.MULTIPLES)
def test_who_decides_what_the_rule_decides_gains_exactly_nothing(decision):
    assert gain(3, decision, 1, scale=0.2, warmup=14, nights=30, settled=10) == 0


# decision: (groups owned, module, function, what goes wrong, the multiple that repairs it)
OWNERS_ERRORS = {
    "price": (10, "sim.rules.price", "response", lambda x: 0 * x, 0.85),  # nobody stays away for a price
    "toll": (3, "sim.rules.bribes", "best_toll", lambda x: 0.15 * x, 6),
    "decoys": (10, "sim.rules.decoys", "equilibrium_spending", lambda x: 20 * x, 0),
    "effort": (1, "sim.rules.turf.contest", "best_efforts", lambda x: 4 * x, 0.25),
}


@pytest.mark.long
@pytest.mark.parametrize("decision", OWNERS_ERRORS)
def test_an_owner_gains_by_deviating_from_a_broken_rule(decision, monkeypatch):
    members, module, function, change, multiple = OWNERS_ERRORS[decision]
    module = importlib.import_module(module)
    monkeypatch.setattr(module, function, broken(getattr(module, function), change))
    assert gain(members, decision, multiple) > deviation.WORTHWHILE


def test_a_gain_and_a_standard_error_that_are_too_large_fail():
    found = [{("price", 1.2): 0.05}, {("price", 1.2): 0.09}]
    gained, error = deviation.checks(3, found)
    assert not gained.holds and gained.simulated == pytest.approx(0.07)
    assert not error.holds and error.simulated == pytest.approx(0.02)
    loses, _ = deviation.checks(3, [{("price", 1.2): -0.5}] * 2)
    assert loses.holds


def test_even_luck_is_uniform_and_even():
    """Numbers of an owner's parties fill the interval evenly beside those of others."""
    draws, mine = EvenDraws(7, 3), []
    for night in range(50):
        owner = np.array([0, 2, 2, 1, -1, 2])
        draws.serve(None, SimpleNamespace(owner=owner))
        mine.append(draws.uniform("interception", night, np.arange(6))[owner == 2])
    mine = np.sort(np.concatenate(mine))
    assert np.abs(mine - (np.arange(150) + 0.5) / 150).max() < 0.02  # independent numbers: about 0.07


def test_a_share_left_out_of_the_slopes_is_caught(monkeypatch):
    """Without the cross effects the owner of all prices like separate owners."""
    monkeypatch.setattr(price, "best_markups",
                        lambda demand, by_price, received, *more: -received * demand / np.diag(by_price))
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
        world.groups.guides[group] += 1

    monkeypatch.setattr("sim.world.opening.join", join)
    assert fails(whole.levers_off)
    assert control.join is not join


@pytest.mark.long
def test_a_presence_that_nobody_feels_is_caught(monkeypatch):
    monkeypatch.setattr("sim.rules.police.remember", lambda world, measures: None)
    assert fails(border.kept_presence)


@pytest.mark.long
def test_a_presence_that_never_fades_is_caught(monkeypatch):
    def keep(world, measures):
        world.presence = np.maximum(world.presence, measures)

    monkeypatch.setattr("sim.rules.police.remember", keep)
    assert fails(border.kept_presence)


def test_a_presence_that_finds_people_whatever_its_parameter_is_caught(monkeypatch):
    monkeypatch.setattr("sim.rules.police.chance_to_be_found", lambda world: np.minimum(world.presence, 1.0))
    assert fails(border.absent_presence)


def test_pay_for_half_a_month_is_caught(monkeypatch):
    monkeypatch.setattr("sim.rules.bribes.MONTH", 15)
    assert fails(force.payroll)


@pytest.mark.long
def test_crews_that_are_rounded_up_are_caught(monkeypatch):
    from sim.rules import staffing

    monkeypatch.setattr(staffing, "round_randomly", lambda x, u: (np.sign(x) * np.ceil(np.abs(x))).astype(int))
    assert fails(contest.scale_of_contest)


@pytest.mark.long
def test_a_border_that_does_not_scale_is_caught(monkeypatch):
    from sim.rules import interception

    real = interception.encounter_rate
    monkeypatch.setattr(interception, "encounter_rate", lambda world, *more: world.p.scale * real(world, *more))
    assert fails(whole.scale)


@pytest.mark.long
def test_an_origin_that_is_refused_by_its_number_is_caught(monkeypatch):
    from sim.world import offers

    def refused(world, turf):
        utility = real(world, turf)
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


@pytest.mark.long
def test_a_shock_that_leaves_something_behind_is_caught(monkeypatch):
    real = Calendar.season

    def halved_for_good(self, night):
        return real(self, night) * (0.5 if any(night >= begin + nights for begin, nights, _ in self.shocks) else 1.0)

    monkeypatch.setattr(Calendar, "season", halved_for_good)
    assert fails(answers.shock)


@pytest.mark.long
def test_a_border_that_answers_with_one_sign_is_caught(monkeypatch):
    """Nobody stops by value, waits or stays away: every draw then has more attempts under more patrols."""
    monkeypatch.setattr(answers, "DRAWS", 4)
    drawn = tuple(key for key in answers.ASKED if key not in ("migrants.stopping_rate", "migrants.arrival_response",
                                                              "migrants.arrival_network", "migrants.value_of_success",
                                                              "migrants.wait_value"))
    monkeypatch.setattr(answers, "ASKED", drawn)
    monkeypatch.setattr(answers, "SMALL", (*answers.SMALL, "migrants.stopping_rate=0", "migrants.arrival_response=0",
                                           "migrants.arrival_network=0", "migrants.wait_value=-4"))
    assert fails(answers.answers)


def test_a_nan_never_holds():
    assert not Check("x", 1.0, float("nan"), 1.0).holds


def test_the_command(capsys):
    assert main(["verify", "decoys"]) == 0 and "decoy spending" in capsys.readouterr().out
    assert main(["verify", "bertrnd"]) == 2 and "did you mean `bertrand`" in capsys.readouterr().err
