"""Debits and credits in cents: they change columns of people and groups, and `sim/world/ledger.py` books the sums."""

import numpy as np

from sim.world.loops import compilable


@compilable
def debit_people(cash, family_funds, outlay, rows, due, family, is_outlay):
    """Debit `due` cents (n,) from the cash of people in unique `rows` and, if `family`, from their families' funds.

    A family sends what cash does not cover, up to its funds.  If `is_outlay`, payments add to the column `outlay`.
    Returns cents paid by each person (n,), cents paid by all people, and cents sent by all families.
    """
    funds, sent = cash[rows], 0
    if family:
        remittance = np.minimum(np.maximum(due - funds, 0), family_funds[rows])
        family_funds[rows] -= remittance
        funds += remittance
        sent = remittance.sum()
    paid = np.minimum(due, funds)
    cash[rows] = funds - paid
    if is_outlay:
        outlay[rows] += paid
    return paid, paid.sum(), sent


@debit_people.loop("(int64[::1], int64[::1], int64[::1], int64[::1], int64[::1], boolean, boolean)")
def debit_people_loop(cash, family_funds, outlay, rows, due, family, is_outlay):
    paid, total, sent = np.empty(rows.size, np.int64), 0, 0
    for k in range(rows.size):
        i = rows[k]
        if family:
            remittance = min(max(due[k] - cash[i], 0), family_funds[i])
            family_funds[i] -= remittance
            cash[i] += remittance
            sent += remittance
        paid[k] = min(due[k], cash[i])
        cash[i] -= paid[k]
        total += paid[k]
        if is_outlay:
            outlay[i] += paid[k]
    return paid, total, sent


@compilable
def credit_groups(to, paid, groups):
    """Cents that each group receives (J,) when payments `paid` (n,), in cents, go to the groups `to` (n,).

    Raises ValueError if a payment goes to a group that does not exist.
    """
    amounts = np.bincount(to, paid, groups).astype(np.int64)
    if len(amounts) > groups:
        raise ValueError("a payment goes to a group that does not exist")
    return amounts


@credit_groups.loop("int64[::1](int64[::1], int64[::1], int64)")
def credit_groups_loop(to, paid, groups):
    amounts = np.zeros(groups, np.int64)
    for k in range(to.size):
        if not 0 <= to[k] < groups:
            raise ValueError("a payment goes to a group that does not exist")
        amounts[to[k]] += paid[k]
    return amounts


@compilable
def debit_groups(treasury, due):
    """Debit `due` cents (J,) from each treasury (J,), at most its content.

    Returns cents paid by each group (J,) and by all groups.
    """
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
