"""The sweep over ranges: a proper design, the right table."""

import numpy as np

from sim.registry.configuration import configure
from sim.registry.parameters import flatten
from sim.registry.ranges import varied
from sim.studies.emergence.study import HEADLINES, design, main, one_draw, other_signs, parameters_for, signs


def test_the_design_is_a_latin_hypercube_within_the_ranges():
    rows = design(40, 1)
    for entry in varied():
        low, high = entry.range
        values = np.array([row[entry.key] for row in rows], float)
        assert (values >= low).all() and (values <= high).all()
        if entry.type == "float" and high > low:
            assert len(set(np.floor((values - low) / (high - low) * 40 - 1e-9))) == 40


def test_what_a_scenario_sets_stays():
    row = {"gangs.large_share": 0.77, "police.patrols": 111.0}
    p = parameters_for("fragmented", row, [])
    assert p.gangs.large_share == 0 and p.police.patrols == 111.0
    plain = flatten(configure("fragmented").as_dict())
    changed = {k for k, v in flatten(p.as_dict()).items() if v != plain[k]}
    assert changed == {"police.patrols"}


def test_a_draw_is_paired_and_repeatable():
    task = (3, design(8, 1)[3], ["scale=0.05", "nights=8", "warmup=8"], 1)
    first, second = one_draw(task), one_draw(task)
    assert set(first) == set(HEADLINES) and repr(first) == repr(second)


def test_signs_are_counted():
    differences = [dict.fromkeys(HEADLINES, value) for value in (1.0, 2.0, -3.0, 0.0)]
    row = signs(differences)[0]
    assert (row["rises"], row["falls"], row["verdict"], row["draw_of_the_other_sign"]) == (0.5, 0.25, "either way", 2)
    assert signs([dict.fromkeys(HEADLINES, 1.0)] * 30)[0]["verdict"] == "premise"


def test_the_other_sign_comes_with_its_configuration(capsys):
    rows = design(4, 1)
    table = signs([dict.fromkeys(HEADLINES, value) for value in (1.0, 2.0, -3.0, 0.0)])
    found = other_signs(table, rows)
    assert [r["key"] for r in found] == [e.key for e in varied()] and found[0]["clashes"] == rows[2][found[0]["key"]]
    assert main(["--draws", "4", "--scale", "0.05", "--nights", "5", "--warmup", "5", "--show", "2"]) == 0
    assert "price_mean" in capsys.readouterr().out
    assert main(["--draws", "4", "--show", "4"]) == 2
