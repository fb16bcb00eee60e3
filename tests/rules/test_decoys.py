"""Decoys: patrols are moved and not made, and a public good is provided too little."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.rules.decoys import equilibrium_spending, moved


def test_decoys_conserve_patrols_and_are_underprovided():
    patrols = np.array([8.0, 8.0, 4.0])
    assert moved(patrols, 2, 0.3).sum() == pytest.approx(20) and moved(patrols, 2, 0.3)[2] > 4
    gains = np.array([900.0, 500.0, 300.0])
    separate, joint = equilibrium_spending(gains.max(), 100.0), equilibrium_spending(gains.sum(), 100.0)
    assert separate == pytest.approx(100 * np.log(9)) and joint > separate
    assert equilibrium_spending(90.0, 100.0) == 0


@given(st.lists(st.floats(0, 100), min_size=2, max_size=8), st.floats(0, 1), st.integers(0, 7))
def test_patrols_are_moved_to_one_sector_and_none_is_lost(patrols, share, target):
    patrols, target = np.array(patrols), target % len(patrols)
    after = moved(patrols, target, share)
    assert after.sum() == pytest.approx(patrols.sum()) and (after >= 0).all()
    assert after[target] >= patrols[target] - 1e-9 and (np.delete(after, target) <= np.delete(patrols, target)).all()


@given(st.floats(1, 1e5), st.floats(1, 1e4))
def test_nobody_spends_more_than_the_gain(gain, unit):
    assert 0 <= equilibrium_spending(gain, unit) <= gain
