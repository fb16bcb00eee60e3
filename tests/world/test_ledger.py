"""Payments: who pays, who helps, and what is refused."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.world import loops
from sim.world.groups import Groups, Organisations
from sim.world.ledger import ACCOUNTS, Books
from sim.world.people import People

READINGS = [False, *([True] if loops.compiled() else [])]


def opened(treasury, cash=()):
    """Books of groups and people with so much money."""
    people, groups, organisations = People(), Groups(), Organisations()
    people.append(len(cash), cash=np.array(cash, np.int64))
    groups.append(len(treasury), treasury=np.array(treasury, np.int64))
    return Books(people, groups, organisations)


money = st.lists(st.integers(0, 40), min_size=2, max_size=7)


@given(money, st.integers(0, 6), st.integers(1, 90), st.integers(0, 2**32))
def test_one_group_pays_as_all_do_or_not_at_all(treasury, j, due, seed):
    n, j = len(treasury), j % len(treasury)
    owner = np.random.default_rng(seed).integers(0, 3, n)
    together = owner[:, None] == owner
    one, everyone = opened(treasury), opened(treasury)
    paid = one.one_pays(j, due, "toll", together[j])
    assert paid == (sum(np.array(treasury)[together[j]]) >= due)
    if paid:
        everyone.groups_pay(np.where(np.arange(n) == j, due, 0), "toll", together)
    assert one.groups.treasury.tolist() == everyone.groups.treasury.tolist()
    assert one.flow == everyone.flow and one.balance == everyone.balance
    assert one.group_flow["toll"].tolist() == everyone.group_flow["toll"].tolist()


@pytest.mark.parametrize("numba", READINGS)
def test_one_amount_for_all(numba):
    with loops.backend(numba):
        books = opened([100, 30, 5], cash=[10, 3, 7])
        assert books.people_pay(np.array([2, 0, 1]), 5, "fee", to=1).tolist() == [5, 5, 3]
        assert books.groups_pay(20, "wages").tolist() == [20, 20, 5]
        assert books.groups.treasury.tolist() == [80, 23, 0] and sum(books.balance[a] for a in ACCOUNTS) == 0


@pytest.mark.parametrize("numba", READINGS)
def test_payments_that_do_not_fit_are_refused(numba):
    with loops.backend(numba):
        for due, to in ((np.ones(2, int), None), (1, [0, 0]), (1, [0, 1, 2]), (1, [0, 1, -1])):
            books = opened([0, 0], cash=[10, 10, 10])
            with pytest.raises(ValueError):
                books.people_pay(np.arange(3), due, "fee", to=to)
        with pytest.raises(ValueError):
            opened([5, 5, 5]).groups_pay(np.ones(2, int), "wages")
