"""Generated pages are current; the registry is complete and sound."""

import re
from pathlib import Path

import pytest

from experiments import pages
from experiments.pages import DOCS, EXPERIMENTS, PAGES, fill, filled, findings
from sim.registry.errors import ConfigurationError
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


def test_a_placeholder_that_nothing_fills_is_refused_unless_it_is_optional():
    template = EXPERIMENTS / "concentration" / "page.md"
    assert fill("table.nothing?", template) == "" and fill("value.nothing?", template) == ""
    known = next(iter(findings("concentration").tables))
    assert fill(f"table.{known}?", template) == fill(f"table.{known}", template) != ""
    with pytest.raises(ConfigurationError, match="presents no table nothing"):
        fill("table.nothing", template)


def test_placeholders_without_text_leave_no_empty_lines(monkeypatch):
    template = EXPERIMENTS / "concentration" / "page.md"
    assert findings("concentration").tables  # computed before no other file can be read
    monkeypatch.setattr(Path, "read_text", lambda self, encoding: "# Title\n\n{{table.nothing?}}\n\nText\n")
    monkeypatch.setattr(pages, "version_of", lambda experiment: "")
    assert filled(template) == "# Title\n\nText\n"
