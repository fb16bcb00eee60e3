"""Choice: limits of the alternatives, the first acceptable option, and dropping out."""

import numpy as np
import pytest
from hypothesis import given
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


@given(st.integers(0, 2**32), st.floats(0, 0.5), st.floats(0, 0.5))
def test_a_higher_hazard_takes_all_whom_a_lower_one_takes(seed, hazard, more):
    """Common random numbers: who gives up at a hazard gives up at any higher one."""
    r = np.random.default_rng(seed)
    rows, n = np.arange(50), 50
    columns = r.integers(0, 5, n).astype(np.int16), r.random(n).astype(np.float32), r.random(n) < 0.5
    luck = r.random(n)
    few, _ = choice.dropouts(rows, luck, *columns, hazard, 0.02, np.float32(0.1))
    many, _ = choice.dropouts(rows, luck, *columns, hazard + more, 0.02, np.float32(0.1))
    assert set(few) <= set(many)
