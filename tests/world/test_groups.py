"""Groups: a row that is opened holds what is given, and defaults in everything else but what is kept."""

import numpy as np
import pytest

from sim.world.groups import Groups


def used():
    """Three rows in which every column has a value that is no default."""
    groups = Groups()
    groups.append(3, **{column.name: np.full(3, 1 if column.dtype == bool else 9) for column in Groups.columns()})
    return groups


def test_an_opened_row_has_no_past():
    groups = used()
    before = groups.state()
    groups.open(1, active=True, price=700.0)
    for column in Groups.columns():
        now = getattr(groups, column.name)
        expected = {"active": True, "price": 700.0}.get(column.name, column.default)
        assert now[1] == (before[column.name][1] if column.name in Groups.KEPT else expected), column.name
        assert (now[[0, 2]] == before[column.name][[0, 2]]).all(), column.name


@pytest.mark.parametrize("name", ["treasury", "pryce", "id"])
def test_money_and_unknown_columns_are_refused(name):
    with pytest.raises(TypeError, match=name):
        used().open(1, **{name: 5})
