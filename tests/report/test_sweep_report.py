"""The report of a sweep: all that its study found; the same folder gives the same bytes."""

import re
from html import unescape

import pytest

from conftest import swept
from sim.__main__ import main
from sim.findings import Findings, Number, Table
from sim.report.sweep import write_sweep_report
from sim.runs.results import write_manifest

FOUND = Findings({"fruit": Table("What grows.", ("fruit", "a & b", "weight"), (
    ("`apple`", Number(-1234.5, 0, 12, signed=True, verdict="different"), "*heavy*"), ("<pear>", "–", ""),
    ("", "3.5 of 7", "light")), "A note.")}, ("One remark.", "Two\nlines."))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A small frontier sweep as the driver leaves it."""
    path = swept(tmp_path_factory.mktemp("frontier"), "scenario=centralised", "replicates=2",
                 "organisation.control=0,1", "police.patrols=40,160", "study=frontier")
    name = next(path.glob("plan-*.json")).stem.removeprefix("plan-")
    write_manifest(path, "frontier", {1}, True, 1.0, "python -m sim +experiment=frontier", name, analysis="frontier")
    return path


@pytest.mark.long
def test_report_holds_all_that_was_found(folder):
    page = write_sweep_report(folder, FOUND).read_text(encoding="utf-8")
    for piece in ("<b>What grows.</b>", "<th scope=\"col\" class=\"num\">a &amp; b</th>", "<code>apple</code>",
                  "<td class=\"num\">−1\u00a0234 ± 12 <span class=\"verdict different\">different</span></td>",
                  "<em>heavy</em>", "<th scope=\"rowgroup\" rowspan=\"2\">&lt;pear&gt;</th>", "3.5 of 7",
                  "<p class=\"note\">A note.</p>", "<p>One remark.</p>", "<p class=\"lines\">Two\nlines.</p>"):
        assert piece in page, piece
    text = unescape(re.sub(r"<[^>]+>", " ", page))
    for word in ("Question", "Design", "Results", "What is assumed", "How to reproduce", "no estimate for",
                 "organisation.control", "premise", "python -m sim +experiment=frontier"):
        assert word in text
    assert not re.findall(r"(?:src|href)=\"http", page)


@pytest.mark.long
def test_same_folder_same_bytes(folder, capsys):
    assert main(["report", str(folder)]) == 0
    first = (folder / "report.html").read_bytes()
    assert main(["report", str(folder)]) == 0
    assert (folder / "report.html").read_bytes() == first


def test_a_folder_without_a_sweep_is_refused(tmp_path, capsys):
    assert main(["report", str(tmp_path)]) == 2 and main(["report"]) == 2
    assert capsys.readouterr().err.count("\n") == 2
