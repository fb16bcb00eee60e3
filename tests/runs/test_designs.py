"""Designs in experiment files and on the command line: a bad row is refused in one line."""

import pytest

from sim.command.preflight import parse
from sim.registry.parameters import ConfigurationError
from sim.runs.plan import make_plan
from sim.studies import needs


@pytest.mark.parametrize("design, said", [
    ("[{police.patrols:20},{police.patrolls:40}]", "unknown key `police.patrolls`"),
    ("[{police.patrols:20},{police.patrols:x}]", "design, row 2: police.patrols=x"),
    ("[{scenario:dossier}]", "design, row 1: scenario=dossier: must be one of the scenarios compared"),
    ("[20]", "design has 20: a row must be a mapping"),
])
def test_a_bad_row_of_a_design_is_one_line(design, said):
    with pytest.raises(ConfigurationError) as refused:
        make_plan(parse(["scenario=status_quo", f"design={design}"]), needs)
    assert said in str(refused.value) and "\n" not in str(refused.value)
