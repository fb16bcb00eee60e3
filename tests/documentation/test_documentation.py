"""Generated pages are current; the registry is complete and sound."""

import re

import pytest

from experiments.pages import DOCS, PAGES
from sim.registry.parameters import STATUSES, check_value, registry


@pytest.mark.parametrize("name", PAGES)
def test_generated_pages_are_current(name):
    assert (DOCS / name).read_text(encoding="utf-8") == PAGES[name](), "run `python -m sim documentation`"


@pytest.mark.parametrize("entry", registry().values(), ids=lambda e: e.key)
def test_every_parameter_is_whole(entry):
    assert entry.status in STATUSES and entry.source
    check_value(entry, list(entry.default) if isinstance(entry.default, tuple) else entry.default)
    if entry.range:
        low, high = entry.range
        assert low <= entry.default <= high, "default outside its plausible range"
        check_value(entry, low), check_value(entry, high)
    if entry.type in ("int", "float") and entry.status != "setting":
        assert entry.unit or entry.symbol or entry.note, "a number needs a unit or a word on what it counts"


def test_tests_that_a_table_names_exist():
    table = (DOCS.parent / "tests" / "README.md").read_text(encoding="utf-8")
    named = re.findall(r"`(?:([a-z]+/test_\w+\.py))?(?:::(test_\w+))?`", table)
    path = None
    for file, test in named:
        path = DOCS.parent / "tests" / file if file else path
        if file or test:
            assert f"def {test}" in path.read_text(encoding="utf-8"), f"{path.name}: {test}"
