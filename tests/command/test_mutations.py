"""Random mistakes in configurations and designs are accepted within the ranges, or refused in one line."""

import pytest
from faults.mutated import outside, violations

from sim.registry.configuration import configure
from sim.registry.parameters import Parameters


def told(found) -> list[str]:
    """Violations as texts that can be read."""
    return [f"{number}: {mistake.words} {mistake.files}: {answer.violation}" for number, mistake, answer in found]


@pytest.mark.long
def test_forty_random_mistakes_are_accepted_or_refused_in_one_line(tmp_path):
    assert not told(violations(tmp_path, 40, seed=1))
    assert not list(tmp_path.iterdir())


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_two_thousand_random_mistakes_are_accepted_or_refused_in_one_line(tmp_path):
    assert not told(violations(tmp_path, 2000, seed=2))


def test_a_value_outside_its_range_would_be_seen():
    """The judge of the tests above does not ask the registry's own check."""
    tree = configure("status_quo").as_dict()
    assert not outside(Parameters(tree))
    for value in (-1.0, 3, float("nan"), "x", None, [1.0]):
        tree["police"]["patrols"] = value
        assert outside(Parameters(tree)) == f"police.patrols={value!r} is accepted"
