"""People: the verbs that end a stay in a bed or an engagement touch the rows given and nothing else."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.world.people import NEVER, UNAIDED, People, Shelter, Status


def housed(n=12):
    """People in every kind of shelter, engaged with every kind of group."""
    people, k = People(), np.arange(n)
    people.append(n, id=k, status=Status.WAITING, shelter=k % 4, camp=k, place=k, landlord=k, client_of=k % 5 + UNAIDED,
                  engaged=k, debt=k)
    return people


AFTER = {
    "leave_bed": {"shelter": Shelter.NONE, "camp": -1, "place": -1, "landlord": -1},
    "evict": {"shelter": Shelter.INFORMAL, "landlord": -1},
    "disengage": {"client_of": -1, "engaged": NEVER},
}


@pytest.mark.parametrize("verb", AFTER)
@pytest.mark.parametrize("masked", [False, True])
@given(rows=st.sets(st.integers(0, 11)))
def test_a_verb_sets_its_columns_for_its_rows_alone(verb, masked, rows):
    people = housed()
    before, chosen = people.state(), np.isin(np.arange(12), list(rows))
    getattr(people, verb)(chosen if masked else np.flatnonzero(chosen))
    for name, column in people.state().items():
        expected = np.where(chosen, AFTER[verb].get(name, before[name]), before[name])
        assert (column == expected).all(), name
