"""The ownership map: levers change owners and nothing else."""

import numpy as np
import pytest

from conftest import play
from sim.world.ownership import DECISIONS, LEVERS, Ownership


def same(first, second):
    """Bit-for-bit equality of two records."""
    for a, b in ((first.nights, second.nights), (first.groups, second.groups)):
        assert a.keys() == b.keys()
        for name in a:
            assert a[name].tobytes() == b[name].tobytes(), name


def test_all_levers_off_is_fragmented_bit_for_bit():
    off = play("fragmented", "organisation.control=1", "organisation.affine=all").record()
    same(play("fragmented").record(), off)


def test_centralised_with_all_levers_off_is_fragmented_bit_for_bit():
    off = [f"organisation.levers.{lever}=false" for lever in [*LEVERS, "central_costs"]]
    same(play("fragmented").record(), play("centralised", *off).record())


def test_takeover_with_all_levers_off_is_nothing():
    same(play("fragmented").record(), play("fragmented", "organisation.takeover=0.2").record())


def test_levers_without_control_change_nothing():
    same(play("fragmented").record(), play("centralised", "organisation.control=0").record())


def test_the_placebo_lever_changes_nothing():
    same(play("fragmented").record(),
         play("fragmented", "organisation.control=1", "organisation.levers.placebo=true").record())


@pytest.mark.parametrize("lever", ["joint_pricing", "internal_peace", "joint_restraint", "skim"])
def test_a_lever_does_something_and_leaves_arrivals_alone(lever):
    """As long as arrivals do not answer to what crossing is worth."""
    deaf = "migrants.arrival_response=0"
    one = play("fragmented", deaf).record()
    other = play("fragmented", deaf, "organisation.control=1", "organisation.affine=all",
                 f"organisation.levers.{lever}=true").record()
    assert one.nights["arrivals"].tobytes() == other.nights["arrivals"].tobytes()
    assert any(one.nights[name].tobytes() != other.nights[name].tobytes() for name in one.nights)


def test_every_lever_hands_over_known_decisions():
    assert {d for decisions in LEVERS.values() for d in decisions} == set(DECISIONS)


def test_owners_and_who_shares_them():
    ownership = Ownership(4, 2)
    assert (ownership.matrix("price") == np.eye(4, dtype=bool)).all()
    ownership.give("price", 1, 4)
    ownership.give("price", 2, 4)
    assert ownership.matrix("price")[1, 2] and not ownership.matrix("conflict")[1, 2]
    assert ownership.label("price", 1) == "O1" and ownership.label("price", 0) == "G1"
    assert ownership.controlled().tolist() == [False, True, True, False]
    ownership.release(1)
    assert ownership.owner["price"].tolist() == [0, 1, 4, 3]
