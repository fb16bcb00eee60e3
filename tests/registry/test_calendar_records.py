"""Records of `police.calendar`: what is accepted, and one clear line for everything else."""

import pytest

from sim.registry.configuration import configure
from sim.registry.errors import ConfigurationError


def given(row):
    return configure("status_quo", [f"police.calendar=[{row}]"]).police.calendar


@pytest.mark.parametrize("row", [
    "{kind:operation,from:2023-05-01}",
    "{kind:operation,from:2023-05-01,until:2023-05-01,strength:0.5,corridors:[rs_hu,rs_ro]}",
    "{kind:presence,from:2023-05-01,nights:180,corridors:all,strength:2}",
    "{kind:patrols,from:2023-05-01,nights:1,strength:-0.5}",
    "{kind:joint_work,from:2023-05-01}",
    "{kind:visas,from:2023-05-01,nationality:B,strength:0}",
    "{kind:camps,from:2023-05-01,nights:30,camps:[C01,C17]}",
])
def test_a_measure_is_accepted(row):
    assert len(given(row)) == 1


@pytest.mark.parametrize("row, words", [
    ("{from:2023-05-01}", ("kind", "operation, presence, patrols, joint_work, visas, camps")),
    ("{kind:presense,from:2023-05-01}", ("presense", "did you mean `presence`?")),
    ("{kind:presence}", ("`from`",)),
    ("{kind:presence,from:2023-02-30}", ("police.calendar.from=2023-02-30", "YYYY-MM-DD")),
    ("{kind:presence,from:2023-05-01,until:2023-04-30}", ("`until`", "later")),
    ("{kind:presence,from:2023-05-01,until:2023-05-30,nights:3}", ("`until`", "`nights`")),
    ("{kind:presence,from:2023-05-01,nights:0}", ("police.calendar.nights=0", "from 1", "nights")),
    ("{kind:presence,from:2023-05-01,strength:-1}", ("police.calendar.strength=-1", "0 to 100")),
    ("{kind:operation,from:2023-05-01,strength:1.5}", ("police.calendar.strength=1.5", "0 to 1")),
    ("{kind:presence,from:2023-05-01,corridors:[rs_hu,rs_rou]}", ("rs_rou", "did you mean `rs_ro`?")),
    ("{kind:presence,from:2023-05-01,corridors:rs_hu}", ("`corridors`", "list", "all")),
    ("{kind:presence,from:2023-05-01,coridors:all}", ("coridors", "did you mean `corridors`?")),
    ("{kind:visas,from:2023-05-01,strength:0.5,nationality:Q}", ("`nationality`", "one of")),
    ("{kind:visas,from:2023-05-01,nationality:A}", ("`strength`",)),
    ("{kind:presence,from:2023-05-01,nationality:A}", ("`nationality`", "no meaning")),
    ("{kind:visas,from:2023-05-01,nationality:A,strength:0,corridors:all}", ("`corridors`", "no meaning")),
    ("{kind:camps,from:2023-05-01,camps:[C18]}", ("C18", "C01")),
    ("{kind:presence,from:2023-05-01,camps:[C01]}", ("`camps`", "no meaning")),
])
def test_a_wrong_measure_is_refused_in_one_line(row, words):
    with pytest.raises(ConfigurationError) as refused:
        given(row)
    said = str(refused.value)
    assert "\n" not in said and "police.calendar" in said
    for word in words:
        assert word in said, said
