"""A page says which version of the model made its tables, if that is not this one; without tables there is no page."""

import json

import pytest

from experiments import REFERENCE, VERSION_FILE, pages
from experiments.__main__ import studies


def test_every_reference_run_names_its_version():
    for study in studies().values():
        if study.tables and study.reference().exists():
            made = json.loads((REFERENCE / study.name / VERSION_FILE).read_text(encoding="utf-8"))
            assert made["version"], study.name


@pytest.mark.parametrize("version, says", [("0.0.1", True), (pages.__version__, False)])
def test_a_page_of_older_tables_says_so(tmp_path, monkeypatch, version, says):
    monkeypatch.setattr(pages, "version_of", lambda experiment: version)
    text = pages.filled(pages.EXPERIMENTS / "concentration" / "page.md")
    assert text.startswith("# ") and (pages.OLDER.format(version, pages.__version__) in text) == says


def test_a_page_of_an_experiment_without_tables_is_left_out_and_named(tmp_path, monkeypatch, capsys):
    template = tmp_path / "experiments" / "new" / "page.md"
    template.parent.mkdir(parents=True)
    template.write_text("# New\n\n{{table.counts}} {{camps:value.n}}\n", encoding="utf-8")
    monkeypatch.setattr(pages, "EXPERIMENTS", template.parents[1])
    assert "new.md" not in pages.pages()
    monkeypatch.setattr(pages, "PAGES", {})
    assert pages.main([]) == 0
    assert capsys.readouterr().err == "documentation: left out docs/new.md: no tables in results/reference/ of new\n"
