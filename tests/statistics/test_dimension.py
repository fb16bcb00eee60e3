"""The number of independent directions: known matrices, units, outcomes that nothing moves, bounds."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from sim.statistics.dimension import independent


def test_one_equation_is_one_piece_however_many_outcomes_it_moves():
    strength, outcomes = np.array([3.0, -1.0, 0.2, 0, 0, 5, 1, 1, 2]), np.array([587.0, -0.09, -2.2, -261, 0.01, 64e6])
    assert independent(np.outer(strength, outcomes)) == pytest.approx(1.0)


def test_six_independent_outcomes_are_six_pieces():
    assert independent(np.eye(9)[:, :6]) == pytest.approx(6.0)
    assert independent(np.linalg.qr(np.random.default_rng(1).normal(size=(9, 6)))[0]) == pytest.approx(6.0)


def test_two_equations_that_move_three_outcomes_each_are_two_pieces():
    changes = np.zeros((9, 6))
    changes[0, :3], changes[1, 3:] = [1.0, -2.0, 3.0], [40.0, 5.0, 6.0]
    assert independent(changes) == pytest.approx(2.0)


def test_the_value_between_is_that_of_the_formula():
    # columns (1, 0) and (1, 1)/√2: eigenvalues 1 ± 1/√2, so 4/(2 (1 + 1/2)) = 4/3
    assert independent([[1.0, 1.0], [0.0, 1.0]]) == pytest.approx(4 / 3)


def test_outcomes_that_nothing_moves_are_left_out():
    assert independent([[1.0, 0.0, 2.0], [0.0, 0.0, 0.0]]) == pytest.approx(1.0)
    assert math.isnan(independent(np.zeros((9, 6)))) and math.isnan(independent(np.zeros((0, 6))))


@settings(deadline=None)
@given(arrays(float, (9, 6), elements=st.floats(0.1, 10)), arrays(float, 6, elements=st.sampled_from([-1e6, 0.01, 7])))
def test_units_and_signs_of_outcomes_do_not_count_and_the_number_lies_between_one_and_six(changes, units):
    number = independent(changes)
    assert 1 - 1e-9 <= number <= 6 + 1e-9
    assert independent(changes * units) == pytest.approx(number)
