"""How-to pages: each is a question, stands in the index under its own title, and what it shows works."""

import re

import pytest
from blocks import ROOT, blocks, carry_out

from conftest import needed
from sim.registry.parameters import registry

PAGES = sorted(path for path in (ROOT / "docs" / "howto").glob("*.md") if path.name != "index.md")


def test_there_are_enough_and_each_is_a_question_in_the_index():
    index = (ROOT / "docs" / "howto" / "index.md").read_text(encoding="utf-8")
    listed = dict(re.findall(r"^- \[([^\]]+)\]\(([\w-]+\.md)\)$", index, flags=re.M))
    titles = {page.read_text(encoding="utf-8").splitlines()[0].removeprefix("# "): page.name for page in PAGES}
    assert listed == titles and len(titles) >= 20
    assert all(title.endswith("?") for title in titles)


def test_every_page_is_short_and_shows_something():
    for page in PAGES:
        assert blocks(page), page.name
        assert len(page.read_text(encoding="utf-8").splitlines()) <= 45, page.name


def test_keys_that_the_pages_name_exist():
    groups = {key.split(".")[0] for key in registry() if "." in key}
    texts = [ROOT / "docs" / name for name in ("glossary.md", "questions.md", "cheatsheet.md", "archive.md")]
    for page in [*PAGES, *texts, *(ROOT / "docs" / "checklists").glob("*.md")]:
        for code in re.findall(r"`([a-z_]+\.[a-z_.]+)(?:=[^`]*)?`", page.read_text(encoding="utf-8")):
            assert code.split(".")[0] not in groups or code in registry(), f"{page.name}: {code}"


@pytest.mark.long
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_what_a_page_shows_works(page, tmp_path, monkeypatch):
    needed("pandas")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SIM_LOOPS", "numpy")
    carry_out(page, tmp_path)
