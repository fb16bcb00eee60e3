"""The report of a sweep: the tables that were printed, whole and in columns; the same folder gives the same bytes."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import swept
from sim.__main__ import main
from sim.findings.text import table
from sim.report.html import Html
from sim.report.sweep import as_table, columns, results, write_sweep_report
from sim.studies import analyse

WORDS = st.lists(st.text("abcdéß()±−.123", min_size=1, max_size=6), min_size=1, max_size=3).map(" ".join)


def cells(html: Html) -> list[list[str]]:
    """Cells of all rows of a page's tables."""
    return [re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row) for row in re.findall(r"<tr>(.*?)</tr>", html)]


@given(st.integers(2, 5).flatmap(lambda n: st.lists(st.lists(WORDS, min_size=n, max_size=n), min_size=2, max_size=6)))
def test_printed_tables_are_read_back(rows):
    lines = table(rows[0], rows[1:]).split("\n")
    split = [[line[a:b].strip() for a, b in columns([lines[0], *lines[2:]])] for line in (lines[0], *lines[2:])]
    assert split == rows


def test_wrapped_heads_and_empty_cells():
    lines = table(["outcome", "a long head of it", "b"], [["x", "", "1"], ["y", "2", ""]], widest=8).split("\n")
    found = cells(as_table(lines[:3], lines[4:]))
    assert found == [["", "a long head of it", "b"], ["x", "", "1"], ["y", "2", ""]]


def test_what_is_no_table_is_a_paragraph():
    assert "<table" not in results("first line\nsecond") and results("a < b").count("a &lt; b") == 1


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A small frontier sweep as the driver leaves it."""
    from sim.runs.results import write_manifest

    path = swept(tmp_path_factory.mktemp("frontier"), "scenario=centralised", "replicates=2",
                 "organisation.control=0,1", "police.patrols=40,160", "study=frontier")
    name = next(path.glob("plan-*.json")).stem.removeprefix("plan-")
    write_manifest(path, "frontier", {1}, True, 1.0, "python -m sim +experiment=frontier", name, analysis="frontier")
    return path


def test_report_holds_everything_that_was_said(folder):
    said = analyse("frontier", folder)
    page = write_sweep_report(folder, said).read_text(encoding="utf-8")
    shown = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page).replace("−", "-"))
    for line in said.split("\n"):
        for cell in re.split(r" {2,}", line.strip("─ ")):
            assert cell.strip() in shown, cell
    for word in ("Question", "Design", "Results", "Figures", "What is assumed", "How to reproduce", "no estimate for",
                 "organisation.control", "95 %"):
        assert word in page
    assert not re.findall(r"(?:src|href)=\"http", page)


def test_same_folder_same_bytes(folder, capsys):
    said = analyse("frontier", folder)
    first = write_sweep_report(folder, said).read_bytes()
    assert main(["report", str(folder)]) == 0
    assert (folder / "report.html").read_bytes() == first


def test_a_folder_without_a_sweep_is_refused(tmp_path, capsys):
    assert main(["report", str(tmp_path)]) == 2 and main(["report"]) == 2
    assert capsys.readouterr().err.count("\n") == 2
