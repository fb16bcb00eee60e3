"""Choice: limits of the alternatives, the first acceptable option, and dropping out."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import first_night, play, same
from sim.rules import choice
from sim.world.people import Shelter, Status


def test_logit_is_the_nested_logit_without_nests_to_the_last_bit():
    same(play("dossier", "rules.choice=logit").record(), play("dossier", "migrants.dissimilarity=1").record())


def test_those_who_aspire_to_more_wait_more():
    modest, demanding = (play("fragmented", "rules.choice=satisficing", f"migrants.aspiration={a}").record().run
                         for a in (-1, 1.5))
    assert demanding["attempts"] < 0.8 * modest["attempts"]


@pytest.mark.parametrize("rule", choice.RULES.values(), ids=choice.RULES)
def test_clients_who_are_back_count_as_engagements(rule):
    """The running mean moves by `market.learning` of what is engaged more tonight."""
    demands = []
    for renewed in (0, 10):
        world = first_night(people=400, cash=10**6, status=Status.WAITING, aware=True)
        rule(world, np.full(world.groups.n, renewed))
        demands.append(world.groups.demand.copy())
    assert demands[1] - demands[0] == pytest.approx(10 * world.p.market.learning)


def test_whoever_waited_too_long_in_a_queue_chooses_anew_and_guaranteed_clients_do_not():
    world = first_night(people=4, status=Status.WAITING, client_of=1, engaged=[-20, -20, -900, -900],
                        guarantor=[-1, 1, -1, 1])
    assert choice.choosers(world).tolist() == [2]
    assert world.people.client_of.tolist() == [1, 1, -1, 1]


def leaving(hazard, access=0.0, people=300):
    """Statuses after a night on which everybody gives up with so much hazard."""
    world = first_night(f"migrants.leave_hazard={hazard}", "migrants.leave_per_failure=0",
                        f"border.legal_access={access}", people=people, aware=True, trust=1.0,
                        shelter=Shelter.INFORMAL, place=1)
    return world, choice.drop_out(world)


def test_nobody_gives_up_without_a_hazard_and_everybody_with_certainty():
    assert len(leaving(0.0)[1]) == 0
    world, out = leaving(1.0)
    assert len(out) == world.people.n and (world.people.status == Status.LEFT).all()


def test_legal_access_takes_those_who_do_not_give_up():
    world, out = leaving(0.3, access=1.0)
    by_status = np.bincount(world.people.status[out], minlength=9)
    assert len(out) == world.people.n and by_status[Status.LEFT] == world.counts["left"] > 0
    assert by_status[Status.PROCEDURE] == world.counts["admissions"] > 0


def test_those_who_leave_have_no_bed():
    world, out = leaving(0.5)
    stay = np.setdiff1d(np.arange(world.people.n), out)
    assert (world.people.shelter[out] == Shelter.NONE).all() and (world.people.place[out] == -1).all()
    assert (world.people.shelter[stay] == Shelter.INFORMAL).all() and (world.people.place[stay] == 1).all()


@settings(max_examples=20)
@given(st.floats(0, 0.5), st.floats(0, 0.5), st.floats(0, 0.5))
def test_a_higher_hazard_takes_all_whom_a_lower_one_takes(hazard, more, stopping):
    """Common random numbers: who gives up at a hazard gives up at any higher one."""
    few, many = (set(world.people.id[world.people.status == Status.LEFT])
                 for world in (stopped(f"migrants.leave_hazard={h}", f"migrants.stopping_rate={stopping}")[0]
                               for h in (hazard, hazard + more)))
    assert few <= many


def stopped(*overrides, **columns):
    """A night on which people give up: the world and the rows of those who do; some have not chosen before."""
    columns = {"failures": np.arange(300) % 5, "prospects": np.r_[np.full(30, np.inf), np.linspace(-2, 4, 270)],
               "trust": 0.8, "aware": True} | columns
    world = first_night(*overrides, people=300, **columns)
    return world, choice.drop_out(world)


def test_without_stopping_the_hazard_counts_failures_alone():
    world, out = stopped("migrants.stopping_rate=0", "migrants.leave_per_failure=0.1", "migrants.leave_hazard=0.05")
    u = world.draws.uniform("leaving", world.t, world.people.id)
    assert out.tolist() == np.flatnonzero(u < 0.05 + 0.1 * world.people.failures).tolist() != []


def test_people_leave_whose_staying_is_worth_less():
    """The hazard is logistic in the worth of staying, one half of the rate at the outside value."""
    p = first_night("migrants.stopping_rate=0.4", "migrants.outside_value=0.7").p.migrants
    hazard = choice.stopping(p, np.array([0.7, 0.7 + p.stopping_scale, -50.0, 50.0, np.inf]))
    assert hazard == pytest.approx([0.2, 0.4 / (1 + np.e), 0.4, 0.0, 0.0])


def test_whoever_has_not_chosen_yet_leaves_by_the_constant_hazard_alone():
    _, out = stopped("migrants.stopping_rate=1", "migrants.outside_value=20", "migrants.leave_hazard=0")
    assert out.tolist() == list(range(30, 300))  # the first 30 have not chosen


@pytest.mark.parametrize("rule", choice.RULES.values(), ids=choice.RULES)
def test_people_keep_what_is_on_offer_and_tell_of_it(rule):
    world = first_night("migrants.waiting_loss=0.5", people=200, cash=np.arange(200) * 1000, status=Status.WAITING,
                        origin=np.arange(200) % 2, rested=-100)
    world.t = -98
    rule(world, np.zeros(world.groups.n, int))
    people = world.people
    assert np.isfinite(people.prospects).all() and people.prospects[199] > people.prospects[0]
    for origin in range(2):
        mean = people.prospects[people.origin == origin].mean() - 0.5 * 2
        assert world.news.value[origin] == pytest.approx(mean)
    assert np.isnan(world.news.value[2:]).all()
