"""Debits and credits, in cents, of columns of people and groups; `sim/world/ledger.py` books them."""

import numpy as np

from sim.world.loops import compilable


@compilable
def debit_people(cash, family_funds, outlay, rows, due, family, counted):
    """Debit `due` cents (n,) from the cash of people in unique `rows` and, if `family`, from their families' funds.

    Returns cents paid by each person (n,), by all people, and sent by families.  `counted` adds payments to outlay.
    """
    funds, sent = cash[rows], 0
    if family:
        more = np.minimum(np.maximum(due - funds, 0), family_funds[rows])
        family_funds[rows] -= more
        funds += more
        sent = more.sum()
    paid = np.minimum(due, funds)
    cash[rows] = funds - paid
    if counted:
        outlay[rows] += paid
    return paid, paid.sum(), sent


@debit_people.loop("(int64[::1], int64[::1], int64[::1], int64[::1], int64[::1], boolean, boolean)")
def debit_people_loop(cash, family_funds, outlay, rows, due, family, counted):
    paid, total, sent = np.empty(rows.size, np.int64), 0, 0
    for k in range(rows.size):
        i = rows[k]
        if family:
            more = min(max(due[k] - cash[i], 0), family_funds[i])
            family_funds[i] -= more
            cash[i] += more
            sent += more
        paid[k] = min(due[k], cash[i])
        cash[i] -= paid[k]
        total += paid[k]
        if counted:
            outlay[i] += paid[k]
    return paid, total, sent


@compilable
def credit_groups(to, paid, groups):
    """Cents that each group receives (J,) of payments `paid` (n,) to groups `to` (n,).

    Raises ValueError for a group that does not exist.
    """
    amounts = np.bincount(to, paid, groups).astype(np.int64)
    if len(amounts) > groups:
        raise ValueError("a payment to a group that is not there")
    return amounts


@credit_groups.loop("int64[::1](int64[::1], int64[::1], int64)")
def credit_groups_loop(to, paid, groups):
    amounts = np.zeros(groups, np.int64)
    for k in range(to.size):
        if not 0 <= to[k] < groups:
            raise ValueError("a payment to a group that is not there")
        amounts[to[k]] += paid[k]
    return amounts


@compilable
def debit_groups(treasury, due):
    """Debit `due` cents from each treasury, at most its content; returns cents paid by each group (J,) and by all."""
    paid = np.minimum(np.maximum(due, 0), treasury)
    treasury -= paid
    return paid, paid.sum()


@debit_groups.loop("(int64[::1], int64[::1])")
def debit_groups_loop(treasury, due):
    paid, total = np.empty(due.size, np.int64), 0
    for j in range(due.size):
        paid[j] = min(max(due[j], 0), treasury[j])
        treasury[j] -= paid[j]
        total += paid[j]
    return paid, total
