"""Every parameter explains itself: its note is one sentence that can be read without the key."""

import re

import pytest

from sim.registry.parameters import registry

# Finite verbs of the notes.  A note with another verb adds it here; a noun phrase has none to add.
VERBS = """
abducts accept add adds announce appeals approaches are arrest arrive be bear become begins belong brings buys can
captures carry changes clash close closes come considers contain costs count counts cross decides demand discount
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
