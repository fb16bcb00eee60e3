"""Money in whole cents: who pays whom, under which name."""

from tests.twin.agents import COSTS, INCOME
from tests.twin.ownership import together


def count_flow(model, name, amount, group=None):
    """Book an amount under a name, for the night and for a group."""
    model.flows[name] += amount
    if group is not None:
        group.tonight[name] = group.tonight.get(name, 0) + amount


def person_pays(model, person, amount, name, group=None, means=True):
    """A person pays from cash, then (if asked) from means, as far as they go; returns what was paid."""
    paid = min(amount, person.cash)
    person.cash -= paid
    if means and paid < amount:
        sent = min(amount - paid, person.means)
        person.means -= sent
        model.flows["remitted"] += sent
        paid += sent
    count_flow(model, name, paid, group)
    if group is not None:
        group.treasury += paid
    return paid


def group_pays(model, group, amount, name):
    """A group pays out, as far as its treasury goes; returns what was paid."""
    paid = min(amount, max(group.treasury, 0))
    group.treasury -= paid
    count_flow(model, name, paid, group)
    return paid


def groups_pay_together(model, group, amount, name, decision):
    """Paid from the group's treasury, then from those of its co-owners in order; the cost is the group's."""
    left = amount
    for payer in [group, *(other for other in together(model, decision, group) if other is not group)]:
        share = min(left, max(payer.treasury, 0))
        payer.treasury -= share
        left -= share
    count_flow(model, name, amount - left, group)
    return amount - left


def pooled_treasury(model, group, decision):
    """What the treasuries of those who decide together hold."""
    return sum(other.treasury for other in together(model, decision, group))


def income(group):
    """Tonight's income of a group."""
    return sum(group.flow(name) for name in INCOME)


def profit(group):
    """Tonight's profit of a group."""
    return income(group) - sum(group.flow(name) for name in COSTS)
