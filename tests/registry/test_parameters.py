"""Every parameter explains itself: its note is a sentence that can be read without the key; former keys work on."""

import re

import numpy as np
import pytest

from sim.command.preflight import check, parse
from sim.registry.configuration import configure
from sim.registry.parameters import ConfigurationError, present, registry, removed
from sim.registry.ranges import varied
from sim.runs.design import drawn_rows
from sim.runs.plan import make_plan
from sim.studies import needs
from sim.world.draws import Draws

# Finite verbs of the notes.  A note with another verb adds it here; a noun phrase has none to add.
VERBS = """
abducts accept add adds announce appeals approaches are arrest arrive be bear become begins belong brings buys can
captures carry changes clash clear close closes come considers contain costs count counts cross decides demand discount
divide draws ends enters exposes fades falls feel find finds gains give gives governs guard happens has have head hear
hold holds include injures is joins keep keeps kills knows lasts leads leave leaves lies lists loses lower lowers make
makes may move moves multiplies must owe own owns pay pays peaks plays promises publish raise raises reaches read
records recovers register rest returns review rise rises saturates searches seek sell sells serve sets spares spends
split splits stand start starts stay swings take takes updates use uses want wants weigh weighs withdraw writes
"""
WEAK_STARTS = ("The same", "Of ", "As ", "And ", "Per ", "By ", "On ", "For ")


@pytest.mark.parametrize("entry", registry().values(), ids=lambda e: e.key)
def test_every_note_is_a_sentence(entry):
    note, words = entry.note, re.findall(r"[^\W\d]+", entry.note.lower())
    assert note[:1].isupper() and note.endswith("."), "a note is a sentence: capital first, period last"
    assert len(note.split()) >= 6, "a note can be read without its key"
    assert not note.startswith(WEAK_STARTS), "a note has a subject of its own"
    assert set(VERBS.split()) & set(words[1:]), "a note has a verb"


# keys that were renamed ---------------------------------------------------------------------------------------------
NAMED = "the key `border.detection` is now called `border.search_rate`"


@pytest.fixture(autouse=True)
def nothing_named():
    present.cache_clear()  # a former key is named once a process


def test_a_former_key_works_in_overrides_and_is_named_once(capsys):
    p = configure("status_quo", ["border.detection=5", "nights=3"])
    assert p == configure("status_quo", ["border.search_rate=5", "nights=3"])
    configure("status_quo", ["border.detection=6"])
    assert capsys.readouterr().err.count(NAMED) == 1


def test_a_former_key_works_on_the_command_line(capsys):
    assert check(["border.detection=5"]) == ["border.search_rate=5"]
    assert check(["-m", "border.detection=5,6"]) == ["-m", "border.search_rate=5,6"]
    assert NAMED in capsys.readouterr().err


def test_a_former_key_works_in_a_scenario_file(tmp_path, capsys):
    (tmp_path / "scenario").mkdir()
    (tmp_path / "scenario" / "old.yaml").write_text("# @package _global_\nscenario: old\nborder:\n  detection: 5\n")
    place = f"hydra.searchpath=[{tmp_path}]"
    assert configure("old", [place]).border.search_rate == 5
    assert NAMED in capsys.readouterr().err
    assert configure("old", [place, "border.search_rate=7"]).border.search_rate == 7, "what is given later wins"


@pytest.mark.parametrize("design", ["[{border.detection:5},{border.detection:6}]", "points.csv"])
def test_a_former_key_works_in_designs_and_sweeps(design, tmp_path):
    if design == "points.csv":
        (tmp_path / design).write_text("border.detection\n5\n6\n", encoding="utf-8")
        design = str(tmp_path / design)
    for words in ([f"design={design}"], ["border.search_rate=5,6"], ["++sweep={border.detection:[5,6]}"]):
        plan = make_plan(parse(words), needs)
        assert [point.values for point in plan.points] == [{"border.search_rate": 5}, {"border.search_rate": 6}]


def test_a_former_key_can_be_varied():
    assert varied(["police.integrity"]) == [registry()["police.reservation_bribe"]]


def test_a_new_name_moves_no_draw():
    old, new = (drawn_rows([key], 8, 3) for key in ("border.detection", "border.search_rate"))
    assert old == new
    place = Draws(3).uniform("stratum of border.detection", 0, np.arange(8)).argsort()
    assert np.array_equal(np.argsort([row["border.search_rate"] for row in new]).argsort(), place)


def test_former_names_are_nobodys_present_name():
    former = [name for entry in registry().values() for name in entry.renamed]
    assert len(former) == len(set(former)) and not set(former) & set(registry())


def test_a_key_that_was_taken_out_is_answered_by_what_became_of_it():
    for key, reason in removed().items():
        assert key not in registry() and "\n" not in reason
        with pytest.raises(ConfigurationError) as refused:
            configure("status_quo", [f"{key}=1"])
        assert f"the key `{key}` was taken out: {reason}" in str(refused.value)
