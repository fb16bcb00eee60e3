"""A page says which version of the model made its tables, if that is not this one."""

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
